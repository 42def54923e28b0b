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

use super::crowd::Crowd;
use super::job::AnyJob;
use super::pool::Pool;
use super::{Failure, OpenError};

/// A query that waited longer is refused: whoever asked has likely given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// The queue's entrance and the threads behind it. Dropping it waits until they have ended, and with them their
/// connections: SQLite puts its files in order when the last one is closed.
pub(super) struct Readers {
    queue: Option<Sender<(Instant, AnyJob)>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts the threads; `most_waiting` queries may be queued. `wait` is told how long they were.
    pub(super) fn start(
        pool: &Pool,
        threads: u32,
        most_waiting: usize,
        wait: &Histogram,
        crowd: &Crowd,
    ) -> Result<Self, OpenError> {
        let (entrance, queue) = bounded(most_waiting);
        let start = |_| {
            let (pool, queue, wait, crowd) = (pool.clone(), queue.clone(), wait.clone(), crowd.clone());
            let thread = std::thread::Builder::new().name("database-reader".to_owned());
            thread.spawn(move || work(&pool, &queue, &wait, &crowd)).map_err(OpenError::Thread)
        };
        Ok(Self { threads: (0..threads).map(start).collect::<Result<_, _>>()?, queue: Some(entrance) })
    }

    /// Queues a query for the threads, or says at once why not.
    pub(super) fn submit(&self, query: AnyJob) -> Result<(), Failure> {
        let queue = self.queue.as_ref().ok_or(Failure::Unavailable)?;
        queue.try_send((Instant::now(), query)).map_err(|refused| match refused {
            TrySendError::Full(_) => Failure::Overloaded,
            TrySendError::Disconnected(_) => Failure::Unavailable,
        })
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

fn work(pool: &Pool, queue: &Receiver<(Instant, AnyJob)>, wait: &Histogram, crowd: &Crowd) {
    for (since, query) in queue {
        let waited = since.elapsed();
        wait.record(waited.as_secs_f64());
        if waited > PATIENCE {
            query.settle(Err(Failure::Overloaded));
        } else if query.is_wanted() {
            crowd.give_way();
            pool.run(query);
        }
    }
}
