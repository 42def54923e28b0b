//! What a database URL names: an SQLite file or a PostgreSQL, and a connection to it.
//! Holds always: a URL opens the engine that it names or fails; it never falls through to the other one.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{Connection, OpenError, postgres, sqlite};

/// Between two attempts to reach a PostgreSQL at the start.
const PAUSE: Duration = Duration::from_millis(500);

/// Where a database is. Opening one goes through here and nowhere else.
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
    /// The keystore: on SQLite a rollback journal, so that a destroyed key is gone from the disk with the commit.
    Keystore,
}

impl Target {
    /// Reads `sqlite:PATH`, `sqlite://PATH` or `postgres://…`, and refuses a PostgreSQL on another machine without TLS
    /// unless that is allowed.
    pub fn parse(url: &str, allow_insecure_postgres: bool) -> Result<Self, OpenError> {
        let Some((scheme, rest)) = url.split_once(':') else { return Err(OpenError::UnknownScheme) };
        match scheme {
            "sqlite" => sqlite::path(rest).map(Self::Sqlite),
            "postgres" | "postgresql" => postgres::checked_url(url, allow_insecure_postgres).map(Self::Postgres),
            _ => Err(OpenError::UnknownScheme),
        }
    }

    #[must_use]
    pub const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Opens a connection and sets it up for its purpose.
    pub fn connect(&self, purpose: Purpose) -> Result<Connection, OpenError> {
        match self {
            Self::Sqlite(path) => sqlite::connect(path, purpose).map(Connection::Sqlite),
            Self::Postgres(url) => postgres::connect(url).map(Connection::Postgres),
        }
    }
}

impl Target {
    /// Waits until a PostgreSQL answers that takes writes, for at most `patience`: it may be restarting, or another one
    /// taking over. A file is there or is made.
    ///
    /// # Errors
    /// Nobody answered in time; or at once, when somebody does and refuses.
    pub fn wait(&self, patience: Duration) -> Result<(), OpenError> {
        let begun = Instant::now();
        loop {
            match self {
                Self::Sqlite(_) => return Ok(()),
                Self::Postgres(url) => match postgres::connect(url) {
                    Ok(_) => return Ok(()),
                    Err(error @ OpenError::Unreachable(_)) if begun.elapsed() < patience => {
                        tracing::warn!(%error, "waiting for PostgreSQL");
                        std::thread::sleep(PAUSE);
                    }
                    Err(error) => return Err(error),
                },
            }
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres://[hidden]"),
        }
    }
}
