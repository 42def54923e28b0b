//! Writes on PostgreSQL when jobs fail, panic or lose their connection: an answer never claims more than is certain.
//! Holds always: each story has a database of its own; SQLite's are told beside its writer.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use mend::config::{Config, Secret};
use mend::database::{Clock, Connection, Database, Failure};

use crate::harness::postgres::SERVER;

const TABLE: &str = "CREATE TABLE notes (id bigint PRIMARY KEY)";

/// Ends the connection that a commit comes over, before the commit is done.
const BREAKS_COMMITS: &str = "CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ \
     BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$; \
     CREATE CONSTRAINT TRIGGER break_off AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED \
     FOR EACH ROW EXECUTE FUNCTION break_off()";

/// A database with one table; none where no server can be started.
fn database() -> Option<Database> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.as_ref()?;
    let name = format!("faults_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    server.run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
    let mut config = Config::for_tests(std::path::Path::new("unused"));
    config.database.url = Secret::new(server.url(&name));
    let database = Database::open(&config.database, Clock::system()).unwrap();
    run(&database, TABLE).unwrap();
    Some(database)
}

fn run(database: &Database, statement: &'static str) -> Result<(), Failure> {
    database.write_now(move |connection| Ok(connection.batch_execute(statement)?))
}

fn insert(connection: &mut Connection, id: i64) -> Result<i64, Failure> {
    diesel::sql_query("INSERT INTO notes VALUES ($1)").bind::<BigInt, _>(id).execute(connection)?;
    Ok(id)
}

fn write(database: &Database, id: i64) -> Result<i64, Failure> {
    database.write_now(move |connection| insert(connection, id))
}

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

/// Ends every connection to this database, from another one.
fn cut_connections(database: &Database) {
    let name = database.read_now(|connection| -> Result<String, Failure> {
        Ok(diesel::select(diesel::dsl::sql::<Text>("current_database()::text")).get_result(connection)?)
    });
    let cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname =";
    SERVER.as_ref().unwrap().run(&format!("{cut} '{}'", name.unwrap()));
}

#[test]
fn a_failing_and_a_panicking_job_leave_nothing_and_no_broken_connection() {
    let Some(database) = database() else { return };
    for id in 1..=40 {
        let fails = database.write_now(move |connection| {
            insert(connection, id)?;
            Err::<(), _>(Failure::Broken("refused by its own rules".to_owned()))
        });
        assert_eq!(fails, Err(Failure::Broken("refused by its own rules".to_owned())));
        let panics = database.write_now(move |connection| {
            insert(connection, id)?;
            diesel::Connection::transaction(connection, |connection| -> Result<i64, Failure> {
                insert(connection, id + 1)?;
                panic!("planted, two deep")
            })
        });
        assert_eq!(panics, Err(Failure::Broken("a database job panicked".to_owned())));
    }
    assert_eq!(write(&database, 7), Ok(7));
    assert_eq!(write(&database, 7), Err(Failure::UniqueViolation));
    assert_eq!(stored(&database), [7]);
}

#[test]
fn a_job_that_ignores_a_failed_query_is_not_answered_as_done() {
    let Some(database) = database() else { return };
    assert_eq!(write(&database, 1), Ok(1));
    let ignores = database.write_now(|connection| {
        insert(connection, 2)?;
        let _ = insert(connection, 1);
        Ok::<_, Failure>(2)
    });
    assert!(matches!(ignores, Err(Failure::Broken(_))), "{ignores:?}");
    let survives = database.write_now(|connection| {
        insert(connection, 3)?;
        let again = diesel::Connection::transaction(connection, |connection| insert(connection, 1));
        assert_eq!(again, Err(Failure::UniqueViolation));
        insert(connection, 4)
    });
    assert_eq!(survives, Ok(4));
    assert_eq!(stored(&database), [1, 3, 4]);
}

#[test]
fn a_connection_that_died_idle_is_replaced_unseen() {
    let Some(database) = database() else { return };
    assert_eq!(write(&database, 1), Ok(1));
    cut_connections(&database);
    assert_eq!(write(&database, 2), Ok(2));
    assert_eq!(stored(&database), [1, 2]);
}

#[test]
fn a_connection_lost_before_the_commit_means_that_nothing_happened() {
    let Some(database) = database() else { return };
    let lost = database.write_now(|connection| {
        insert(connection, 1)?;
        connection.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())")?;
        insert(connection, 2)
    });
    assert_eq!(lost, Err(Failure::Unavailable));
    assert_eq!(write(&database, 3), Ok(3));
    assert_eq!(stored(&database), [3]);
}

#[test]
fn a_connection_lost_during_the_commit_leaves_the_outcome_unknown() {
    let Some(database) = database() else { return };
    run(&database, BREAKS_COMMITS).unwrap();
    assert_eq!(write(&database, 1), Err(Failure::OutcomeUnknown));
    run(&database, "DROP TRIGGER break_off ON notes").unwrap();
    assert_eq!(write(&database, 2), Ok(2), "the broken connection was not used again");
}

#[test]
fn of_two_that_block_each_other_one_is_told_to_come_back() {
    let Some(database) = database() else { return };
    assert_eq!((write(&database, 1), write(&database, 2)), (Ok(1), Ok(2)));
    let both_hold_one = Arc::new(Barrier::new(2));
    let touch = |first: i64, second: i64| {
        let both_hold_one = Arc::clone(&both_hold_one);
        database.write_now(move |connection| -> Result<(), Failure> {
            for (number, id) in [first, second].into_iter().enumerate() {
                diesel::sql_query("UPDATE notes SET id = id WHERE id = $1").bind::<BigInt, _>(id).execute(connection)?;
                if number == 0 {
                    both_hold_one.wait();
                }
            }
            Ok(())
        })
    };
    let outcomes = std::thread::scope(|scope| {
        let there = scope.spawn(|| touch(1, 2));
        [touch(2, 1), there.join().unwrap()]
    });
    assert!(outcomes.contains(&Ok(())) && outcomes.contains(&Err(Failure::Overloaded)), "{outcomes:?}");
}
