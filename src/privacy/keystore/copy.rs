//! Copies of the keystore, for backups: reading what it holds row by row, filling an empty one, taking out what was destroyed.
//! Holds always: keys leave it wrapped only; whatever is in it from the beginning to the end of a reading is read, and nobody
//! waits for the reading; a key that the ledger names never stays in a restored keystore.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};

use super::rows::Row;
use super::{KeyFailure, Keystore, rows, wrapping};
use crate::database::ids::sql_types;
use crate::database::schema::keystore::destroyed_keys;
use crate::database::{Bytes, Connection, Failure, Id, Timestamp};
use crate::privacy::document::DataKey;
use crate::privacy::ring::KeyRing;

/// A data key as it is stored: wrapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKey {
    pub owner: Id,
    pub id: Id,
    /// Which key of the ring wraps it.
    pub ring_key: i32,
    /// In base64 where it is written down.
    #[serde(with = "base64_bytes")]
    pub wrapped: Vec<u8>,
    #[serde(with = "micros")]
    pub created_at: Timestamp,
}

/// An entry of the erasure ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Serialize, Deserialize)]
pub struct DestroyedKey {
    pub owner: Id,
    pub id: Id,
    #[serde(with = "micros")]
    pub created_at: Timestamp,
    #[serde(with = "micros")]
    pub destroyed_at: Timestamp,
}

impl StoredKey {
    /// The key of that owner and id in this keystore.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn find(keystore: &mut Connection, owner: Id, id: Id) -> Result<Option<Self>, Failure> {
        Ok(rows::find(keystore, owner, id)?.map(Self::from))
    }

    /// The key itself.
    ///
    /// # Errors
    /// The ring is not the one that wrapped it.
    pub fn unwrap(&self, ring: &KeyRing) -> Result<DataKey, KeyFailure> {
        wrapping::unwrap(ring, self.owner, self.id, self.ring_key, &self.wrapped)
    }

    /// Puts it into a keystore that does not have it.
    ///
    /// # Errors
    /// The keystore failed, or has it already.
    pub fn insert(self, keystore: &mut Connection) -> Result<(), Failure> {
        let Self { owner, id, ring_key, wrapped, created_at } = self;
        rows::insert(keystore, &Row { owner, id, ring_key, wrapped: Bytes(wrapped), created_at })
    }
}

impl From<Row> for StoredKey {
    fn from(Row { owner, id, ring_key, wrapped, created_at }: Row) -> Self {
        Self { owner, id, ring_key, wrapped: wrapped.0, created_at }
    }
}

impl DestroyedKey {
    /// Destroys the key if it is there, and enters it in this keystore's ledger. Answers whether it was there.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn apply(&self, keystore: &mut Connection) -> Result<bool, Failure> {
        diesel::sql_query(
            "INSERT INTO destroyed_keys (owner, id, created_at, destroyed_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING",
        )
        .bind::<sql_types::Id, _>(self.owner)
        .bind::<sql_types::Id, _>(self.id)
        .bind::<BigInt, _>(self.created_at)
        .bind::<BigInt, _>(self.destroyed_at)
        .execute(keystore)?;
        Ok(rows::delete_made_at(keystore, self.owner, self.id, self.created_at)? > 0)
    }

    /// Whether the ledger of this keystore names a key in this place.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn is_known(keystore: &mut Connection, owner: Id, id: Id) -> Result<bool, Failure> {
        let of_place = destroyed_keys::table.filter(destroyed_keys::owner.eq(owner)).filter(destroyed_keys::id.eq(id));
        let first: Option<Id> = of_place.select(destroyed_keys::id).first(keystore).optional()?;
        Ok(first.is_some())
    }
}

impl Keystore {
    /// Shows each key to `visitor`. In small steps: no lock is held longer than a step takes.
    ///
    /// # Errors
    /// The keystore failed, or the visitor did.
    pub fn each_stored<E: From<Failure>>(&self, mut visitor: impl FnMut(StoredKey) -> Result<(), E>) -> Result<(), E> {
        let mut after = None;
        loop {
            let page = self.patient_look(move |conn| rows::page(conn, after, STEP))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some((last.owner, last.id));
            page.into_iter().map(StoredKey::from).try_for_each(&mut visitor)?;
        }
    }

    /// Shows each entry of the erasure ledger to `visitor`, in small steps.
    ///
    /// # Errors
    /// The keystore failed, or the visitor did.
    pub fn each_destroyed<E: From<Failure>>(
        &self,
        mut visitor: impl FnMut(DestroyedKey) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = None;
        loop {
            let page = self.patient_look(move |conn| destroyed_page(conn, after))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some((last.owner, last.id, last.created_at));
            page.into_iter().try_for_each(&mut visitor)?;
        }
    }
}

/// Rows in one step.
const STEP: i64 = 1000;

fn destroyed_page(conn: &mut Connection, after: Option<(Id, Id, Timestamp)>) -> Result<Vec<DestroyedKey>, Failure> {
    use destroyed_keys::{created_at, id, owner};
    let mut rows = destroyed_keys::table.order((owner.asc(), id.asc(), created_at.asc())).limit(STEP).into_boxed();
    if let Some((last_owner, last_id, last_created)) = after {
        let later_key = id.eq(last_id).and(created_at.gt(last_created)).or(id.gt(last_id));
        rows = rows.filter(owner.eq(last_owner).and(later_key).or(owner.gt(last_owner)));
    }
    Ok(rows.load(conn)?)
}

/// Bytes as base64, for files that hold one JSON value a line.
mod base64_bytes {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text).map_err(|_cause| de::Error::custom("not base64"))
    }
}

/// An instant as the number that the database holds.
mod micros {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use crate::database::Timestamp;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(at.as_micros())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(deserializer).map(Timestamp::from_micros)
    }
}
