//! The database under faults, on SQLite. PostgreSQL's are told beside the API's stories, where a server runs.

mod batches;
mod handle;

use std::path::Path;
use std::sync::{Arc, Mutex};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Clock, Connection, Database, Failure, OnFatal, Timestamp};
use crate::config::Config;

/// What a fatal error was reported with.
type Reports = Arc<Mutex<Vec<String>>>;

fn reporting() -> (Reports, OnFatal) {
    let reports = Reports::default();
    let kept = Arc::clone(&reports);
    (reports, Arc::new(move |why| kept.lock().unwrap().push(why.to_owned())))
}

/// A database with one table, whose writer reports a fatal error instead of ending the process.
fn database(directory: &Path, change: impl FnOnce(&mut Config)) -> (Database, Reports) {
    let mut config = Config::for_tests(directory);
    change(&mut config);
    let (reports, on_fatal) = reporting();
    let clock = Clock::manual(Timestamp::from_micros(0));
    let database = Database::open_with(&config.database, clock, on_fatal).unwrap();
    database.write_now(|connection| sql(connection, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")).unwrap();
    (database, reports)
}

fn sql(connection: &mut Connection, statement: &str) -> Result<(), Failure> {
    Ok(connection.batch_execute(statement)?)
}

fn insert(connection: &mut Connection, id: i64) -> Result<i64, Failure> {
    diesel::sql_query("INSERT INTO notes VALUES (?, 'kept')").bind::<BigInt, _>(id).execute(connection)?;
    Ok(id)
}

/// The ids that a connection of its own sees.
fn stored(database: &Database) -> Vec<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let rows = database.read_now(|connection| -> Result<Vec<Row>, Failure> {
        Ok(diesel::sql_query("SELECT id FROM notes ORDER BY id").load(connection)?)
    });
    rows.unwrap().into_iter().map(|row| row.id).collect()
}
