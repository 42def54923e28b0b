//! What this node remembers of sessions, so that not every request asks the database.
//! Holds always: a remembered session is at most 1 s old, and a change made on this node counts from the next request on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use metrics::Counter;
use moka::sync::Cache;

use super::sessions::Standing;
use crate::database::{Id, Timestamp};

const MAX_AGE: Duration = Duration::from_secs(1);
const MAX_SESSIONS: u64 = 100_000;
const MARKS: usize = 256;

/// The sessions of the last second.
#[derive(Clone)]
pub(super) struct Memory {
    sessions: Cache<Id, Arc<Remembered>>,
    /// One number for each group of accounts; forgetting an account raises its group's number.
    marks: Arc<[AtomicU64; MARKS]>,
    /// How often memory knew, and how often it did not.
    known: Counter,
    unknown: Counter,
}

struct Remembered {
    standing: Standing,
    read_at: Timestamp,
    mark: u64,
}

/// The number that an account's group had before the database was asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(u64);

impl Memory {
    pub(super) fn new() -> Self {
        let sessions = Cache::builder().max_capacity(MAX_SESSIONS).time_to_live(MAX_AGE).build();
        let asked = |outcome: &'static str| metrics::counter!("mend_session_memory_total", "outcome" => outcome);
        let marks = Arc::new([const { AtomicU64::new(0) }; MARKS]);
        Self { sessions, marks, known: asked("hit"), unknown: asked("miss") }
    }

    /// Take it before asking the database: an answer that was read before a change, and remembered after it, then
    /// carries an old number and does not count.
    pub(super) fn mark(&self, account: Id) -> Mark {
        Mark(self.group(account).load(Ordering::Acquire))
    }

    /// The session as it stood within the last second.
    pub(super) fn find(&self, account: Id, session: Id, now: Timestamp) -> Option<Standing> {
        let found = self.look(account, session, now);
        if found.is_some() { &self.known } else { &self.unknown }.increment(1);
        found
    }

    fn look(&self, account: Id, session: Id, now: Timestamp) -> Option<Standing> {
        let remembered = self.sessions.get(&session)?;
        let age = now.since(remembered.read_at).max(remembered.read_at.since(now));
        let fresh = remembered.mark == self.mark(account).0 && age <= MAX_AGE;
        fresh.then(|| remembered.standing.clone())
    }

    pub(super) fn remember(&self, session: Id, standing: Standing, mark: Mark, read_at: Timestamp) {
        self.sessions.insert(session, Arc::new(Remembered { standing, read_at, mark: mark.0 }));
    }

    /// Forgets all sessions of an account (and of the few others in its group).
    pub(super) fn forget(&self, account: Id) {
        self.group(account).fetch_add(1, Ordering::AcqRel);
    }

    fn group(&self, account: Id) -> &AtomicU64 {
        let [.., last] = account.as_bytes();
        // The last byte of an id is random, and there are as many groups as it has values.
        #[expect(clippy::indexing_slicing, reason = "a byte indexes 256 groups")]
        &self.marks[usize::from(*last)]
    }
}
