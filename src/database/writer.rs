//! The one writer of SQLite: a thread that takes what waits in its queue and commits it together.
//! Holds always: the queue is bounded and a full one refuses at once; after a fatal error nothing is written any more.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::batch::{self, Ended};
use super::crowd::Crowd;
use super::job::AnyJob;
use super::measures::Measures;
use super::seen::Seen;
use super::{Connection, Failure, OpenError};

/// Jobs of one commit at most, so that the first of them does not wait for a queue of slow ones.
const BATCH: usize = 64;

/// A batch is held back for those who write again only after one of at least so many jobs: a lone writer never waits.
const A_FEW: usize = 4;
/// The longest that a batch is held back.
const LONGEST_WAIT: Duration = Duration::from_millis(2);
/// How often somebody looks who holds a batch back. To be woken by each job would cost more than the jobs do.
const LOOK: Duration = Duration::from_micros(100);

/// What to do when the database may no longer be trusted. The service exits; tests look.
pub type OnFatal = Arc<dyn Fn(&str) + Send + Sync>;

/// The queue's entrance and the thread behind it.
pub(super) struct Writer {
    queue: RwLock<Option<Sender<Queued>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    measures: Measures,
}

/// A job, and since when it waits.
type Queued = (Instant, AnyJob);

impl Writer {
    /// Starts the thread on a connection that nobody else has; `waiting` jobs may be queued.
    pub(super) fn start(
        connection: Connection,
        waiting: usize,
        measures: Measures,
        crowd: Crowd,
        on_fatal: OnFatal,
    ) -> Result<Self, OpenError> {
        let (entrance, queue) = bounded(waiting);
        let inside = measures.clone();
        let thread = std::thread::Builder::new()
            .name("database-writer".to_owned())
            .spawn(move || work(connection, &queue, &inside, &crowd, &on_fatal))
            .map_err(OpenError::Thread)?;
        Ok(Self { queue: RwLock::new(Some(entrance)), thread: Mutex::new(Some(thread)), measures })
    }

    /// Queues a job, or says at once why not.
    pub(super) fn submit(&self, job: AnyJob) -> Result<(), Failure> {
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

fn work(mut connection: Connection, queue: &Receiver<Queued>, measures: &Measures, crowd: &Crowd, on_fatal: &OnFatal) {
    let seen = Seen::watch(&mut connection);
    let mut last = Last::default();
    while let Ok((since, first)) = queue.recv() {
        measures.writer_wait.record(since.elapsed().as_secs_f64());
        last.wait_for_those_answered(queue);
        let mut jobs = vec![first];
        // While one batch is synced to disk the next one gathers here: that is the whole of group commit.
        jobs.extend(queue.try_iter().take(BATCH - 1).map(|(_, job)| job));
        let (begun, together) = (Instant::now(), jobs.len());
        let count = u32::try_from(jobs.len()).map_or(f64::MAX, f64::from);
        measures.queued.decrement(count);
        measures.batch.record(count);
        if let Ended::Fatally(why) = batch::run(&mut connection, &seen, measures, crowd, jobs) {
            for (_, job) in queue.try_iter() {
                measures.queued.decrement(1.0);
                job.settle(Err(Failure::Unavailable));
            }
            on_fatal(&why);
            return;
        }
        last = Last { jobs: together, took: begun.elapsed(), queued: queue.len() };
    }
}

/// The batch before.
#[derive(Default)]
struct Last {
    jobs: usize,
    took: Duration,
    /// Jobs that had come meanwhile.
    queued: usize,
}

impl Last {
    /// Under load, those who were just answered write again at about the same time, while others wait already. Without
    /// this the two crowds take turns, each waiting for the other's sync; held back a little, they share one.
    fn wait_for_those_answered(&self, queue: &Receiver<Queued>) {
        if self.jobs < A_FEW {
            return;
        }
        let expected = (self.jobs + self.queued).min(BATCH);
        let patience = (self.took / 2).min(LONGEST_WAIT);
        let begun = Instant::now();
        while queue.len() + 1 < expected && begun.elapsed() < patience {
            std::thread::sleep(LOOK);
        }
    }
}
