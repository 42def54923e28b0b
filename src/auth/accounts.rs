//! The rows of accounts.
//! Holds always: addresses, names and password hashes leave this module sealed or not at all.

use diesel::prelude::*;
use diesel::result::Error;

use crate::database::schema::accounts;
use crate::database::{Connection, Id};

/// Sets the account's plain safety flag: from then on nothing that pushes towards contact reaches this person.
/// Says whether anything changed; after the commit call [`super::Auth::forget_sessions_of`].
///
/// # Errors
/// The query's error.
pub fn set_no_outreach(conn: &mut Connection, owner: Id, no_outreach: bool) -> Result<bool, Error> {
    let flag = i16::from(no_outreach);
    let changed = diesel::update(accounts::table.find(owner).filter(accounts::no_outreach.ne(flag)))
        .set((accounts::no_outreach.eq(flag), accounts::version.eq(accounts::version + 1)))
        .execute(conn)?;
    Ok(changed > 0)
}
