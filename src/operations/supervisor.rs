//! Background tasks, each watched: one that panics or ends is logged, counted and started again.
//! Holds always: no task takes another one, or the service, with it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use actix_web::rt;
use futures_util::FutureExt as _;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Keeps a task running. `name` stands in the log and in the metrics.
pub fn keep_running<F, T>(name: &'static str, task: F)
where
    F: Fn() -> T + 'static,
    T: Future<Output = ()> + 'static,
{
    rt::spawn(async move {
        let mut pause = FIRST_PAUSE;
        loop {
            let started = tokio::time::Instant::now();
            let outcome = AssertUnwindSafe(async { task().await }).catch_unwind().await;
            metrics::counter!("mend_task_restarts_total", "task" => name).increment(1);
            tracing::error!(task = name, panicked = outcome.is_err(), "a background task ended; it is started again");
            if started.elapsed() > LONGEST_PAUSE {
                pause = FIRST_PAUSE;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    });
}

/// Does a job again and again with `pause` in between, beginning after the first pause.
pub fn every<F, T>(name: &'static str, pause: Duration, job: F)
where
    F: Fn() -> T + Clone + 'static,
    T: Future<Output = ()> + 'static,
{
    keep_running(name, move || {
        let job = job.clone();
        async move {
            loop {
                tokio::time::sleep(pause).await;
                job().await;
            }
        }
    });
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
        keep_running("test", move || {
            let (tries, seen) = (Rc::clone(&counted), Rc::clone(&finished));
            async move {
                tries.set(tries.get() + 1);
                assert!(tries.get() > 1, "the first try fails");
                seen.set(tries.get());
                std::future::pending::<()>().await;
            }
        });
        tokio::time::sleep(FIRST_PAUSE + Duration::from_millis(200)).await;
        assert_eq!(seen.get(), 2);
    }
}
