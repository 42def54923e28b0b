//! The map held against a live database.
//! Holds always: it reads the engine's own catalogue of columns, never the migrations or diesel's view of them.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{Store, tables};
use crate::database::{Connection, Failure};

/// What SQLite has, its own tables left out.
const SQLITE: &str = "SELECT t.name AS table_name, c.name AS column_name \
     FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
/// What PostgreSQL has, in the schema that this connection creates its tables in. A partition has what its table has.
const POSTGRES: &str = "SELECT relname::text AS table_name, attname::text AS column_name \
     FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped \
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition";

#[derive(QueryableByName)]
struct Live {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

/// Each column that the database has and the map lacks, or the other way round, as a sentence. Empty when they agree. Where one
/// PostgreSQL carries both stores, the other store's tables do not count.
///
/// # Errors
/// The database failed.
pub fn differences(conn: &mut Connection, store: Store) -> Result<Vec<String>, Failure> {
    let query = match conn {
        Connection::Sqlite(_) => SQLITE,
        Connection::Postgres(_) => POSTGRES,
    };
    let live: Vec<Live> = diesel::sql_query(query).load(conn)?;
    let is_other = |name: &str| {
        let mut stores = tables().filter(|table| table.name == name).map(|table| table.store).peekable();
        stores.peek().is_some() && stores.all(|other| other != store)
    };
    let live: BTreeSet<String> = live
        .into_iter()
        .filter(|column| !is_other(&column.table_name))
        .map(|column| format!("{}.{}", column.table_name, column.column_name))
        .collect();
    let declared: BTreeSet<String> = tables()
        .filter(|table| table.store == store)
        .flat_map(|table| table.columns.iter().map(move |column| format!("{}.{}", table.name, column.name)))
        .collect();
    let undeclared = live.difference(&declared).map(|name| format!("{name} is stored and not in the privacy map"));
    let missing = declared.difference(&live).map(|name| format!("{name} is in the privacy map and not stored"));
    Ok(undeclared.chain(missing).collect())
}
