//! The keystore: wrapped data keys in a database of their own, so that a destroyed key is gone from every copy of the text.
//! Holds always: a key is durable before anybody seals with it; a key in memory is at most [`CACHED_FOR`] older than its row;
//! the keystore belongs to one main database and refuses any other.
//!
//! By default it is a second SQLite file, with a rollback journal and `secure_delete`, so that no log and no free page keeps a
//! destroyed key. Several nodes need a PostgreSQL (`MEND_KEYS_KEYSTORE_URL`): best on a cluster of its own, since physical
//! backups and log archives cover a whole cluster and would keep the key.

mod binding;
mod cache;
mod copy;
mod failure;
mod places;
mod rewrap;
mod rows;
#[cfg(test)]
mod tests;
mod wrapping;

use std::sync::Arc;
use std::time::Duration;

pub use binding::{expected_id, own_id, take_id};
pub use copy::{DestroyedKey, StoredKey};
pub use failure::{KeyFailure, KeystoreError};
pub use places::Place;
pub use rewrap::{Examined, Rewrapped};

use super::document::DataKey;
use super::ring::KeyRing;
use crate::config;
use crate::database::{Bytes, Clock, Connection, Database, Failure, Id};
use cache::Cache;
use rows::Row;

/// How long an unwrapped key stays in memory: a key destroyed on one node is useless on every other after this time.
pub const CACHED_FOR: Duration = Duration::from_secs(1);

/// The data keys. Clones share connections and memory.
#[derive(Clone)]
pub struct Keystore(Arc<Inner>);

struct Inner {
    database: Database,
    cache: Cache,
    ring: Arc<KeyRing>,
}

impl Keystore {
    /// Connects to the keystore. `migrate` and `bind` come next, then it may be used.
    ///
    /// # Errors
    /// The URL is of no use or its database cannot be opened.
    pub fn open(settings: &config::Config, ring: Arc<KeyRing>, clock: Clock) -> Result<Self, KeystoreError> {
        let database = Database::open_keystore(settings, clock)?;
        Ok(Self(Arc::new(Inner { database, cache: Cache::new(), ring })))
    }

    /// Creates or upgrades the keystore's tables; returns the names of the migrations applied.
    ///
    /// # Errors
    /// The database failed or a migration did.
    pub fn migrate(&self) -> Result<Vec<String>, KeystoreError> {
        Ok(self.0.database.migrate()?)
    }

    /// The owner's standing key, whose id is the owner's; made, and synced, when it is first needed.
    ///
    /// # Errors
    /// The keystore failed or the key does not open.
    pub async fn owner_key(&self, owner: Id) -> Result<Arc<DataKey>, KeyFailure> {
        match self.cached(owner, owner) {
            Some(key) => Ok(key),
            None => self.off_thread(move |keystore| keystore.owner_key_now(owner)).await,
        }
    }

    /// As [`Keystore::owner_key`], blocking: for use inside a database job.
    ///
    /// # Errors
    /// The keystore failed or the key does not open.
    pub fn owner_key_now(&self, owner: Id) -> Result<Arc<DataKey>, KeyFailure> {
        if let Some(key) = self.key_now(owner, owner)? {
            return Ok(key);
        }
        let fresh = DataKey::random(owner);
        match self.insert(owner, &fresh) {
            Ok(()) => Ok(Arc::new(fresh)),
            // Somebody else made it in this moment: theirs counts. Gone again in the next one, it may be asked for again.
            Err(KeyFailure::Store(Failure::UniqueViolation)) => {
                self.key_now(owner, owner)?.ok_or(KeyFailure::Store(Failure::Unavailable))
            }
            Err(failure) => Err(failure),
        }
    }

    /// A data key; nothing when it was destroyed or never was.
    ///
    /// # Errors
    /// The keystore failed or the key does not open.
    pub async fn key(&self, owner: Id, key: Id) -> Result<Option<Arc<DataKey>>, KeyFailure> {
        match self.cached(owner, key) {
            Some(held) => Ok(Some(held)),
            None => self.off_thread(move |keystore| keystore.key_now(owner, key)).await,
        }
    }

