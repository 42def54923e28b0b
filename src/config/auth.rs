//! How costly passwords are and how long sign-ins last.

use super::{ConfigError, Settings};

#[derive(Debug, Clone)]
pub struct Auth {
    /// `MEND_AUTH_ARGON2_MEMORY_KIB`: memory of one password hash, KiB; never below 19 MiB.
    pub argon2_memory_kib: u32,
    /// `MEND_AUTH_ARGON2_PASSES`
    pub argon2_passes: u32,
    /// `MEND_AUTH_ARGON2_LANES`
    pub argon2_lanes: u32,
    /// `MEND_AUTH_ACCESS_MINUTES`: life of an access token.
    pub access_minutes: u64,
    /// `MEND_AUTH_REFRESH_IDLE_DAYS`: a session unused for this long ends.
    pub refresh_idle_days: u64,
    /// `MEND_AUTH_REFRESH_ABSOLUTE_DAYS`: a session ends after this long in any case.
    pub refresh_absolute_days: u64,
    /// `MEND_AUTH_GRACE_SECONDS`: a refresh token used again within this time gets the same answer again.
    pub grace_seconds: u64,
    /// `MEND_AUTH_THROTTLE`: slows down guessing. Off only for load tests.
    pub throttle: bool,
}

impl Auth {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            argon2_memory_kib: settings.number("auth.argon2_memory_kib", 19_456..=131_072)?,
            argon2_passes: settings.number("auth.argon2_passes", 1..=10)?,
            argon2_lanes: settings.number("auth.argon2_lanes", 1..=4)?,
            access_minutes: settings.number("auth.access_minutes", 1..=60)?,
            refresh_idle_days: settings.number("auth.refresh_idle_days", 1..=365)?,
            refresh_absolute_days: settings.number("auth.refresh_absolute_days", 1..=365)?,
            grace_seconds: settings.number("auth.grace_seconds", 0..=300)?,
            throttle: settings.switch("auth.throttle")?,
        })
    }
}
