//! Who sweeps: one row a task, with its holder, until when the lease holds, and when the task was last done.
//! Holds always: no lease outlives [`LEASE`] from now on, whichever clock jumped where, so that none is ever stuck.
//!
//! A lease is measured by the clock that all nodes share ([`shared_now`]): on PostgreSQL the server's, because a node whose
//! own clock jumped must neither take another's lease away nor keep its own for a year. On SQLite there is one node, and the
//! lease only tells which start of it works. When a task was last *done* is by the sweeping node's clock, like the rows.

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Stopped;
use crate::database::schema::sweeps;
use crate::database::{Clock, Connection, Failure, Id, Timestamp, shared_now};

/// How long a node that says nothing more keeps a task. Each batch begins with a new lease.
pub(super) const LEASE: Duration = Duration::from_mins(1);

/// How a task stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct State {
    /// Whether some node works on it.
    pub is_held: bool,
    /// When it was last swept to its end.
    pub swept_at: Option<Timestamp>,
}

impl State {
    /// Whether the task should be swept now. Done in the future is due, or a clock that was wrong once would stop it.
    pub(super) fn is_due(&self, now: Timestamp, pause: Duration) -> bool {
        self.swept_at.is_none_or(|swept_at| now < swept_at || now >= swept_at.plus(pause))
    }
}

/// How every task stands that was ever swept.
///
/// # Errors
/// The database failed.
pub fn states(conn: &mut Connection, clock: &Clock) -> Result<BTreeMap<String, State>, Failure> {
    let now = shared_now(conn, clock)?;
    let rows: Vec<(String, Option<Id>, Timestamp, Option<Timestamp>)> = sweeps::table.load(conn)?;
    let state = |(task, holder, until, swept_at): (_, Option<Id>, _, _)| {
        (task, State { is_held: holder.is_some() && holds(until, now), swept_at })
    };
    Ok(rows.into_iter().map(state).collect())
}

/// Whether a lease until `until` holds. One that ends later than any lease can was given by a clock that has gone back.
fn holds(until: Timestamp, now: Timestamp) -> bool {
    until > now && until <= now.plus(LEASE)
}

/// A task as this node holds it, or wants to.
#[derive(Clone)]
pub(super) struct Held {
    pub task: &'static str,
    pub node: Id,
    pub clock: Clock,
}

impl Held {
    /// Takes the lease if it is free and nobody has swept since `seen`.
    pub(super) fn take(&self, conn: &mut Connection, seen: State) -> Result<bool, Failure> {
        let now = shared_now(conn, &self.clock)?;
        diesel::sql_query("INSERT INTO sweeps (task, held_until) VALUES ($1, 0) ON CONFLICT DO NOTHING")
            .bind::<Text, _>(self.task)
            .execute(conn)?;
        // The row's lock first: on PostgreSQL whoever takes it at the same time waits here, and then sees what was taken.
        diesel::update(sweeps::table.find(self.task)).set(sweeps::task.eq(self.task)).execute(conn)?;
        let (holder, until, swept_at): (Option<Id>, Timestamp, Option<Timestamp>) =
            sweeps::table.find(self.task).select((sweeps::holder, sweeps::held_until, sweeps::swept_at)).first(conn)?;
        let is_free = holder.is_none_or(|holder| holder == self.node || !holds(until, now));
        if !is_free || swept_at != seen.swept_at {
            return Ok(false);
        }
        let taken = (sweeps::holder.eq(Some(self.node)), sweeps::held_until.eq(now.plus(LEASE)));
        diesel::update(sweeps::table.find(self.task)).set(taken).execute(conn)?;
        Ok(true)
    }

