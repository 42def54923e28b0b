//! Which database, and how much of it at once.

use super::{ConfigError, Secret, Settings};

/// Reads wait for the server there, not for a core of this machine.
const POSTGRES_READ_CONNECTIONS: u32 = 8;

#[derive(Debug, Clone)]
pub struct Database {
    /// `MEND_DATABASE_URL`: `sqlite:PATH` or `postgres://…`; `mend.db` in the data directory unless set.
    pub url: Secret,
    /// `MEND_DATABASE_ALLOW_INSECURE_POSTGRES`: permits a PostgreSQL on another machine without TLS.
    pub allow_insecure_postgres: bool,
    /// `MEND_DATABASE_READ_CONNECTIONS`: reads at the same time. Never 0.
    pub read_connections: u32,
    /// `MEND_DATABASE_WRITE_CONNECTIONS`: writing transactions at the same time, PostgreSQL only (SQLite has one writer).
    pub write_connections: u32,
    /// `MEND_DATABASE_WRITE_QUEUE`: writes that may wait; one more is refused at once.
    pub write_queue: usize,
    /// `MEND_DATABASE_START_SECONDS`: how long a start waits for a PostgreSQL that takes writes.
    pub start_seconds: u64,
}

impl Database {
    pub(super) fn read(settings: &Settings, data_dir: &std::path::Path) -> Result<Self, ConfigError> {
        let url = settings.secret("database.url");
        let url = url.unwrap_or_else(|| Secret::new(format!("sqlite:{}", data_dir.join("mend.db").display())));
        let read_connections = match settings.number("database.read_connections", 0..=1024)? {
            0 if url.expose().starts_with("sqlite:") => cores(),
            0 => POSTGRES_READ_CONNECTIONS,
            given => given,
        };
        Ok(Self {
            url,
            allow_insecure_postgres: settings.switch("database.allow_insecure_postgres")?,
            read_connections,
            write_connections: settings.number("database.write_connections", 1..=1024)?,
            write_queue: settings.number("database.write_queue", 1..=65_536)?,
            start_seconds: settings.number("database.start_seconds", 0..=3_600)?,
        })
    }
}

/// A reader of SQLite works on a core all the time, and each has a cache of its own.
fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1)).min(64)
}
