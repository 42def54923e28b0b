//! What a database remembers of the ring that it was set up with, in its `facts`.
//! Holds always: a ring that lacks a key this database knows of is refused, whether it is another ring or an older copy; the
//! values say nothing about the keys.

use diesel::prelude::*;

use super::keys::Keys;
use super::{KeyRing, RingError};
use crate::database::schema::facts;
use crate::database::{Bytes, Connection, Failure, Timestamp};

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
        Ok(recorded(conn, RING)?.is_some())
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

pub(super) fn verify(conn: &mut Connection, keys: &Keys, now: Timestamp) -> Result<(), RingError> {
    match recorded(conn, RING)? {
        Some(value) if value == keys.check_value() => {}
        Some(_) => return Err(RingError::AnotherRing),
        None => record(conn, RING, &keys.check_value(), now)?,
    }
    let checks: std::collections::BTreeMap<i32, [u8; 32]> = keys.key_checks().collect();
    let known = known_keys(conn)?;
    if let Some((id, _)) = known.iter().find(|(id, check)| checks.get(id).is_none_or(|own| own.as_slice() != check)) {
        return Err(RingError::OlderCopy(*id));
    }
    for (id, check) in checks.iter().filter(|(id, _)| !known.iter().any(|(known, _)| known == *id)) {
        record_key(conn, *id, check, now)?;
    }
    Ok(())
}

/// Each key that the database knows of, with its check value.
fn known_keys(conn: &mut Connection) -> Result<Vec<(i32, Vec<u8>)>, RingError> {
    let rows: Vec<(String, Bytes)> = facts::table
        .filter(facts::name.like(format!("{KEY}%")))
        .select((facts::name, facts::value))
        .order(facts::name)
        .load(conn)
        .map_err(Failure::from)?;
    rows.into_iter()
        .map(|(name, Bytes(check))| {
            let id = name.strip_prefix(KEY).and_then(|id| id.parse().ok());
            let id = id.ok_or_else(|| Failure::Broken(format!("the fact {name} names no key")))?;
            Ok((id, check))
        })
        .collect()
}

pub(super) fn record_key(conn: &mut Connection, id: i32, check: &[u8], now: Timestamp) -> Result<(), RingError> {
    record(conn, &format!("{KEY}{id}"), check, now)
}

fn recorded(conn: &mut Connection, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let value: Option<Bytes> = facts::table.find(name).select(facts::value).first(conn).optional()?;
    Ok(value.map(|Bytes(value)| value))
}

fn record(conn: &mut Connection, name: &str, value: &[u8], now: Timestamp) -> Result<(), RingError> {
    diesel::insert_into(facts::table)
        .values((facts::name.eq(name), facts::value.eq(Bytes(value.to_vec())), facts::updated_at.eq(now)))
        .execute(conn)
        .map_err(Failure::from)?;
    Ok(())
}
