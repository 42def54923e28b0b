//! One batch of writes on SQLite: each job in a savepoint, one commit for all.
//! Holds always: no job is answered before the commit; a lost transaction fails every job of its batch.

use std::num::NonZeroU32;
use std::time::Instant;

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager};

use super::crowd::Crowd;
use super::failure::is_damage;
use super::job::{AnyJob, Job, Wish};
use super::measures::Measures;
use super::seen::Seen;
use super::{Connection, Failure};

/// How a batch ended. Its jobs are settled in any case.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The next batch may run.
    Well,
    /// Nothing may be acknowledged on this database any more; why.
    Fatally(String),
}

/// Why none of a batch's changes are kept.
struct Lost {
    answer: Failure,
    fatal: Option<String>,
}

impl Lost {
    fn by(answer: Failure) -> Self {
        Self { answer, fatal: None }
    }

    fn fatally(answer: Failure, why: impl Into<String>) -> Self {
        Self { answer, fatal: Some(why.into()) }
    }
}

/// Runs the jobs in one transaction and answers them all.
pub(super) fn run(
    connection: &mut Connection,
    seen: &Seen,
    measures: &Measures,
    crowd: &Crowd,
    mut jobs: Vec<AnyJob>,
) -> Ended {
    let done = begin(connection)
        .and_then(|()| {
            jobs.iter_mut().try_for_each(|job| {
                crowd.give_way();
                in_savepoint(connection, seen, job.as_mut())
            })
        })
        .and_then(|()| {
            let begun = Instant::now();
            let committed = commit(connection);
            measures.committed(begun.elapsed());
            committed
        });
    let (end, ended) = match done {
        Ok(()) => (Ok(()), Ended::Well),
        Err(lost) => {
            let cleared = clear(connection);
            let fatal = lost.fatal.or_else(|| cleared.err());
            (Err(lost.answer), fatal.map_or(Ended::Well, Ended::Fatally))
        }
    };
    for job in jobs {
        job.settle(end.clone());
    }
    ended
}

fn begin(connection: &mut Connection) -> Result<(), Lost> {
    let Connection::Sqlite(sqlite) = connection else {
        return Err(Lost::fatally(Failure::Unavailable, "batches are for SQLite only"));
    };
    // Immediate, since a deferred transaction that starts with a read could not become a writer later.
    AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE").map_err(|error| {
        match Failure::from(&error) {
            Failure::Broken(why) => Lost::fatally(Failure::Unavailable, why),
            // Another process writes (the command line, a backup), or the disk is full: both pass.
            passing => Lost::by(passing),
        }
    })
}

/// Runs one job. An error means that the batch's transaction is gone, not that the job failed.
fn in_savepoint(connection: &mut Connection, seen: &Seen, job: &mut dyn Job) -> Result<(), Lost> {
    seen.take();
    let begun = Manager::begin_transaction(connection);
    let wish = if begun.is_ok() { job.run(connection) } else { Wish::Undo };
    let noted = seen.take();
    if let Some(why) = noted.damage {
        return Err(Lost::fatally(Failure::Unavailable, why));
    }
    // A panicking job, or one that lost count of its own transactions, leaves them open.
    while depth(connection).is_some_and(|depth| depth > 2) && Manager::rollback_transaction(connection).is_ok() {}
    let closed = match wish {
        Wish::Keep => Manager::commit_transaction(connection),
        Wish::Undo => Manager::rollback_transaction(connection),
    };
    // SQLite rolls the whole transaction back on some errors (disk full, out of memory). The savepoint is gone then,
    // and whatever ran next would commit alone.
    if begun.is_ok() && closed.is_ok() && depth(connection) == Some(1) {
        Ok(())
    } else if noted.disk_full {
        Err(Lost::by(Failure::DiskFull))
    } else {
        let why = begun.and(closed).map_or_else(|error| error.to_string(), |()| "its depth is wrong".to_owned());
        Err(Lost::fatally(Failure::Unavailable, format!("a batch's transaction was lost: {why}")))
    }
}

fn commit(connection: &mut Connection) -> Result<(), Lost> {
    Manager::commit_transaction(connection).map_err(|error| {
        // The rollback that diesel tries finds no transaction when SQLite has ended it already.
        let cause = match &error {
            diesel::result::Error::RollbackErrorOnCommit { commit_error, .. } => commit_error.as_ref(),
            other => other,
        };
        match Failure::from(cause) {
            // No room, or in the keystore's journal mode a reader that stays too long: rolled back for certain.
            passing @ (Failure::DiskFull | Failure::Overloaded) if !is_damage(&error) => Lost::by(passing),
            // After a failed sync the next one may lie, so nothing more is tried.
            _ => Lost::fatally(Failure::OutcomeUnknown, format!("a commit failed: {cause}")),
        }
    })
}

/// Makes the connection ready for the next batch after a transaction was lost.
fn clear(connection: &mut Connection) -> Result<(), String> {
    // The first rollback ends what may be open. The second finds nothing, and that failure is what makes diesel see that
    // SQLite is outside of any transaction.
    let _ = connection.batch_execute("ROLLBACK");
    let _ = connection.batch_execute("ROLLBACK");
    match depth(connection) {
        None => Ok(()),
        Some(depth) => Err(format!("a lost transaction could not be cleared, depth {depth}")),
    }
}

/// Both engines behind one type are their own transaction manager.
type Manager = <Connection as diesel::connection::Connection>::TransactionManager;

/// How many transactions and savepoints are open; none also when diesel gave the connection up.
fn depth(connection: &mut Connection) -> Option<u32> {
    Manager::transaction_manager_status_mut(connection).transaction_depth().ok().flatten().map(NonZeroU32::get)
}
