//! How much a story does, and how it says what it counted.

#![expect(clippy::disallowed_methods, reason = "how long a test run may take is the test run's affair")]

use std::io::Write as _;

/// `short` by default, `full` where `CLUSTER_FULL=1` asks for it.
pub fn short_or<T>(short: T, full: T) -> T {
    if std::env::var_os("CLUSTER_FULL").is_some_and(|value| !value.is_empty()) { full } else { short }
}

/// Prints a line past the test runner's capture, so that counts are seen of tests that pass.
pub fn say(line: &str) {
    std::io::stderr().write_all(format!("[cluster] {line}\n").as_bytes()).ok();
}
