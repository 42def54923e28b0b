//! Sweeping out what has expired: a table of tasks, and the one way in which all of them run.
//! Holds always: a task is swept by one node at a time (see [`lease`]), in small transactions with a rest between them, so
//! that nobody's write waits for it; one that fails is tried again later; nothing is swept by a clock that has jumped
//! (see [`belief`]).
//!
//! A new kind of expired rows is one line in [`TASKS`].

mod belief;
mod lease;
mod orphans;
mod tasks;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::catalogue::Catalogue;
use crate::database::{Connection, Database, Failure, Id, Timestamp};
use crate::http::problem::Problem;
use crate::privacy::Keystore;
use crate::records::Records;
use belief::Belief;
use lease::Held;
pub use lease::{State, states};
use orphans::Orphans;
pub use tasks::TASKS;

/// Between two batches of one task: the writer is everybody's.
const REST: Duration = Duration::from_millis(50);
/// How long a task that failed is left alone.
const RETRY: Duration = Duration::from_mins(1);

/// One kind of expired rows.
#[derive(Clone, Copy)]
pub struct Task {
    /// Stands in the table `sweeps`, in the log and in the metrics.
    pub name: &'static str,
    /// From one sweep to the next.
    pub pause: Duration,
    /// Whether there is anything to do, for what is looked for so often that taking the lease each time would be a waste.
    waiting: Option<Waiting>,
    /// Sweeps a few rows.
    batch: Batch,
}

type Waiting = fn(&mut Connection, Timestamp) -> diesel::QueryResult<bool>;

type Batch = fn(Turn) -> Pin<Box<dyn Future<Output = Result<Swept, Stopped>>>>;

/// What a batch did.
struct Swept {
    rows: usize,
    /// Whether there may be more to do at once.
    more: bool,
}

/// Why a sweep ended before its end.
#[derive(Debug, thiserror::Error)]
enum Stopped {
    /// Another node has taken over.
    #[error("the lease was lost")]
    LeaseLost,
    #[error("{0}")]
    Failed(Problem),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.into())
    }
}

impl From<diesel::result::Error> for Stopped {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What the tasks work on.
#[derive(Clone)]
pub struct Stores {
    pub database: Database,
    pub keystore: Keystore,
    pub records: Records,
    pub catalogue: Catalogue,
}

/// One batch's permission to work: the lease, and the time by which things have expired.
#[derive(Clone)]
struct Turn {
    held: Held,
    now: Timestamp,
    stores: Stores,
    orphans: Arc<tokio::sync::Mutex<Orphans>>,
}

impl Turn {
    /// Runs a job as one transaction that holds the lease while it lasts: a node that has lost it changes nothing.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Stopped> {
        let held = self.held.clone();
        let work = move |conn: &mut Connection| {
            held.renew(conn)?;
            Ok(job(conn)?)
        };
        self.stores.database.write(work).await
    }

    /// Keeps the lease for work outside of the main database.
    async fn renew(&self) -> Result<(), Stopped> {
        self.write(|_| Ok(())).await
    }
}

/// The sweeper of one node. Clones share what it knows.
#[derive(Clone)]
pub struct Sweeper {
    stores: Stores,
    /// This start of this node, as the leases name it.
    node: Id,
    belief: Arc<Mutex<Belief>>,
    orphans: Arc<tokio::sync::Mutex<Orphans>>,
    /// When a task last failed, by [`crate::database::Clock::steady`].
    failed: Arc<Mutex<BTreeMap<&'static str, Duration>>>,
}

impl Sweeper {
    #[must_use]
    pub fn new(stores: Stores) -> Self {
        for task in TASKS {
            // Shown from the start on, so that a rate over them begins with the first one.
            metrics::counter!("mend_swept_rows_total", "task" => task.name).increment(0);
            metrics::counter!("mend_sweep_failures_total", "task" => task.name).increment(0);
        }
        let (belief, orphans, failed) = (Arc::default(), Arc::default(), Arc::default());
        Self { stores, node: Id::new(), belief, orphans, failed }
    }

