//! Which database, and how much of it at once.

use super::{ConfigError, Secret, Settings};

#[derive(Debug, Clone)]
pub struct Database {
    /// `MEND_DATABASE_URL`: `sqlite:PATH` or `postgres://…`; `mend.db` in the data directory unless set.
    pub url: Secret,
    /// `MEND_DATABASE_ALLOW_INSECURE_POSTGRES`: permits a PostgreSQL on another machine without TLS.
    pub allow_insecure_postgres: bool,
    /// `MEND_DATABASE_READ_CONNECTIONS`: reads at the same time.
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
        Ok(Self {
            url: settings
                .secret("database.url")
                .unwrap_or_else(|| Secret::new(format!("sqlite:{}", data_dir.join("mend.db").display()))),
            allow_insecure_postgres: settings.switch("database.allow_insecure_postgres")?,
            read_connections: settings.number("database.read_connections", 1..=1024)?,
            write_connections: settings.number("database.write_connections", 1..=1024)?,
            write_queue: settings.number("database.write_queue", 1..=65_536)?,
            start_seconds: settings.number("database.start_seconds", 0..=3_600)?,
        })
    }
}
