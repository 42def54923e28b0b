//! What a database URL names: an SQLite file or a PostgreSQL, and whether the way there is safe.

use std::path::PathBuf;

use super::{Connection, OpenError};

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    Sqlite(PathBuf),
    /// The URL, with its password.
    Postgres(String),
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reading and writing the main database.
    Write,
    /// Reading the main database; SQLite refuses writes on it.
    Read,
    /// The keystore: on SQLite a rollback journal, so that a destroyed key is gone from the disk.
    Keystore,
}

impl Target {
    /// Reads a URL and refuses a PostgreSQL on another machine without TLS, unless that is allowed.
    pub fn parse(_url: &str, _allow_insecure_postgres: bool) -> Result<Self, OpenError> {
        todo!()
    }

    #[must_use]
    pub const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Opens a connection and sets it up for its purpose.
    pub fn connect(&self, _purpose: Purpose) -> Result<Connection, OpenError> {
        todo!()
    }
}
