//! A write on its way: what it does, and whom it answers.
//! Holds always: a job's answer is given once, and only by `settle`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Connection, Failure};

/// What a job that ran wants to become of its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Keep,
    Undo,
}

/// A write that can run inside a transaction that it knows nothing of.
pub(super) trait Job: Send {
    /// Does the work. A panic is caught and counts as a failure of this job alone.
    fn run(&mut self, connection: &mut Connection) -> Wish;

    /// Answers the caller: the job's own result once the transaction is durable, else why it is not.
    fn settle(self: Box<Self>, end: Result<(), Failure>);
}

/// The job made of a closure and of a way to answer.
pub(super) struct Task<T, E, W, A> {
    work: Option<W>,
    result: Option<Result<T, E>>,
    answer: A,
}

impl<T, E, W, A> Task<T, E, W, A> {
    pub(super) fn new(work: W, answer: A) -> Self
    where
        W: FnOnce(&mut Connection) -> Result<T, E> + Send,
        A: FnOnce(Result<T, E>) + Send,
    {
        Self { work: Some(work), result: None, answer }
    }
}

impl<T, E, W, A> Job for Task<T, E, W, A>
where
    T: Send,
    E: From<Failure> + Send,
    W: FnOnce(&mut Connection) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, connection: &mut Connection) -> Wish {
        let Some(work) = self.work.take() else { return Wish::Undo };
        let result = caught("job", || work(connection));
        let wish = if result.is_ok() { Wish::Keep } else { Wish::Undo };
        self.result = Some(result);
        wish
    }

    fn settle(self: Box<Self>, end: Result<(), Failure>) {
        let result = match end {
            Ok(()) => self.result.unwrap_or_else(|| Err(Failure::Unavailable.into())),
            Err(failure) => Err(failure.into()),
        };
        (self.answer)(result);
    }
}

/// Runs the work and turns a panic into a failure. The connection's state must be set right afterwards.
pub(super) fn caught<T, E: From<Failure>>(what: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_panic| Err(Failure::Broken(format!("a database {what} panicked")).into()))
}
