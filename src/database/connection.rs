//! One connection type over SQLite and PostgreSQL, chosen by the URL's scheme.
//! Holds always: a URL opens the engine that it names or fails; it never falls through to the other one.

use diesel::{PgConnection, SqliteConnection};

/// Runs a query on whichever engine is connected, compiled for each of them.
///
/// On the common connection diesel writes the SQL anew three times whenever a query runs, and looks each value's type up:
/// for a query of every request that costs more than SQLite does. Everywhere else the common connection is enough.
macro_rules! natively {
    ($connection:expr, $native:ident => $query:expr) => {
        match $connection {
            $crate::database::Connection::Sqlite($native) => $query,
            $crate::database::Connection::Postgres($native) => $query,
        }
    };
}
pub(crate) use natively;

/// A connection to either engine. Diesel's queries run on it unchanged.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}
