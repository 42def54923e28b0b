//! What the sweeper asks of the private engine: purging trash whose time is over, and which data keys nothing needs.
//! Holds always: a swept record ends exactly like one that its owner purged, except that the account's flag stays as it
//! is: time alone never opens what somebody was kept away from.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::auth;
use crate::database::schema::{record_revisions, records};
use crate::database::{Connection, Id, Timestamp};
use crate::http::problem::Problem;

use super::engine::Records;
use super::head::{self, Change};
use super::removal::TRASH_RETENTION;
use super::row::{self, Row};

/// A data key's place in the keystore: its owner and its id.
pub type KeyPlace = (Id, Id);

impl Records {
    /// Purges records that have been in the trash for longer than it keeps them, with what went there with them: whole
    /// trees, until `limit` rows are reached. Run it inside a job. Says how many rows.
    ///
    /// # Errors
    /// Database failures.
    pub fn sweep_trash(&self, conn: &mut Connection, now: Timestamp, limit: usize) -> Result<usize, Problem> {
        let before = now.minus(TRASH_RETENTION);
        let mut swept = 0;
        for (owner, id) in due(conn, before, limit)? {
            if swept >= limit {
                break;
            }
            swept += self.sweep_tree(conn, owner, id, before)?;
        }
        Ok(swept)
    }

    fn sweep_tree(&self, conn: &mut Connection, owner: Id, id: Id, before: Timestamp) -> Result<usize, Problem> {
        // The head's lock comes first, as in every write; then the row is read as it is now: it may have been restored.
        let sequence = head::advance(conn, owner, Change::default(), &self.parts().limits)?;
        let is_due = |row: &Row| row.is_root_of_trash() && row.trashed_at.is_some_and(|at| at <= before);
        let Some(root) = row::any(conn, owner, id)?.filter(is_due) else { return Ok(0) };
        let rows = self.purge_tree(conn, owner, root, sequence)?;
        if self.withholds(&rows) {
            head::set_outreach_withheld(conn, owner, true)?;
        }
        Ok(rows.len())
    }

    /// Those of `keys` that neither a living account nor a record needs.
    ///
    /// # Errors
    /// Database failures.
    pub fn unneeded_keys(&self, conn: &mut Connection, keys: &[KeyPlace]) -> Result<Vec<KeyPlace>, Problem> {
        let owners: BTreeSet<Id> = keys.iter().map(|(owner, _)| *owner).collect();
        let owners: Vec<Id> = owners.into_iter().collect();
        let accounts: BTreeSet<Id> = auth::accounts::existing(conn, &owners)?.into_iter().collect();
        let mut asked: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        // An account's standing key carries the account's id and is kept as long as the account, used or not.
        for (owner, id) in keys.iter().filter(|(owner, id)| owner != id || !accounts.contains(owner)) {
            asked.entry(*owner).or_default().push(*id);
        }
        let mut unneeded = Vec::new();
        for (owner, ids) in asked {
            let used = used_keys(conn, owner, &ids)?;
            unneeded.extend(ids.into_iter().filter(|id| !used.contains(id)).map(|id| (owner, id)));
        }
        Ok(unneeded)
    }
}

/// The one look across owners: the roots of the trash that went there at `before` or earlier, the oldest first.
fn due(conn: &mut Connection, before: Timestamp, limit: usize) -> QueryResult<Vec<(Id, Id)>> {
    records::table
        .filter(records::trashed_at.le(before))
        .filter(records::purged_at.is_null())
        .filter(records::trashed_with.eq(records::id.nullable()))
        .order(records::trashed_at.asc())
        .select((records::owner, records::id))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)
}

/// Which of these keys of the owner seal a record or an earlier version of one.
fn used_keys(conn: &mut Connection, owner: Id, ids: &[Id]) -> QueryResult<BTreeSet<Id>> {
    let wanted: Vec<Option<Id>> = ids.iter().copied().map(Some).collect();
    let current: Vec<Option<Id>> = records::table
        .filter(records::owner.eq(owner))
        .filter(records::data_key.eq_any(wanted))
        .select(records::data_key)
        .distinct()
        .load(conn)?;
    let earlier: Vec<Id> = record_revisions::table
        .filter(record_revisions::owner.eq(owner))
        .filter(record_revisions::data_key.eq_any(ids.to_vec()))
        .select(record_revisions::data_key)
        .distinct()
        .load(conn)?;
    Ok(current.into_iter().flatten().chain(earlier).collect())
}
