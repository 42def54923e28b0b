//! The account's plain flag "no outreach content", kept true by the records that decide about it and by its owner's act.
//! Holds always: the flag changes in the transaction of what changes it, and says nothing of why; only an act of the owner
//! lowers it, never the passing of time; what the owner opened closes again when a record says more than before.

use crate::auth::events::{self, Kind};
use crate::auth::{Caller, accounts};
use crate::database::{Connection, Id};
use crate::http::conditional::IfMatch;
use crate::http::problem::Problem;

use super::collection::Collection;
use super::engine::Records;
use super::head::{self, Change};
use super::row::{self, Row};

impl Records {
    /// Keeps the account's plain columns true when records of `collections` changed. `anew`: one of them withholds
    /// outreach content that did not before.
    pub(super) fn settle_account(
        &self,
        conn: &mut Connection,
        owner: Id,
        collections: &[&str],
        anew: bool,
    ) -> Result<(), Problem> {
        let touched: Vec<_> = collections.iter().filter_map(|name| self.registered(name)).collect();
        if touched.iter().any(|collection| collection.shapes.is_some()) {
            accounts::raise_sight(conn, owner)?;
        }
        if touched.iter().all(|collection| collection.withholds.is_none()) {
            return Ok(());
        }
        if accounts::is_outreach_opened(conn, owner)? {
            if !anew {
                return Ok(());
            }
            accounts::set_outreach_opened(conn, owner, false)?;
            let now = self.parts().database.clock().now();
            events::append(conn, Some(owner), None, Kind::OutreachClosed, now)?;
        }
        let mut withheld = head::withholds_outreach(conn, owner)?;
        for collection in &self.parts().collections {
            let Some(withholds) = collection.withholds else { continue };
            for row in row::kept(conn, owner, collection.name)? {
                withheld |= withholds(&self.parts().keystore, &row)?;
            }
        }
        accounts::set_no_outreach(conn, owner, withheld)?;
        Ok(())
    }

    /// The owner's own act: opens the safety filter whatever their records say, or closes it whatever they say. Both are
    /// logged for the owner to see, and each undoes the other.
    ///
    /// # Errors
    /// 412 when the account changed since it was read; database failures.
    pub async fn choose_outreach(
        &self,
        caller: &Caller,
        shown: bool,
        if_match: IfMatch,
    ) -> Result<accounts::Profile, Problem> {
        let (engine, asker) = (self.clone(), caller.clone());
        let job = move |conn: &mut Connection| engine.choose_now(conn, &asker, shown, &if_match);
        let profile = self.parts().database.write(job).await?;
        self.parts().auth.forget_sessions_of(caller.account);
        Ok(profile)
    }

    fn choose_now(
        &self,
        conn: &mut Connection,
        caller: &Caller,
        shown: bool,
        if_match: &IfMatch,
    ) -> Result<accounts::Profile, Problem> {
        let (parts, owner) = (self.parts(), caller.account);
        // The head's lock first, as in every write; the owner's first act makes their head.
        head::advance(conn, owner, Change::default(), &parts.limits)?;
        let ring = parts.auth.ring();
        if_match.check(accounts::profile(conn, ring, owner)?.version)?;
        head::set_outreach_withheld(conn, owner, !shown)?;
        accounts::set_outreach_opened(conn, owner, shown)?;
        accounts::set_no_outreach(conn, owner, !shown)?;
        let kind = if shown { Kind::OutreachOpened } else { Kind::OutreachClosed };
        events::append(conn, Some(owner), Some(caller.session), kind, parts.database.clock().now())?;
        Ok(accounts::profile(conn, ring, owner)?)
    }

    /// Whether one of the rows withholds. One that cannot be opened counts as if it did, so that no damage lifts the flag.
    pub(super) fn withholds(&self, rows: &[Row]) -> bool {
        rows.iter().any(|row| {
            let withholds = self.registered(&row.collection).and_then(|collection| collection.withholds);
            withholds.is_some_and(|withholds| withholds(&self.parts().keystore, row).unwrap_or(true))
        })
    }

    /// Lets the next request of the owner be judged by the account as it is now.
    pub(super) fn after_commit<C: Collection>(&self, caller: &Caller) {
        if C::GUARDS_OUTREACH || C::SHAPES_SIGHT {
            self.parts().auth.forget_sessions_of(caller.account);
        }
    }
}
