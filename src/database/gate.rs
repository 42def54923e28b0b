//! How much at once: permits for work on connections, and a bounded line before them.
//! Holds always: whoever finds the line full is refused at once, and nobody waits longer than the gate's patience.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use metrics::Histogram;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Failure;

/// The longest wait for a permit.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Gate {
    permits: Arc<Semaphore>,
    all: u32,
    waiting: AtomicUsize,
    most_waiting: usize,
    wait: Histogram,
}

impl Gate {
    /// `wait` is told how long those waited who had to.
    pub(super) fn new(permits: u32, most_waiting: usize, wait: Histogram) -> Self {
        let count = usize::try_from(permits).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            permits: Arc::new(Semaphore::new(count)),
            all: permits,
            waiting: AtomicUsize::new(0),
            most_waiting,
            wait,
        }
    }

    /// A permit if one is free, and no place in the line.
    pub(super) fn enter_now(&self) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.permits).try_acquire_owned().map_err(|_full_or_closed| Failure::Unavailable)
    }

    /// Waits in line for a permit. The work must own it, since it goes on when its caller has hung up.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, Failure> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _place = Place::take(self)?;
        let begun = Instant::now();
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned()).await;
        self.wait.record(begun.elapsed().as_secs_f64());
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_closed)) => Err(Failure::Unavailable),
            Err(_elapsed) => Err(Failure::Overloaded),
        }
    }

    /// Lets nobody in any more and waits until all have left, but not for ever: a commit may be waiting for a standby that
    /// never comes back.
    pub(super) async fn close(&self) {
        let everyone = tokio::time::timeout(PATIENCE, self.permits.acquire_many(self.all)).await;
        self.permits.close();
        if everyone.is_err() {
            tracing::warn!("writes are left behind whose outcome nobody waits for any more");
        }
    }
}

/// A place in the line, given back also when the caller goes away.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(gate: &'a Gate) -> Result<Self, Failure> {
        let before = gate.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Self(&gate.waiting);
        if before < gate.most_waiting { Ok(place) } else { Err(Failure::Overloaded) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_full_line_refuses_at_once_and_a_place_is_given_back() {
        let gate = Arc::new(Gate::new(1, 1, Histogram::noop()));
        let inside = gate.enter().await.unwrap();
        let waiting = tokio::spawn({
            let gate = Arc::clone(&gate);
            async move { gate.enter().await.map(drop) }
        });
        while gate.waiting.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(gate.enter().await.map(drop), Err(Failure::Overloaded));
        drop(inside);
        assert_eq!(waiting.await.unwrap(), Ok(()));
        assert_eq!(gate.enter().await.map(drop), Ok(()));
    }

    #[actix_web::test]
    async fn a_closed_gate_says_unavailable() {
        let gate = Gate::new(2, 1, Histogram::noop());
        gate.close().await;
        assert_eq!(gate.enter().await.map(drop), Err(Failure::Unavailable));
    }
}
