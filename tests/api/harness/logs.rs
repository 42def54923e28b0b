//! What the service logs while the suite runs, at the finest level of its own code, kept in a file of this process.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

use super::scratch;

static LOG: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = scratch::folder("log").join("log.jsonl");
    let file = File::create(&path).expect("a file for the log");
    let filter = tracing_subscriber::EnvFilter::new("debug,mend=trace");
    let subscriber = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(Mutex::new(file));
    subscriber.try_init().expect("nobody else in this process listens to the log");
    path
});

/// Where the log is; from the first call on it is written.
pub fn file() -> &'static PathBuf {
    &LOG
}
