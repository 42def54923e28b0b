//! SQLite's readers: threads that take queries from one queue, each on a connection of the pool.
//! Holds always: the queue is bounded and a full one refuses at once; a query that panics, or whose caller has gone, takes
//! nothing else with it.
//!
//! Handing a query to a sleeping thread and its result back costs more than looking a record up. A reader that finds more
//! in the queue goes on without having been woken, so under load that price is paid once for many queries.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use metrics::Histogram;
use tokio::sync::oneshot;

use super::job::caught;
use super::pool::Pool;
use super::{Connection, Failure, OpenError};

/// A query that waited longer is refused: whoever asked has likely given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs a query, or finds that it is too late for it.
type Query = Box<dyn FnOnce(&Pool, Duration) + Send>;

/// The queue's entrance. The threads end when it is dropped.
pub(super) struct Readers(Sender<(Instant, Query)>);

impl Readers {
    /// Starts the threads; `most_waiting` queries may be queued. `wait` is told how long they were.
    pub(super) fn start(pool: &Pool, threads: u32, most_waiting: usize, wait: &Histogram) -> Result<Self, OpenError> {
        let (entrance, queue) = bounded(most_waiting);
        for _ in 0..threads {
            let (pool, queue, wait) = (pool.clone(), queue.clone(), wait.clone());
            std::thread::Builder::new()
                .name("database-reader".to_owned())
                .spawn(move || work(&pool, &queue, &wait))
                .map_err(OpenError::Writer)?;
        }
        Ok(Self(entrance))
    }

    /// Runs a query on one of the threads.
    pub(super) async fn read<T, E>(
        &self,
        query: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let query = move |pool: &Pool, waited: Duration| {
            if sender.is_closed() {
                return;
            }
            let in_time = waited <= PATIENCE;
            let result = if in_time { caught(|| pool.read(query)) } else { Err(Failure::Overloaded.into()) };
            // A caller that hung up meanwhile no longer wants to know.
            let _ = sender.send(result);
        };
        self.0.try_send((Instant::now(), Box::new(query))).map_err(|refused| match refused {
            TrySendError::Full(_) => Failure::Overloaded,
            TrySendError::Disconnected(_) => Failure::Unavailable,
        })?;
        answer.await.unwrap_or_else(|_gone| Err(Failure::Unavailable.into()))
    }
}

fn work(pool: &Pool, queue: &Receiver<(Instant, Query)>, wait: &Histogram) {
    for (since, query) in queue {
        let waited = since.elapsed();
        wait.record(waited.as_secs_f64());
        query(pool, waited);
    }
}
