//! The keystore: wrapped data keys in a database of their own, so that a destroyed key is gone from every copy of the text.
//! Holds always: a key is durable before anybody seals with it; a key in memory is at most [`CACHED_FOR`] older than its row;
//! the keystore belongs to one main database and refuses any other.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::document::DataKey;
use super::ring::KeyRing;
use crate::database::{Clock, Connection, Failure, Id, Timestamp};

/// How long an unwrapped key stays in memory: a key destroyed on one node is useless on every other after this time.
pub const CACHED_FOR: Duration = Duration::from_secs(1);

/// Why there is no data key to be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyFailure {
    /// The keystore's database failed.
    #[error("the keystore failed: {0}")]
    Store(#[from] Failure),
    /// The data key is wrapped with a key that this node's ring lacks: its copy of the ring is older than another node's.
    #[error("key {0} of the key ring is not on this node")]
    UnknownRingKey(i32),
    /// The wrapped key does not open: changed, or of another ring.
    #[error("a wrapped data key does not open")]
    Damaged,
}

/// Why a keystore cannot be used.
#[derive(Debug, Error)]
pub enum KeystoreError {
    #[error("{0}")]
    Unusable(String),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// The data keys. Clones share connections and memory.
#[derive(Clone)]
pub struct Keystore(Arc<Inner>);

struct Inner {
    ring: Arc<KeyRing>,
    clock: Clock,
}

/// What [`Keystore::rewrap`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rewrapped {
    /// Data keys that are now wrapped with the active key.
    pub wrapped_count: u64,
    /// Data keys that did not open and were left as they are.
    pub unreadable_count: u64,
}

impl Keystore {
    /// Creates or upgrades the keystore's tables; returns the names of the migrations applied.
    ///
    /// # Errors
    /// The database failed or a migration did.
    pub fn migrate(&self) -> Result<Vec<String>, KeystoreError> {
        todo!()
    }

    /// Ties this keystore to the main database on first use; afterwards refuses every other. Run it inside a transaction that writes.
    ///
    /// # Errors
    /// The two do not belong together, or one of them failed.
    pub fn bind(&self, _conn: &mut Connection, _now: Timestamp) -> Result<(), KeystoreError> {
        todo!()
    }

    /// The owner's standing key, whose id is the owner's; made, and synced, when it is first needed.
    ///
    /// # Errors
    /// The keystore failed or the key does not open.
    pub async fn owner_key(&self, _owner: Id) -> Result<Arc<DataKey>, KeyFailure> {
        todo!()
    }

    /// As [`Keystore::owner_key`], blocking: for use inside a database job.
    ///
    /// # Errors
    /// The keystore failed or the key does not open.
    pub fn owner_key_now(&self, _owner: Id) -> Result<Arc<DataKey>, KeyFailure> {
        todo!()
    }

    /// A data key; nothing when it was destroyed or never was.
    ///
    /// # Errors
    /// The keystore failed or the key does not open.
    pub async fn key(&self, _owner: Id, _key: Id) -> Result<Option<Arc<DataKey>>, KeyFailure> {
        todo!()
    }

    /// As [`Keystore::key`], blocking: for use inside a database job.
    ///
    /// # Errors
    /// The keystore failed or the key does not open.
    pub fn key_now(&self, _owner: Id, _key: Id) -> Result<Option<Arc<DataKey>>, KeyFailure> {
        todo!()
    }

    /// The key if it is in memory, without touching the keystore.
    #[must_use]
    pub fn cached(&self, _owner: Id, _key: Id) -> Option<Arc<DataKey>> {
        todo!()
    }

    /// A fresh key of its own for one document, synced before this returns.
    ///
    /// # Errors
    /// The keystore failed.
    pub async fn create(&self, _owner: Id) -> Result<Arc<DataKey>, KeyFailure> {
        todo!()
    }

    /// As [`Keystore::create`], blocking.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn create_now(&self, _owner: Id) -> Result<Arc<DataKey>, KeyFailure> {
        todo!()
    }

    /// Destroys one key: whatever it sealed is gone for good, in every copy. Returns whether there was one.
    ///
    /// # Errors
    /// The keystore failed.
    pub async fn destroy(&self, _owner: Id, _key: Id) -> Result<bool, KeyFailure> {
        todo!()
    }

    /// Destroys all keys of an owner; returns how many there were.
    ///
    /// # Errors
    /// The keystore failed.
    pub async fn destroy_all(&self, _owner: Id) -> Result<usize, KeyFailure> {
        todo!()
    }

    /// Wraps every data key with the ring's active key again. Works while nodes read and write.
    ///
    /// # Errors
    /// The keystore failed; what was wrapped so far stays.
    pub async fn rewrap(&self) -> Result<Rewrapped, KeyFailure> {
        todo!()
    }
}
