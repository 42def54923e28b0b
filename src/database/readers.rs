//! SQLite's readers: threads that take queries from one queue, each on a connection of the pool.
//! Holds always: the queue is bounded and a full one refuses at once; a query that panics, or whose caller has gone, takes
//! nothing else with it.
//!
//! Handing a query to a sleeping thread and its result back costs more than looking a record up. A reader that finds more
//! in the queue goes on without having been woken, so under load that price is paid once for many queries.

use std::thread::JoinHandle;
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

/// The queue's entrance and the threads behind it. Dropping it waits until they have ended, and with them their
/// connections: SQLite puts its files in order when the last one is closed.
pub(super) struct Readers {
    queue: Option<Sender<(Instant, Query)>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts the threads; `most_waiting` queries may be queued. `wait` is told how long they were.
    pub(super) fn start(pool: &Pool, threads: u32, most_waiting: usize, wait: &Histogram) -> Result<Self, OpenError> {
        let (entrance, queue) = bounded(most_waiting);
        let start = |_| {
            let (pool, queue, wait) = (pool.clone(), queue.clone(), wait.clone());
            let thread = std::thread::Builder::new().name("database-reader".to_owned());
            thread.spawn(move || work(&pool, &queue, &wait)).map_err(OpenError::Thread)
        };
        Ok(Self { threads: (0..threads).map(start).collect::<Result<_, _>>()?, queue: Some(entrance) })
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
            let result = if in_time { caught("query", || pool.read(query)) } else { Err(Failure::Overloaded.into()) };
            // A caller that hung up meanwhile no longer wants to know.
            let _ = sender.send(result);
        };
        let queue = self.queue.as_ref().ok_or(Failure::Unavailable)?;
        queue.try_send((Instant::now(), Box::new(query))).map_err(|refused| match refused {
            TrySendError::Full(_) => Failure::Overloaded,
            TrySendError::Disconnected(_) => Failure::Unavailable,
        })?;
        answer.await.unwrap_or_else(|_gone| Err(Failure::Unavailable.into()))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.take();
        let this = std::thread::current().id();
        // A query may hold the last handle on the database: then its own thread is the one that ends it.
        for thread in self.threads.drain(..).filter(|thread| thread.thread().id() != this) {
            if thread.join().is_err() {
                tracing::error!("a thread that reads the database panicked");
            }
        }
    }
}

fn work(pool: &Pool, queue: &Receiver<(Instant, Query)>, wait: &Histogram) {
    for (since, query) in queue {
        let waited = since.elapsed();
        wait.record(waited.as_secs_f64());
        query(pool, waited);
    }
}