    /// Holds the lease for another while, and keeps everybody else off until this transaction ends.
    ///
    /// # Errors
    /// The lease ran out and another node took it.
    pub(super) fn renew(&self, conn: &mut Connection) -> Result<(), Stopped> {
        let until = shared_now(conn, &self.clock)?.plus(LEASE);
        let mine = sweeps::table.find(self.task).filter(sweeps::holder.eq(self.node));
        let renewed = diesel::update(mine).set(sweeps::held_until.eq(until)).execute(conn)?;
        if renewed == 1 { Ok(()) } else { Err(Stopped::LeaseLost) }
    }

    /// Gives the lease back. `done`: when the task was swept to its end.
    pub(super) fn release(&self, conn: &mut Connection, done: Option<Timestamp>) -> Result<(), Failure> {
        let mine = sweeps::table.find(self.task).filter(sweeps::holder.eq(self.node));
        let freed = (sweeps::holder.eq(None::<Id>), sweeps::held_until.eq(Timestamp::from_micros(0)));
        match done {
            Some(_) => diesel::update(mine).set((freed, sweeps::swept_at.eq(done))).execute(conn)?,
            None => diesel::update(mine).set(freed).execute(conn)?,
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::database::Database;

    const HOUR: Duration = Duration::from_hours(1);

    struct Ground {
        database: Database,
        clock: Clock,
        _folder: tempfile::TempDir,
    }

    impl Ground {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let clock = Clock::manual(Timestamp::from_micros(1_793_610_000_000_000));
            let database = Database::open(&Config::for_tests(folder.path()).database, clock.clone()).unwrap();
            database.migrate().unwrap();
            Self { database, clock, _folder: folder }
        }

        fn node(&self) -> Held {
            Held { task: "trash", node: Id::new(), clock: self.clock.clone() }
        }

        fn state(&self) -> State {
            let clock = self.clock.clone();
            let states = self.database.read_now(|conn| states(conn, &clock)).unwrap();
            states.get("trash").copied().unwrap_or_default()
        }

        fn takes(&self, held: &Held) -> bool {
            let (held, seen) = (held.clone(), self.state());
            self.database.write_now(move |conn| held.take(conn, seen)).unwrap()
        }

        fn renews(&self, held: &Held) -> bool {
            let held = held.clone();
            self.database.write_now(move |conn| held.renew(conn)).is_ok()
        }
    }

    #[test]
    fn one_node_holds_a_task_and_loses_it_after_its_time() {
        let ground = Ground::new();
        let (first, second) = (ground.node(), ground.node());
        assert!(ground.takes(&first));
        assert!(ground.takes(&first), "after a panic the same node goes on");
        assert!(!ground.takes(&second));
        assert!(ground.state().is_held);
        ground.clock.advance(LEASE / 2);
        assert!(ground.renews(&first));
        ground.clock.advance(LEASE / 2);
        assert!(!ground.takes(&second), "the lease was renewed");
        ground.clock.advance(LEASE / 2);
        assert!(ground.takes(&second));
        assert!(!ground.renews(&first), "whoever lost the lease changes nothing");
    }

    #[test]
    fn a_lease_is_never_stuck_in_the_future() {
        let ground = Ground::new();
        let (first, second) = (ground.node(), ground.node());
        let now = ground.clock.now();
        ground.clock.set(now.plus(HOUR * 24 * 365));
        assert!(ground.takes(&first));
        ground.clock.set(now);
        assert!(ground.takes(&second));
    }

    #[test]
    fn who_comes_second_sees_that_it_is_done() {
        let ground = Ground::new();
        let (first, second) = (ground.node(), ground.node());
        let before = ground.state();
        assert!(ground.takes(&first));
        let (done, now) = (first.clone(), ground.clock.now());
        ground.database.write_now(move |conn| done.release(conn, Some(now))).unwrap();
        let late = second.clone();
        assert!(!ground.database.write_now(move |conn| late.take(conn, before)).unwrap());
        assert!(!ground.state().is_due(now.plus(HOUR / 2), HOUR));
        assert!(ground.state().is_due(now.plus(HOUR), HOUR));
        assert!(ground.state().is_due(now.minus(HOUR * 9), HOUR), "done in the future");
    }
}
