//! The keystore's queries, the same on both engines.
//! Holds always: every one of them that names a key names its owner first.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::database::ids::sql_types;
use crate::database::schema::keystore::data_keys;
use crate::database::{Bytes, Connection, Failure, Id, Timestamp};

/// A data key as it is stored.
#[derive(Queryable)]
pub(super) struct Row {
    pub(super) owner: Id,
    pub(super) id: Id,
    pub(super) ring_key: i32,
    pub(super) wrapped: Bytes,
    pub(super) created_at: Timestamp,
}

pub(super) fn find(conn: &mut Connection, owner: Id, id: Id) -> Result<Option<Row>, Failure> {
    Ok(data_keys::table.find((owner, id)).first(conn).optional()?)
}

/// # Errors
/// `UniqueViolation` when the owner has a key of this id.
pub(super) fn insert(conn: &mut Connection, row: &Row) -> Result<(), Failure> {
    diesel::insert_into(data_keys::table)
        .values((
            data_keys::owner.eq(row.owner),
            data_keys::id.eq(row.id),
            data_keys::ring_key.eq(row.ring_key),
            data_keys::wrapped.eq(&row.wrapped),
            data_keys::created_at.eq(row.created_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes a key and enters it in the erasure ledger, both or neither.
pub(super) fn delete(conn: &mut Connection, owner: Id, id: Id, now: Timestamp) -> Result<usize, Failure> {
    diesel::sql_query(format!("{INTO_LEDGER} AND id = $3 {UNLESS_THERE}"))
        .bind::<BigInt, _>(now)
        .bind::<sql_types::Id, _>(owner)
        .bind::<sql_types::Id, _>(id)
        .execute(conn)?;
    Ok(diesel::delete(data_keys::table.find((owner, id))).execute(conn)?)
}

/// [`delete`] for every key of an owner.
pub(super) fn delete_all(conn: &mut Connection, owner: Id, now: Timestamp) -> Result<usize, Failure> {
    diesel::sql_query(format!("{INTO_LEDGER} {UNLESS_THERE}"))
        .bind::<BigInt, _>(now)
        .bind::<sql_types::Id, _>(owner)
        .execute(conn)?;
    Ok(diesel::delete(data_keys::table.filter(data_keys::owner.eq(owner))).execute(conn)?)
}

/// Deletes the key only if it was made at that instant.
pub(super) fn delete_made_at(conn: &mut Connection, owner: Id, id: Id, made: Timestamp) -> Result<usize, Failure> {
    let that_one = data_keys::table.find((owner, id)).filter(data_keys::created_at.eq(made));
    Ok(diesel::delete(that_one).execute(conn)?)
}

/// By hand, since diesel's own form of these clauses does not compile for two engines at once.
const INTO_LEDGER: &str = "INSERT INTO destroyed_keys (owner, id, created_at, destroyed_at) \
     SELECT owner, id, created_at, $1 FROM data_keys WHERE owner = $2";
const UNLESS_THERE: &str = "ON CONFLICT DO NOTHING";

pub(super) fn is_empty(conn: &mut Connection) -> Result<bool, Failure> {
    let first: Option<Id> = data_keys::table.select(data_keys::owner).first(conn).optional()?;
    Ok(first.is_none())
}

/// Up to `limit` keys after the place `after`, in the order of their places.
pub(super) fn page(conn: &mut Connection, after: Option<(Id, Id)>, limit: i64) -> Result<Vec<Row>, Failure> {
    let order = (data_keys::owner.asc(), data_keys::id.asc());
    let rows = data_keys::table.order(order).limit(limit);
    Ok(match after {
        None => rows.load(conn)?,
        Some((owner, id)) => {
            let later = data_keys::owner.eq(owner).and(data_keys::id.gt(id)).or(data_keys::owner.gt(owner));
            rows.filter(later).load(conn)?
        }
    })
}

/// A key's new wrapping, in place of one by another key of the ring.
pub(super) struct Rewrapping {
    pub(super) owner: Id,
    pub(super) id: Id,
    pub(super) old_ring_key: i32,
    pub(super) new_ring_key: i32,
    pub(super) wrapped: Bytes,
}

/// Returns how many were stored: one, or none when the key was destroyed or wrapped again meanwhile.
pub(super) fn replace_wrapping(conn: &mut Connection, new: &Rewrapping) -> Result<usize, Failure> {
    let same = data_keys::table.find((new.owner, new.id)).filter(data_keys::ring_key.eq(new.old_ring_key));
    let change = (data_keys::ring_key.eq(new.new_ring_key), data_keys::wrapped.eq(&new.wrapped));
    Ok(diesel::update(same).set(change).execute(conn)?)
}
