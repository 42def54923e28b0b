//! Background tasks, each watched: one that panics or ends is logged, counted and started again.
//! Holds always: no task takes another one, or the service, with it.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::rt;
use futures_util::FutureExt as _;
use tokio::sync::Notify;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The background tasks of one node. Clones share them.
#[derive(Clone, Default)]
pub struct Supervisor(Arc<Mutex<BTreeMap<&'static str, Arc<Watched>>>>);

#[derive(Default)]
struct Watched {
    restarts: AtomicU64,
    stumble: Notify,
}

impl Supervisor {
    /// Keeps a task running on this thread's runtime. `name` stands in the log and in the metrics.
    pub fn keep_running<F, T>(&self, name: &'static str, task: F)
    where
        F: Fn() -> T + 'static,
        T: Future<Output = ()> + 'static,
    {
        let watched = self.watch(name);
        let restarts = metrics::counter!("mend_task_restarts_total", "task" => name);
        rt::spawn(async move {
            let mut pause = FIRST_PAUSE;
            loop {
                let started = tokio::time::Instant::now();
                let run = async {
                    tokio::select! { () = task() => {}, () = watched.stumbles() => {} }
                };
                let outcome = AssertUnwindSafe(run).catch_unwind().await;
                watched.restarts.fetch_add(1, Ordering::Relaxed);
                restarts.increment(1);
                tracing::error!(
                    task = name,
                    panicked = outcome.is_err(),
                    "a background task ended; it is started again"
                );
                if started.elapsed() > LONGEST_PAUSE {
                    pause = FIRST_PAUSE;
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        });
    }

    /// Does a job again and again with `pause` in between, beginning after the first pause.
    pub fn every<F, T>(&self, name: &'static str, pause: Duration, job: F)
    where
        F: Fn() -> T + Clone + 'static,
        T: Future<Output = ()> + 'static,
    {
        self.keep_running(name, move || {
            let job = job.clone();
            async move {
                loop {
                    tokio::time::sleep(pause).await;
                    job().await;
                }
            }
        });
    }

    /// The names of all tasks.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.tasks().keys().copied().collect()
    }

    /// How often a task was started again.
    #[must_use]
    pub fn restarts(&self, name: &str) -> u64 {
        self.tasks().get(name).map_or(0, |watched| watched.restarts.load(Ordering::Relaxed))
    }

    /// Makes a task panic where it stands, for tests of what follows from that.
    pub fn stumble(&self, name: &str) {
        if let Some(watched) = self.tasks().get(name) {
            watched.stumble.notify_one();
        }
    }

    fn watch(&self, name: &'static str) -> Arc<Watched> {
        Arc::clone(self.tasks().entry(name).or_default())
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, Arc<Watched>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    #[expect(clippy::panic, reason = "a panic is what is asked for")]
    async fn stumbles(&self) {
        self.stumble.notified().await;
        panic!("made to stumble");
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    #[actix_web::test]
    async fn a_task_that_panics_is_started_again() {
        let (tries, seen) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let (counted, finished) = (Rc::clone(&tries), Rc::clone(&seen));
        let supervisor = Supervisor::default();
        supervisor.keep_running("test", move || {
            let (tries, seen) = (Rc::clone(&counted), Rc::clone(&finished));
            async move {
                tries.set(tries.get() + 1);
                assert!(tries.get() > 1, "the first try fails");
                seen.set(tries.get());
                std::future::pending::<()>().await;
            }
        });
        tokio::time::sleep(FIRST_PAUSE + Duration::from_millis(200)).await;
        assert_eq!((seen.get(), supervisor.restarts("test")), (2, 1));
    }
}
