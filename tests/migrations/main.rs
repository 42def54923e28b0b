//! Migrations: up, down and up again on both engines and both stores; the result is what the privacy map declares.
//! Holds always: both engines have the same migrations by name, and going down leaves nothing behind.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails by panicking"
)]
#![allow(dead_code, unreachable_pub, reason = "the API suite's starter has more than these tests use")]

#[path = "../api/harness/binary.rs"]
mod binary;
mod contract;
#[path = "../api/harness/engine.rs"]
mod engine;
#[path = "../api/harness/golden.rs"]
mod golden;
mod kills;
#[path = "../api/harness/postgres.rs"]
mod postgres;
mod schema;
#[path = "../api/harness/scratch.rs"]
mod scratch;
mod starts;

use std::collections::BTreeSet;
use std::path::Path;

use diesel::connection::Connection as _;
use diesel::prelude::{QueryableByName, RunQueryDsl as _};
use diesel::sql_types::Text;
use diesel::{PgConnection, SqliteConnection, sql_query};
use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use mend::database::Connection;
use mend::privacy::map::{Store, differences};

use engine::Engine;

/// The folders of each store: SQLite's migrations, PostgreSQL's.
pub const STORES: [(Store, &str, &str); 2] = [
    (Store::Main, "migrations/sqlite", "migrations/postgres"),
    (Store::Keystore, "migrations/keystore/sqlite", "migrations/keystore/postgres"),
];

fn migrations(folder: &str) -> FileBasedMigrations {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    FileBasedMigrations::from_path(path).expect("a folder of migrations")
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        entries.flatten().map(|entry| entry.file_name().into_string().unwrap()).collect()
    };
    for (_, sqlite, postgres) in STORES {
        assert_eq!(names(sqlite), names(postgres));
        for folder in [sqlite, postgres] {
            for name in names(folder) {
                for file in ["up.sql", "down.sql"] {
                    assert!(Path::new(folder).join(&name).join(file).is_file(), "{folder}/{name}/{file} is missing");
                }
            }
        }
    }
}

#[test]
fn sqlite_goes_up_down_and_up() {
    for (store, folder, _) in STORES {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        let source = || migrations(folder);
        connection.run_pending_migrations(source()).unwrap();
        let first = sqlite_schema(&mut connection);
        connection.revert_all_migrations(source()).unwrap();
        assert_eq!(sqlite_schema(&mut connection), Vec::<String>::new(), "{folder} leaves something behind");
        connection.run_pending_migrations(source()).unwrap();
        assert_eq!(sqlite_schema(&mut connection), first);
        assert_declared(&mut Connection::Sqlite(connection), store);
    }
}

#[test]
fn postgres_goes_up_down_and_up() {
    let Some(server) = &*postgres::SERVER else { return };
    for (number, (store, _, folder)) in STORES.into_iter().enumerate() {
        server.run(&format!("CREATE DATABASE up_and_down_{number} TEMPLATE template0"));
        let mut connection = PgConnection::establish(&server.url(&format!("up_and_down_{number}"))).unwrap();
        let source = || migrations(folder);
        connection.run_pending_migrations(source()).unwrap();
        let first = postgres_schema(&mut connection);
        connection.revert_all_migrations(source()).unwrap();
        assert_eq!(postgres_schema(&mut connection), Vec::<String>::new(), "{folder} leaves something behind");
        connection.run_pending_migrations(source()).unwrap();
        assert_eq!(postgres_schema(&mut connection), first);
        assert_declared(&mut Connection::Postgres(connection), store);
    }
}

/// Each column stands in the privacy map, and the map has no other.
fn assert_declared(connection: &mut Connection, store: Store) {
    let differences = differences(connection, store).unwrap();
    assert!(differences.is_empty(), "{store:?}:\n{}", differences.join("\n"));
}

#[test]
fn a_column_that_the_privacy_map_lacks_is_seen() {
    let (store, folder, _) = STORES[0];
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.run_pending_migrations(migrations(folder)).unwrap();
    sql_query("ALTER TABLE accounts ADD COLUMN shoe_size INTEGER").execute(&mut connection).unwrap();
    let differences = differences(&mut Connection::Sqlite(connection), store).unwrap();
    assert_eq!(differences.len(), 1, "{differences:?}");
}

#[derive(QueryableByName)]
struct Thing {
    #[diesel(sql_type = Text)]
    description: String,
}

fn things(rows: Vec<Thing>) -> Vec<String> {
    rows.into_iter().map(|thing| thing.description).collect()
}

/// Tables, indexes, triggers and views in their own words, but for diesel's table of migrations.
fn sqlite_schema(connection: &mut SqliteConnection) -> Vec<String> {
    let query = "SELECT type || ' ' || name || ': ' || coalesce(sql, '') AS description FROM sqlite_schema \
        WHERE tbl_name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1";
    things(sql_query(query).load(connection).unwrap())
}

/// Columns, indexes, constraints, triggers and functions, but for diesel's table of migrations.
fn postgres_schema(connection: &mut PgConnection) -> Vec<String> {
    let query = "SELECT description FROM (\
        SELECT format('column %s.%s %s %s', table_name, column_name, data_type, is_nullable) AS description, table_name AS name \
            FROM information_schema.columns WHERE table_schema = 'public' \
        UNION ALL SELECT 'index ' || indexdef, tablename FROM pg_indexes WHERE schemaname = 'public' \
        UNION ALL SELECT format('constraint %s %s', conname, pg_get_constraintdef(oid)), conrelid::regclass::text \
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
        UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid), tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal \
        UNION ALL SELECT 'function ' || proname, proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace\
        ) AS things WHERE name NOT LIKE '\\_\\_diesel%' ORDER BY 1";
    things(sql_query(query).load(connection).unwrap())
}

/// Each table of the main database with the number of its rows.
fn sqlite_rows(connection: &mut SqliteConnection) -> Vec<String> {
    let tables =
        "SELECT name AS description FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let tables = things(sql_query(tables).load(connection).unwrap());
    let mut count = |table: &String| {
        let query = format!("SELECT '{table}: ' || count(*) AS description FROM \"{table}\"");
        things(sql_query(query).load(connection).unwrap()).remove(0)
    };
    let mut rows: Vec<_> = tables.iter().map(&mut count).collect();
    rows.sort();
    rows
}

/// The same on PostgreSQL.
fn postgres_rows(connection: &mut PgConnection) -> Vec<String> {
    let tables = "SELECT tablename::text AS description FROM pg_tables WHERE schemaname = 'public'";
    let tables = things(sql_query(tables).load(connection).unwrap());
    let mut count = |table: &String| {
        let query = format!("SELECT '{table}: ' || count(*) AS description FROM public.{table}");
        things(sql_query(query).load(connection).unwrap()).remove(0)
    };
    let mut rows: Vec<_> = tables.iter().map(&mut count).collect();
    rows.sort();
    rows
}

/// Says loudly that a program is missing; a failure where everything must be there.
#[expect(clippy::disallowed_methods, reason = "what must be there is the test run's affair")]
fn missing(what: &str) {
    use std::io::Write as _;
    assert!(std::env::var_os("REQUIRE_POSTGRES").is_none_or(|value| value.is_empty()), "{what} is missing");
    let warning = format!("\n*** {what} is missing: what needs it was not tested. ***\n\n");
    std::io::stderr().write_all(warning.as_bytes()).ok();
}
