//! How a data key stands in the keystore: sealed with its owner's wrapping key, which follows from one key of the ring.
//! Holds always: a wrapped key opens only for its owner, its id and that key of the ring.

use super::KeyFailure;
use crate::database::Id;
use crate::privacy::document::DataKey;
use crate::privacy::envelope::{self, FORMAT, Unsealable};
use crate::privacy::ring::KeyRing;
use crate::privacy::secret::Secret;

/// Wraps with the ring's active key. Returns that key's id and what the row holds.
pub(super) fn wrap(ring: &KeyRing, owner: Id, key: &DataKey) -> Result<(i32, Vec<u8>), KeyFailure> {
    let ring_key = ring.active_id();
    let wrapping = ring.wrapping_key(ring_key, owner).ok_or(KeyFailure::UnknownRingKey(ring_key))?;
    Ok((ring_key, envelope::seal(&wrapping, &[], &associated(owner, key.id, ring_key), key.secret.bytes())))
}

pub(super) fn unwrap(ring: &KeyRing, owner: Id, id: Id, ring_key: i32, wrapped: &[u8]) -> Result<DataKey, KeyFailure> {
    let wrapping = ring.wrapping_key(ring_key, owner).ok_or(KeyFailure::UnknownRingKey(ring_key))?;
    let (_, body) = envelope::split(wrapped, 0)?;
    let bytes = zeroize::Zeroizing::new(envelope::open(&wrapping, &associated(owner, id, ring_key), body)?);
    let secret = Secret::from_slice(&bytes).ok_or(KeyFailure::Damaged)?;
    Ok(DataKey { id, secret })
}

fn associated(owner: Id, id: Id, ring_key: i32) -> Vec<u8> {
    envelope::frame("mend.data-key.v1", &[&[FORMAT], owner.as_bytes(), id.as_bytes(), &ring_key.to_be_bytes()])
}

impl From<Unsealable> for KeyFailure {
    fn from(unsealable: Unsealable) -> Self {
        match unsealable {
            Unsealable::UnknownRingKey(id) => Self::UnknownRingKey(id),
            Unsealable::UnknownFormat(_) | Unsealable::Damaged => Self::Damaged,
        }
    }
}
