//! The account's plain flag "no outreach content", kept true by the records that decide about it.
//! Holds always: the flag changes in the transaction of the record that changes it, and says nothing of why; only an act
//! of the owner lowers it, never the passing of time.

use crate::auth::{self, Caller};
use crate::database::{Connection, Id};
use crate::http::problem::Problem;

use super::collection::Collection;
use super::engine::Records;
use super::head;
use super::row::{self, Row};

impl Records {
    /// Keeps the account's plain flag true when one of `collections` decides about it.
    pub(super) fn refresh_flag(&self, conn: &mut Connection, owner: Id, collections: &[&str]) -> Result<(), Problem> {
        let touched = collections.iter().any(|name| self.registered(name).is_some_and(|it| it.withholds.is_some()));
        if !touched {
            return Ok(());
        }
        let mut withheld = head::withholds_outreach(conn, owner)?;
        for collection in &self.parts().collections {
            let Some(withholds) = collection.withholds else { continue };
            for row in row::kept(conn, owner, collection.name)? {
                withheld |= withholds(&self.parts().keystore, &row)?;
            }
        }
        auth::accounts::set_no_outreach(conn, owner, withheld)?;
        Ok(())
    }

    /// Whether one of the rows withholds. One that cannot be opened counts as if it did, so that no damage lifts the flag.
    pub(super) fn withholds(&self, rows: &[Row]) -> bool {
        rows.iter().any(|row| {
            let withholds = self.registered(&row.collection).and_then(|collection| collection.withholds);
            withholds.is_some_and(|withholds| withholds(&self.parts().keystore, row).unwrap_or(true))
        })
    }

    /// Lets the next request of the owner be judged by the flag as it is now.
    pub(super) fn after_commit<C: Collection>(&self, caller: &Caller) {
        if C::GUARDS_OUTREACH {
            self.parts().auth.forget_sessions_of(caller.account);
        }
    }
}
