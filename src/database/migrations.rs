//! The migrations of both stores and both engines, embedded. A migration added to `migrations/` is noticed by a test when
//! this file was compiled before it; touch it then.
//! A release only adds; what it stops using goes a release later: migrations/README.md says how nodes of two releases work on
//! one database.
//! Holds always: each runs in its own transaction and under one lock, so that nodes that start together do not collide.

use diesel::connection::SimpleConnection as _;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Connection, OpenError, postgres};

const MAIN_SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const MAIN_POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const KEYSTORE_SQLITE: EmbeddedMigrations = embed_migrations!("migrations/keystore/sqlite");
const KEYSTORE_POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/keystore/postgres");

/// PostgreSQL's advisory lock, the same for both stores, which may share a database: "mend" in ASCII.
const LOCK: i64 = 0x6d65_6e64;

/// Why a migration failed. The harness and diesel both answer boxed errors.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A set of migrations. Made anew for each use, since the harness takes it whole.
type Source = fn() -> EmbeddedMigrations;

/// Brings the main database up to date; answers the names of the migrations applied.
pub fn run_main(connection: &mut Connection) -> Result<Vec<String>, OpenError> {
    run(connection, || MAIN_SQLITE, || MAIN_POSTGRES)
}

/// Brings the keystore up to date; answers the names of the migrations applied.
pub fn run_keystore(connection: &mut Connection) -> Result<Vec<String>, OpenError> {
    run(connection, || KEYSTORE_SQLITE, || KEYSTORE_POSTGRES)
}

/// The versions of the migrations that a database has had, oldest first.
pub fn applied(connection: &mut Connection) -> Result<Vec<String>, OpenError> {
    let versions = match connection {
        Connection::Sqlite(connection) => MigrationHarness::<Sqlite>::applied_migrations(connection),
        Connection::Postgres(connection) => MigrationHarness::<Pg>::applied_migrations(connection),
    };
    let mut versions: Vec<_> =
        versions.map_err(|cause| OpenError::Migration(cause.to_string()))?.iter().map(ToString::to_string).collect();
    versions.sort();
    Ok(versions)
}

/// The versions of the main database's migrations that this program has, oldest first. Both engines have the same.
pub fn known() -> Result<Vec<String>, OpenError> {
    let all = MigrationSource::<Sqlite>::migrations(&MAIN_SQLITE);
    let all = all.map_err(|cause| OpenError::Migration(cause.to_string()))?;
    let mut versions: Vec<_> = all.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

fn run(connection: &mut Connection, sqlite: Source, postgres: Source) -> Result<Vec<String>, OpenError> {
    let applied = match connection {
        Connection::Sqlite(connection) => on_sqlite(connection, sqlite),
        Connection::Postgres(connection) => on_postgres(connection, postgres),
    };
    applied.map_err(|cause| OpenError::Migration(cause.to_string()))
}

/// One migration a transaction, and what is pending is read inside it: SQLite's own write lock is the lock.
fn on_sqlite(connection: &mut SqliteConnection, source: Source) -> Result<Vec<String>, Cause> {
    connection.batch_execute("PRAGMA busy_timeout = 60000")?;
    let mut applied = Vec::new();
    while let Some(name) = connection.immediate_transaction(|connection| next(connection, source))? {
        applied.push(name);
    }
    connection.batch_execute("PRAGMA busy_timeout = 5000")?;
    Ok(applied)
}

fn next(connection: &mut SqliteConnection, source: Source) -> Result<Option<String>, Cause> {
    let pending = MigrationHarness::<Sqlite>::pending_migrations(connection, source())?;
    let Some(first) = pending.first() else { return Ok(None) };
    connection.run_migration(first)?;
    Ok(Some(first.name().to_string()))
}

fn on_postgres(connection: &mut PgConnection, source: Source) -> Result<Vec<String>, Cause> {
    alone(connection, |connection| all(connection, source))
}

/// Changes PostgreSQL's schema under an advisory lock of the session; waiting for it and the work may take their time.
pub(super) fn alone<T>(
    connection: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Cause>,
) -> Result<T, Cause> {
    connection.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0")?;
    connection.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
    let done = work(connection);
    connection.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
    connection.batch_execute(postgres::SESSION)?;
    done
}

fn all(connection: &mut PgConnection, source: Source) -> Result<Vec<String>, Cause> {
    let pending = MigrationHarness::<Pg>::pending_migrations(connection, source())?;
    for migration in &pending {
        connection.run_migration(migration)?;
    }
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}
