//! How eagerly the sweeper looks.

use super::{ConfigError, Settings};

#[derive(Debug, Clone)]
pub struct Sweeper {
    /// `MEND_SWEEPER_POLL_MILLISECONDS`: from one look for what is due to the next; each kind of rows has its own pause.
    pub poll_milliseconds: u64,
}

impl Sweeper {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self { poll_milliseconds: settings.number("sweeper.poll_milliseconds", 5..=3_600_000)? })
    }
}
