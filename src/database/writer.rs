//! The one writer of SQLite: a thread that takes what waits in its queue and commits it together.
//! Holds always: the queue is bounded and a full one refuses at once; after a fatal error nothing is written any more.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Instant;

use super::batch::{self, Ended};
use super::job::Job;
use super::measures::Measures;
use super::seen::Seen;
use super::{Connection, Failure, OpenError};

/// Jobs of one commit at most, so that the first of them does not wait for a queue of slow ones.
const BATCH: usize = 64;

/// What to do when the database may no longer be trusted. The service exits; tests look.
pub type OnFatal = Arc<dyn Fn(&str) + Send + Sync>;

/// The queue's entrance and the thread behind it.
pub(super) struct Writer {
    queue: RwLock<Option<SyncSender<Queued>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    measures: Measures,
}

/// A job, and since when it waits.
type Queued = (Instant, Box<dyn Job>);

impl Writer {
    /// Starts the thread on a connection that nobody else has; `waiting` jobs may be queued.
    pub(super) fn start(
        connection: Connection,
        waiting: usize,
        measures: Measures,
        on_fatal: OnFatal,
    ) -> Result<Self, OpenError> {
        let (entrance, queue) = sync_channel(waiting);
        let inside = measures.clone();
        let thread = std::thread::Builder::new()
            .name("database-writer".to_owned())
            .spawn(move || work(connection, &queue, &inside, &on_fatal))
            .map_err(OpenError::Writer)?;
        Ok(Self { queue: RwLock::new(Some(entrance)), thread: Mutex::new(Some(thread)), measures })
    }

    /// Queues a job, or says at once why not.
    pub(super) fn submit(&self, job: Box<dyn Job>) -> Result<(), Failure> {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        let Some(entrance) = queue.as_ref() else { return Err(Failure::Unavailable) };
        // Before it is sent, or the writer might take it off first.
        self.measures.queued.increment(1.0);
        entrance.try_send((Instant::now(), job)).map_err(|refused| {
            self.measures.queued.decrement(1.0);
            match refused {
                TrySendError::Full(_) => Failure::Overloaded,
                TrySendError::Disconnected(_) => Failure::Unavailable,
            }
        })
    }

    pub(super) fn is_working(&self) -> bool {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Takes no more jobs and waits until those queued are done.
    pub(super) fn stop(&self) {
        self.queue.write().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the database's writer thread panicked");
        }
    }
}

fn work(mut connection: Connection, queue: &Receiver<Queued>, measures: &Measures, on_fatal: &OnFatal) {
    let seen = Seen::watch(&mut connection);
    while let Ok((since, first)) = queue.recv() {
        measures.writer_wait.record(since.elapsed().as_secs_f64());
        let mut jobs = vec![first];
        // While one batch is synced to disk the next one gathers here: that is the whole of group commit.
        jobs.extend(queue.try_iter().take(BATCH - 1).map(|(_, job)| job));
        let count = u32::try_from(jobs.len()).map_or(f64::MAX, f64::from);
        measures.queued.decrement(count);
        measures.batch.record(count);
        if let Ended::Fatally(why) = batch::run(&mut connection, &seen, measures, jobs) {
            for (_, job) in queue.try_iter() {
                measures.queued.decrement(1.0);
                job.settle(Err(Failure::Unavailable));
            }
            on_fatal(&why);
            return;
        }
    }
}
