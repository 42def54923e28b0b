//! Setting up the log: one line an event on standard error.
//! Holds always: a panic is logged by its place alone, since its message may quote what it panicked over; a request's line
//! has its route's pattern and never a path, a query or a text.
//!
//! Each line is a JSON object with `timestamp` (RFC 3339, UTC), `level`, `target` (the part of the code), `message`, and
//! beside them the event's own members. A request's line has the target `mend::request` and these:
//!
//! | member | what it is |
//! |---|---|
//! | `method` | one of the standard methods, or `OTHER` |
//! | `route` | the pattern of the route, `unmatched`, or `lost` when a panic or the time limit took the request |
//! | `status` | the answer's status |
//! | `milliseconds` | from the request's head to the answer's, with three places |
//! | `bytes` | of the answer's body; absent when it is streamed |
//! | `request_id` | the `X-Request-Id` of the answer |

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
