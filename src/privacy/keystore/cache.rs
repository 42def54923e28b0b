//! Unwrapped data keys in memory, so that reading costs no look into the keystore.
//! Holds always: bounded in number and in time; once a key is destroyed on this node, no later call finds it here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::sync::Cache as Moka;

use super::{CACHED_FOR, KeyFailure};
use crate::database::Id;
use crate::privacy::document::DataKey;

/// Keys at the same time: about 3 MiB of memory.
const CAPACITY: u64 = 16_384;

type Place = (Id, Id);

pub(super) struct Cache {
    keys: Moka<Place, Arc<DataKey>>,
    /// Raised by each destruction, so that a read which began before it does not leave a dead key behind.
    destructions: AtomicU64,
}

impl Cache {
    pub(super) fn new() -> Self {
        let keys = Moka::builder().max_capacity(CAPACITY).time_to_live(CACHED_FOR).build();
        Self { keys, destructions: AtomicU64::new(0) }
    }

    pub(super) fn get(&self, owner: Id, key: Id) -> Option<Arc<DataKey>> {
        self.keys.get(&(owner, key))
    }

    /// The key in memory, else what `read` finds, which is then kept.
    pub(super) fn get_or_read(
        &self,
        owner: Id,
        key: Id,
        read: impl FnOnce() -> Result<Option<DataKey>, KeyFailure>,
    ) -> Result<Option<Arc<DataKey>>, KeyFailure> {
        if let Some(held) = self.get(owner, key) {
            return Ok(Some(held));
        }
        let before = self.destructions.load(Ordering::SeqCst);
        let Some(found) = read()?.map(Arc::new) else { return Ok(None) };
        self.keys.insert((owner, key), found.clone());
        if self.destructions.load(Ordering::SeqCst) != before {
            self.keys.invalidate(&(owner, key));
        }
        Ok(Some(found))
    }

    /// Call it after the key's row is gone.
    pub(super) fn forget(&self, owner: Id, key: Id) {
        self.destructions.fetch_add(1, Ordering::SeqCst);
        self.keys.invalidate(&(owner, key));
    }

    /// Call it after the rows of all the owner's keys are gone. Drops every key there is: erasures are rare, reading again is cheap.
    pub(super) fn forget_all(&self) {
        self.destructions.fetch_add(1, Ordering::SeqCst);
        self.keys.invalidate_all();
    }
}