    /// Looks every `pause` for tasks that are due, for ever.
    pub async fn run(self, pause: Duration) {
        loop {
            tokio::time::sleep(pause).await;
            if let Err(failure) = self.round().await {
                tracing::warn!(%failure, "the sweeper cannot tell what is due");
            }
        }
    }

    async fn round(&self) -> Result<(), Failure> {
        let clock = self.stores.database.clock().clone();
        let shared = clock.clone();
        let states = self.stores.database.read(move |conn| states(conn, &shared)).await?;
        tasks::report(&states);
        let seen = states.values().filter_map(|state| state.swept_at).max();
        // Read once: what was believed is what is swept by, wherever the clock goes meanwhile.
        let (now, steady) = (clock.now(), clock.steady());
        let believed = self.belief.lock().unwrap_or_else(PoisonError::into_inner).judge(seen, now, steady);
        metrics::gauge!("mend_sweeper_clock_believed").set(if believed { 1.0 } else { 0.0 });
        for task in TASKS.iter().filter(|_| believed) {
            let state = states.get(task.name).copied().unwrap_or_default();
            let is_due = !state.is_held && state.is_due(now, task.pause);
            if is_due && !self.failed_lately(task.name) && self.is_waiting(task, now).await? {
                self.sweep(task, state, now).await;
            }
        }
        Ok(())
    }

    async fn is_waiting(&self, task: &Task, now: Timestamp) -> Result<bool, Failure> {
        let Some(waiting) = task.waiting else { return Ok(true) };
        self.stores.database.read(move |conn| Ok::<_, Failure>(waiting(conn, now)?)).await
    }

    /// Sweeps one task if no other node does.
    async fn sweep(&self, task: &'static Task, seen: State, now: Timestamp) {
        match self.sweep_all(task, seen, now).await {
            Ok(None) => {}
            Ok(Some(rows)) => {
                metrics::counter!("mend_swept_rows_total", "task" => task.name).increment(rows);
                if rows > 0 {
                    tracing::info!(task = task.name, rows, "swept");
                }
            }
            Err(cause) => {
                metrics::counter!("mend_sweep_failures_total", "task" => task.name).increment(1);
                tracing::warn!(task = task.name, %cause, "a sweep failed; it is tried again later");
                let steady = self.stores.database.clock().steady();
                self.failed.lock().unwrap_or_else(PoisonError::into_inner).insert(task.name, steady);
            }
        }
    }

    /// How many rows were swept; nothing when another node works on it.
    async fn sweep_all(&self, task: &Task, seen: State, now: Timestamp) -> Result<Option<u64>, Stopped> {
        let held = Held { task: task.name, node: self.node, clock: self.stores.database.clock().clone() };
        let mine = held.clone();
        if !self.stores.database.write(move |conn| Ok::<_, Stopped>(mine.take(conn, seen)?)).await? {
            return Ok(None);
        }
        let (stores, orphans) = (self.stores.clone(), Arc::clone(&self.orphans));
        let turn = Turn { held: held.clone(), now, stores, orphans };
        let mut rows = 0;
        let outcome = loop {
            match (task.batch)(turn.clone()).await {
                Ok(swept) => {
                    rows += u64::try_from(swept.rows).unwrap_or(u64::MAX);
                    if !swept.more {
                        break Ok(());
                    }
                }
                Err(stopped) => break Err(stopped),
            }
            tokio::time::sleep(REST).await;
        };
        let done = outcome.is_ok().then_some(now);
        self.stores.database.write(move |conn| Ok::<_, Stopped>(held.release(conn, done)?)).await?;
        outcome.map(|()| Some(rows))
    }

    fn failed_lately(&self, task: &str) -> bool {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let steady = self.stores.database.clock().steady();
        failed.get(task).is_some_and(|at| steady.saturating_sub(*at) < RETRY)
    }
}
