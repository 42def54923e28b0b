//! What a database remembers of the ring that it was set up with, in its `facts`.
//! Holds always: a ring that lacks a key this database knows of is refused, whether it is another ring or an older copy; the
//! values say nothing about the keys.

use diesel::prelude::*;

use super::keys::Keys;
use super::{KeyRing, RingError};
use crate::database::schema::facts as table;
use crate::database::{Connection, Failure, Timestamp};
use crate::privacy::facts;

/// Remembers the ring as such, by its lookup key.
const RING: &str = "key_ring";
/// And this, with an id after it, each key.
const KEY: &str = "key_ring.key.";

impl KeyRing {
    /// Whether this database was already set up with a ring. Until then, and never later, a ring may be made.
    ///
    /// # Errors
    /// The database failed.
    pub fn is_recorded(conn: &mut Connection) -> Result<bool, Failure> {
        Ok(facts::read(conn, RING)?.is_some())
    }

    /// Refuses when the database was set up with another ring, or with a newer copy of this one; records what is new to it.
    /// Run it inside a transaction that writes.
    ///
    /// # Errors
    /// This is another ring or an older copy, or the database failed.
    pub fn verify_or_record(&self, conn: &mut Connection, now: Timestamp) -> Result<(), RingError> {
        self.refresh();
        verify(conn, &self.keys(), now)
    }
}

impl KeyRing {
    /// Refuses like [`KeyRing::verify_or_record`], and only reads: a command beside a busy service waits for no writer.
    ///
    /// # Errors
    /// This is another ring or an older copy, the database was never set up with one, or it failed.
    pub fn fits(&self, conn: &mut Connection) -> Result<(), RingError> {
        let keys = self.keys();
        if facts::read(conn, RING)?.is_none_or(|recorded| recorded != keys.check_value()) {
            return Err(RingError::AnotherRing);
        }
        let checks: std::collections::BTreeMap<i32, [u8; 32]> = keys.key_checks().collect();
        for id in known_ids(conn)? {
            let recorded = facts::read(conn, &format!("{KEY}{id}"))?;
            if recorded.as_deref() != checks.get(&id).map(<[u8; 32]>::as_slice) {
                return Err(RingError::OlderCopy(id));
            }
        }
        Ok(())
    }
}

pub(super) fn verify(conn: &mut Connection, keys: &Keys, now: Timestamp) -> Result<(), RingError> {
    let check = keys.check_value();
    if facts::keep(conn, RING, &check, now)? != check {
        return Err(RingError::AnotherRing);
    }
    for id in known_ids(conn)? {
        if !keys.by_id.contains_key(&id) {
            return Err(RingError::OlderCopy(id));
        }
    }
    for (id, check) in keys.key_checks() {
        if facts::keep(conn, &format!("{KEY}{id}"), &check, now)? != check {
            return Err(RingError::OlderCopy(id));
        }
    }
    Ok(())
}

/// The id of each key that the database knows of.
fn known_ids(conn: &mut Connection) -> Result<Vec<i32>, RingError> {
    let names: Vec<String> = table::table
        .filter(table::name.like(format!("{KEY}%")))
        .select(table::name)
        .load(conn)
        .map_err(Failure::from)?;
    let id = |name: String| {
        let id = name.strip_prefix(KEY).and_then(|id| id.parse().ok());
        id.ok_or_else(|| Failure::Broken(format!("the fact {name} names no key")).into())
    };
    names.into_iter().map(id).collect()
}
