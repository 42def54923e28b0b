//! The account's plain flag "no outreach content", kept true by the records that decide about it.
//! Holds always: the flag changes in the transaction of the record that changes it, and says nothing of why.

use crate::auth::{self, Caller};
use crate::database::{Connection, Id};
use crate::http::problem::Problem;

use super::collection::Collection;
use super::engine::Records;
use super::row;

impl Records {
    /// Keeps the account's plain flag true when one of `collections` decides about it.
    pub(super) fn refresh_flag(&self, conn: &mut Connection, owner: Id, collections: &[&str]) -> Result<(), Problem> {
        let touched = collections.iter().any(|name| self.registered(name).is_some_and(|it| it.withholds.is_some()));
        if !touched {
            return Ok(());
        }
        let mut withheld = false;
        for collection in &self.parts().collections {
            let Some(withholds) = collection.withholds else { continue };
            for row in row::kept(conn, owner, collection.name)? {
                withheld |= withholds(&self.parts().keystore, &row)?;
            }
        }
        auth::accounts::set_no_outreach(conn, owner, withheld)?;
        Ok(())
    }

    /// Lets the next request of the owner be judged by the flag as it is now.
    pub(super) fn after_commit<C: Collection>(&self, caller: &Caller) {
        if C::GUARDS_OUTREACH {
            self.parts().auth.forget_sessions_of(caller.account);
        }
    }
}
