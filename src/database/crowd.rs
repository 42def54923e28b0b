//! Who comes first while more is asked than can be done.
//! Holds always: without a crowd nothing here costs more than a look; with one, the threads that work on the database let
//! those that talk to clients go first, so that whoever is too many learns it at once.
//!
//! A lower priority for good would do the same, but it costs single reads a third of their speed where nobody is too many.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// For so many jobs after a refusal the processor is offered to others first: some tens of milliseconds.
const JOBS: u32 = 512;
/// Jobs that are done together before: with fewer, people who do not wait when told to would leave nothing for the others.
const TOGETHER: u32 = 8;
/// But where a crowd comes out of calm, everybody at once, it is offered before each of so many jobs: most of the crowd are
/// being told then, and those who were let in wait for some milliseconds.
const AT_ONCE: u32 = 128;

/// Whether people are being refused right now. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Crowd(Arc<AtomicU32>);

impl Crowd {
    /// Somebody was refused, since too many ask.
    pub fn note(&self) {
        match self.0.load(Ordering::Relaxed) {
            0 => self.0.store(JOBS + AT_ONCE, Ordering::Relaxed),
            left if left < JOBS => self.0.store(JOBS, Ordering::Relaxed),
            _ => {}
        }
    }

    /// Before a job: lets others go first while there is a crowd.
    pub(super) fn give_way(&self) {
        let left = self.0.load(Ordering::Relaxed);
        if left > 0 {
            // Between two threads a count may get lost, which does no harm.
            self.0.store(left - 1, Ordering::Relaxed);
            if left > JOBS || left.is_multiple_of(TOGETHER) {
                std::thread::yield_now();
            }
        }
    }
}
