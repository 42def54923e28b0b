//! The machine that all faults share: one at a time, how much of each, and where the counts are printed.
//! Holds always: a fault that measures time never runs beside another one.

use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The machine for one fault alone, until the guard is dropped. A fault that failed leaves it as good as before.
pub fn machine() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::new(());
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the counts of the promises are wanted: `FAULTS=full`.
#[expect(clippy::disallowed_methods, reason = "how much is broken is the test run's affair, not the service's")]
pub fn full() -> bool {
    std::env::var_os("FAULTS").is_some_and(|value| value == "full")
}

/// The first number in a short run, the second in a full one.
pub fn sized<T>(short: T, in_full: T) -> T {
    if full() { in_full } else { short }
}

/// Prints what a fault counted, also past the test runner's capture.
pub fn report(line: &str) {
    let mut out = std::io::stderr().lock();
    writeln!(out, "fault: {line}").ok();
}

/// How long things took.
#[derive(Debug, Default, Clone)]
pub struct Percentiles(Vec<Duration>);

impl Percentiles {
    pub fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time within which so many of a hundred were done; zero when there was nothing.
    pub fn at(&mut self, percent: usize) -> Duration {
        self.0.sort_unstable();
        let index = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
        self.0.get(index).copied().unwrap_or_default()
    }
}

impl Extend<Duration> for Percentiles {
    fn extend<T: IntoIterator<Item = Duration>>(&mut self, times: T) {
        self.0.extend(times);
    }
}

impl IntoIterator for Percentiles {
    type Item = Duration;
    type IntoIter = std::vec::IntoIter<Duration>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
