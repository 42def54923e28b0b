//! The configuration: flags over environment over file over defaults, and the only place that reads the environment.
//! Holds always: every field stands in `FIELDS`; a name that nobody knows stops the start; a secret is never printed.

mod auth;
mod catalogue;
mod database;
mod environment;
mod error;
mod fields;
mod file;
mod keys;
mod limits;
mod log;
mod metrics;
mod print;
mod secret;
mod server;
mod settings;
mod submissions;
mod sweeper;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use auth::Auth;
pub use catalogue::Catalogue;
pub use database::Database;
pub use environment::Environment;
pub use error::ConfigError;
pub use fields::{FIELDS, Field, Kind};
pub use keys::Keys;
pub use limits::Limits;
pub use log::{Log, LogFormat};
pub use metrics::Metrics;
pub use print::markdown_table;
pub use secret::Secret;
pub use server::Server;
pub use settings::{Flags, Settings};
pub use submissions::Submissions;
pub use sweeper::Sweeper;

/// Everything that can be set, read and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// `MEND_DATA_DIR`: the directory of SQLite's files, the key ring and the keystore.
    pub data_dir: PathBuf,
    pub server: Server,
    pub database: Database,
    pub keys: Keys,
    pub auth: Auth,
    pub limits: Limits,
    pub catalogue: Catalogue,
    pub submissions: Submissions,
    pub sweeper: Sweeper,
    pub metrics: Metrics,
    pub log: Log,
}

impl Config {
    /// Reads flags, the process's environment and the configuration file.
    ///
    /// # Errors
    /// Names the flag, variable or file entry that is wrong, and what was expected.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        Self::from_settings(&Settings::gather(flags, &Environment::of_process()?)?)
    }

    /// Reads settings that were gathered before.
    ///
    /// # Errors
    /// Names the setting that is wrong and what was expected.
    pub fn from_settings(settings: &Settings) -> Result<Self, ConfigError> {
        let data_dir = PathBuf::from(settings.text("data_dir").unwrap_or("data"));
        Ok(Self {
            server: Server::read(settings)?,
            database: Database::read(settings, &data_dir)?,
            keys: Keys::read(settings, &data_dir)?,
            auth: Auth::read(settings)?,
            limits: Limits::read(settings)?,
            catalogue: Catalogue::read(settings)?,
            submissions: Submissions::read(settings)?,
            sweeper: Sweeper::read(settings)?,
            metrics: Metrics::read(settings)?,
            log: Log::read(settings)?,
            data_dir,
        })
    }

    /// What tests start from: everything in `data_dir`, any free port, one worker and the cheapest permitted password hash.
    ///
    /// # Panics
    /// When a default is not valid, which a test would have shown.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the defaults and these four texts are fixed, and a test reads them")]
    pub fn for_tests(data_dir: &Path) -> Self {
        let flags = Flags::default()
            .with("data_dir", data_dir.to_string_lossy())
            .with("server.listen", "127.0.0.1:0")
            .with("server.workers", "1")
            .with("auth.argon2_memory_kib", "19456");
        Settings::gather(&flags, &Environment::empty())
            .and_then(|settings| Self::from_settings(&settings))
            .expect("the defaults are valid")
    }
}