    /// As [`Keystore::key`], blocking: for use inside a database job.
    ///
    /// # Errors
    /// The keystore failed or the key does not open.
    pub fn key_now(&self, owner: Id, key: Id) -> Result<Option<Arc<DataKey>>, KeyFailure> {
        self.0.cache.get_or_read(owner, key, || {
            let row = self.look(move |conn| rows::find(conn, owner, key))?;
            row.map(|row| self.unwrap_row(&row)).transpose()
        })
    }

    /// The key if it is in memory, without touching the keystore.
    #[must_use]
    pub fn cached(&self, owner: Id, key: Id) -> Option<Arc<DataKey>> {
        self.0.cache.get(owner, key)
    }

    /// A fresh key for one document that can burn on its own; synced before this returns.
    ///
    /// # Errors
    /// The keystore failed.
    pub async fn create(&self, owner: Id) -> Result<Arc<DataKey>, KeyFailure> {
        self.off_thread(move |keystore| keystore.create_now(owner)).await
    }

    /// As [`Keystore::create`], blocking: for use inside a database job.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn create_now(&self, owner: Id) -> Result<Arc<DataKey>, KeyFailure> {
        let key = DataKey::random(Id::new());
        self.insert(owner, &key)?;
        Ok(Arc::new(key))
    }

    /// Destroys one key: whatever it sealed is gone for good, in every copy. Returns whether there was one.
    ///
    /// # Errors
    /// The keystore failed.
    pub async fn destroy(&self, owner: Id, key: Id) -> Result<bool, KeyFailure> {
        self.off_thread(move |keystore| keystore.destroy_now(owner, key)).await
    }

    /// As [`Keystore::destroy`], blocking: for use inside a database job.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn destroy_now(&self, owner: Id, key: Id) -> Result<bool, KeyFailure> {
        let now = self.0.database.clock().now();
        let destroyed = self.change(move |conn| rows::delete(conn, owner, key, now));
        self.0.cache.forget(owner, key);
        Ok(destroyed? > 0)
    }

    /// Destroys all keys of an owner; returns how many there were.
    ///
    /// # Errors
    /// The keystore failed.
    pub async fn destroy_all(&self, owner: Id) -> Result<usize, KeyFailure> {
        self.off_thread(move |keystore| keystore.destroy_all_now(owner)).await
    }

    /// As [`Keystore::destroy_all`], blocking: for use inside a database job.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn destroy_all_now(&self, owner: Id) -> Result<usize, KeyFailure> {
        let now = self.0.database.clock().now();
        let destroyed = self.change(move |conn| rows::delete_all(conn, owner, now));
        self.0.cache.forget_all();
        Ok(destroyed?)
    }

    fn insert(&self, owner: Id, key: &DataKey) -> Result<(), KeyFailure> {
        // A rotation may have come since; then what is made from now on is wrapped with the new key.
        self.ring().refresh();
        let (ring_key, wrapped) = wrapping::wrap(self.ring(), owner, key)?;
        let row =
            Row { owner, id: key.id, ring_key, wrapped: Bytes(wrapped), created_at: self.0.database.clock().now() };
        Ok(self.change(move |conn| rows::insert(conn, &row))?)
    }

    fn unwrap_row(&self, row: &Row) -> Result<DataKey, KeyFailure> {
        wrapping::unwrap(self.ring(), row.owner, row.id, row.ring_key, &row.wrapped.0)
    }

    fn ring(&self) -> &KeyRing {
        &self.0.ring
    }

    /// Reads. On SQLite the writer does it: a rollback journal lets nobody read during a commit, and who polls for the moment
    /// between two of them may wait long. Memory saves most reads.
    fn look<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        if self.0.database.is_sqlite() { self.change(query) } else { self.0.database.read_now(query) }
    }

    /// Writes, durably.
    fn change<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.0.database.write_now(job)
    }

    /// Runs a blocking job where it holds up no other request.
    async fn off_thread<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Self) -> Result<T, KeyFailure> + Send + 'static,
    ) -> Result<T, KeyFailure> {
        let keystore = self.clone();
        let outcome = tokio::task::spawn_blocking(move || job(&keystore)).await;
        outcome.unwrap_or_else(|error| Err(Failure::Broken(format!("a keystore job ended early: {error}")).into()))
    }
}
