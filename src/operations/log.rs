//! Setting up the log: one line an event on standard error.
//! Holds always: a panic is logged by its place alone, since its message may quote what it panicked over.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use crate::config::{Log, LogFormat};

/// Starts logging for the whole process. Call it once.
///
/// # Errors
/// When something else in the process logs already.
pub fn start(settings: &Log) -> Result<(), TryInitError> {
    // The configuration has read the filter before; what it holds is a filter.
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).finish().try_init()?,
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).finish().try_init()?,
    }
    log_panics();
    Ok(())
}

/// Replaces the standard hook, which prints the message of every panic.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}
