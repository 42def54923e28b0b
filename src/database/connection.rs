//! One connection type over SQLite and PostgreSQL, chosen by the URL's scheme.
//! Holds always: a URL opens the engine that it names or fails; it never falls through to the other one.

use diesel::{PgConnection, SqliteConnection};

/// A connection to either engine. Diesel's queries run on it unchanged.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}
