//! What can go wrong with data keys, at work and at the start.
//! Holds always: no message holds a key, a URL or an owner.

use thiserror::Error;

use crate::database::{Failure, OpenError};

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
    #[error("the keystore: {0}")]
    Open(#[from] OpenError),
    #[error("the keystore failed: {0}")]
    Failure(#[from] Failure),
    #[error(
        "this database was set up with a keystore, and this one is new and empty: put the old one back; several nodes on one \
         database need one keystore for all of them (MEND_KEYS_KEYSTORE_URL)"
    )]
    Fresh,
    #[error("this keystore belongs to another database: check MEND_KEYS_KEYSTORE_URL and MEND_DATABASE_URL")]
    AnotherDatabase,
}
