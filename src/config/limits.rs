//! How much at most: connections, requests, bytes, time and what one person may keep.

use super::{ConfigError, Settings};

#[derive(Debug, Clone)]
pub struct Limits {
    /// `MEND_LIMITS_CONNECTIONS`: open client connections over all workers.
    pub connections: usize,
    /// `MEND_LIMITS_REQUESTS_IN_FLIGHT`: requests being answered at the same time.
    pub requests_in_flight: usize,
    /// `MEND_LIMITS_BODY_BYTES_IN_FLIGHT`: bytes of all request bodies held at the same time.
    pub body_bytes_in_flight: usize,
    /// `MEND_LIMITS_JSON_BYTES`: bytes of one JSON body, and of one record.
    pub json_bytes: usize,
    /// `MEND_LIMITS_IMPORT_BYTES`: bytes of one import, and of one export, of curated content.
    pub import_bytes: usize,
    /// `MEND_LIMITS_AUTH_BYTES`: bytes of one body under `/v1/auth`.
    pub auth_bytes: usize,
    /// `MEND_LIMITS_HANDLER_SECONDS`: time to answer, once the body is read.
    pub handler_seconds: u64,
    /// `MEND_LIMITS_BODY_SECONDS`: time for a whole body to arrive.
    pub body_seconds: u64,
    /// `MEND_LIMITS_HEADER_SECONDS`: time for the header to arrive.
    pub header_seconds: u64,
    /// `MEND_LIMITS_REQUESTS_PER_MINUTE`: requests of one caller a minute.
    pub requests_per_minute: u32,
    /// `MEND_LIMITS_RECORDS_PER_OWNER`: records of one person, live and trashed.
    pub records_per_owner: i64,
    /// `MEND_LIMITS_BYTES_PER_OWNER`: sealed bytes of one person, revisions included.
    pub bytes_per_owner: i64,
}

impl Limits {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            connections: settings.number("limits.connections", 16..=1_000_000)?,
            requests_in_flight: settings.number("limits.requests_in_flight", 1..=1_000_000)?,
            body_bytes_in_flight: settings.number("limits.body_bytes_in_flight", 1_048_576..=1 << 40)?,
            json_bytes: settings.number("limits.json_bytes", 1_024..=26_214_400)?,
            import_bytes: settings.number("limits.import_bytes", 1_024..=268_435_456)?,
            auth_bytes: settings.number("limits.auth_bytes", 1_024..=1_048_576)?,
            handler_seconds: settings.number("limits.handler_seconds", 1..=300)?,
            body_seconds: settings.number("limits.body_seconds", 1..=300)?,
            header_seconds: settings.number("limits.header_seconds", 1..=300)?,
            requests_per_minute: settings.number("limits.requests_per_minute", 1..=u32::MAX)?,
            records_per_owner: settings.number("limits.records_per_owner", 1..=i64::MAX)?,
            bytes_per_owner: settings.number("limits.bytes_per_owner", 1..=i64::MAX)?,
        })
    }
}
