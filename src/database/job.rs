//! A read or a write on its way: what it does, and whom it answers.
//! Holds always: it is answered once, and only by `settle`.
//!
//! Each closure of the service becomes a job here, behind one type. What queues, runs, commits and awaits jobs is compiled
//! once instead of once for each closure, which is a tenth of the binary.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use tokio::sync::oneshot;

use super::mailbox::Mailbox;
use super::{Connection, Failure};

/// What a job that ran wants to become of its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Keep,
    Undo,
}

/// Work that can run inside a transaction that it knows nothing of.
pub(super) trait Job: Send {
    /// Whether somebody still waits for the answer.
    fn is_wanted(&self) -> bool;

    /// Does the work. A panic is caught and counts as a failure of this job alone; the connection's state must be set
    /// right afterwards.
    fn run(&mut self, connection: &mut Connection) -> Wish;

    /// Answers the caller: the job's own result once what it did is durable, else why it is not.
    fn settle(self: Box<Self>, end: Result<(), Failure>);
}

/// A job on the heap.
pub(super) type AnyJob = Box<dyn Job>;

/// The job that runs a closure, and where its answer will be: by way of `home`, or at once. `what` names it when it panics.
pub(super) fn asked<T, E>(
    what: &'static str,
    home: Option<Mailbox>,
    work: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
) -> (AnyJob, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<Failure> + Send + 'static,
{
    let (sender, answer) = oneshot::channel();
    (Box::new(Task { what, work: Some(work), result: None, answer: Answer::Awaited(sender, home) }), answer)
}

/// [`asked`] for a caller that blocks.
pub(super) fn asked_now<T, E>(
    what: &'static str,
    work: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
) -> (AnyJob, mpsc::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<Failure> + Send + 'static,
{
    let (sender, answer) = mpsc::sync_channel(1);
    (Box::new(Task { what, work: Some(work), result: None, answer: Answer::Blocked(sender) }), answer)
}

/// The way back to the caller.
enum Answer<R> {
    Awaited(oneshot::Sender<R>, Option<Mailbox>),
    Blocked(mpsc::SyncSender<R>),
}

struct Task<T, E, W> {
    what: &'static str,
    work: Option<W>,
    result: Option<Result<T, E>>,
    answer: Answer<Result<T, E>>,
}

impl<T, E, W> Job for Task<T, E, W>
where
    T: Send + 'static,
    E: From<Failure> + Send + 'static,
    W: FnOnce(&mut Connection) -> Result<T, E> + Send,
{
    fn is_wanted(&self) -> bool {
        match &self.answer {
            Answer::Awaited(sender, _) => !sender.is_closed(),
            Answer::Blocked(_) => true,
        }
    }

    fn run(&mut self, connection: &mut Connection) -> Wish {
        let Some(work) = self.work.take() else { return Wish::Undo };
        let result = catch_unwind(AssertUnwindSafe(|| work(connection)))
            .unwrap_or_else(|_panic| Err(Failure::Broken(format!("a database {} panicked", self.what)).into()));
        let wish = if result.is_ok() { Wish::Keep } else { Wish::Undo };
        self.result = Some(result);
        wish
    }

    fn settle(self: Box<Self>, end: Result<(), Failure>) {
        let result = match end {
            Ok(()) => self.result.unwrap_or_else(|| Err(Failure::Unavailable.into())),
            Err(failure) => Err(failure.into()),
        };
        // A caller that hung up no longer wants to know.
        match self.answer {
            Answer::Awaited(sender, Some(home)) => home.put(Box::new(move || drop(sender.send(result)))),
            Answer::Awaited(sender, None) => drop(sender.send(result)),
            Answer::Blocked(sender) => drop(sender.send(result)),
        }
    }
}
