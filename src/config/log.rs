//! What is logged and in which form.

use super::{ConfigError, Settings};

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For eyes.
    Text,
}

#[derive(Debug, Clone)]
pub struct Log {
    /// `MEND_LOG`: a level (error, warn, info, debug, trace), or levels by part as in `info,mend::database=debug`.
    pub filter: String,
    /// `MEND_LOG_FORMAT`: json or text.
    pub format: LogFormat,
}

impl Log {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            filter: settings
                .parse::<tracing_subscriber::EnvFilter>("log.filter", "a log filter such as info")?
                .to_string(),
            format: match settings.text("log.format") {
                Some("json") => LogFormat::Json,
                Some("text") => LogFormat::Text,
                _ => return Err(settings.wrong("log.format", "json or text")),
            },
        })
    }
}
