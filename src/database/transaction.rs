//! A write on PostgreSQL: one transaction on one connection; the server groups the commits itself.
//! Holds always: an answer says that nothing happened only where that is certain.

use std::time::Instant;

use diesel::connection::{SimpleConnection as _, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error};

use super::job::{AnyJob, Job, Wish};
use super::measures::Measures;
use super::pool::{Borrowed, Pool, Pooled};
use super::{Connection, Failure};

type Manager = <Connection as diesel::connection::Connection>::TransactionManager;

/// Runs the job as one transaction and answers it. Blocks.
pub(super) fn write(pool: &Pool, measures: &Measures, mut job: AnyJob) {
    let end = borrow_begun(pool).and_then(|mut borrowed| in_transaction(&mut borrowed, measures, job.as_mut()));
    job.settle(end);
}

/// Runs the job in the transaction that has begun, and ends it. An error means that a job that did well is not kept.
fn in_transaction(pooled: &mut Pooled, measures: &Measures, job: &mut dyn Job) -> Result<(), Failure> {
    let wish = job.run(&mut pooled.connection);
    let end = if wish == Wish::Keep { kept(pooled, measures) } else { Ok(()) };
    if (wish == Wish::Undo || end.is_err()) && !is_idle(&mut pooled.connection) {
        // Where the job was nested deeper, one rollback is not enough; the server undoes the rest when the connection goes.
        pooled.spent |= Manager::rollback_transaction(&mut pooled.connection).is_err();
        pooled.spent |= !is_idle(&mut pooled.connection);
    }
    pooled.review();
    end
}

fn kept(pooled: &mut Pooled, measures: &Measures) -> Result<(), Failure> {
    settled(pooled)?;
    let begun = Instant::now();
    commit(pooled)?;
    measures.committed(begun.elapsed());
    Ok(())
}

/// A connection inside a new transaction. A connection that died while it lay idle shows it here, where nothing is lost.
fn borrow_begun(pool: &Pool) -> Result<Borrowed, Failure> {
    let mut borrowed = pool.borrow()?;
    if begin(&mut borrowed).is_ok() {
        return Ok(borrowed);
    }
    borrowed.spent = true;
    drop(borrowed);
    let mut another = pool.borrow()?;
    begin(&mut another)?;
    Ok(another)
}

fn begin(pooled: &mut Pooled) -> Result<(), Failure> {
    pooled.seen.take();
    Manager::begin_transaction(&mut pooled.connection)?;
    Ok(())
}

/// Whether a job that says it succeeded left a transaction that can be committed.
///
/// PostgreSQL answers COMMIT with success after an error that the job ignored, and rolls back.
fn settled(pooled: &mut Pooled) -> Result<(), Failure> {
    let depth = Manager::transaction_manager_status_mut(&mut pooled.connection).transaction_depth()?;
    if depth.map(std::num::NonZeroU32::get) != Some(1) {
        return Err(Failure::Broken("a job left a transaction of its own open".to_owned()));
    }
    let noted = pooled.seen.take();
    pooled.spent |= noted.discard;
    if noted.any && pooled.connection.batch_execute("SELECT 1").is_err() {
        let why = "a job ignored a failed query outside of a transaction of its own";
        return Err(Failure::Broken(why.to_owned()));
    }
    Ok(())
}

fn commit(pooled: &mut Pooled) -> Result<(), Failure> {
    let Err(error) = Manager::commit_transaction(&mut pooled.connection) else { return Ok(()) };
    match &error {
        // The server itself said that it did not commit.
        Error::DatabaseError(kind, _) if !is_lost(*kind) => Err(Failure::from(&error)),
        _ => {
            pooled.spent = true;
            tracing::warn!(%error, "the connection broke during a commit");
            Err(Failure::OutcomeUnknown)
        }
    }
}

const fn is_lost(kind: DatabaseErrorKind) -> bool {
    matches!(kind, DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand)
}

fn is_idle(connection: &mut Connection) -> bool {
    matches!(Manager::transaction_manager_status_mut(connection).transaction_depth(), Ok(None))
}
