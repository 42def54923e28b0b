//! A ring that grows: another active key, and nodes that notice it.
//! Holds always: a ring in use is only ever replaced by itself with more keys; of two rotations at the same time one waits, or is
//! refused, so that no key is lost that something was already wrapped with.

use std::sync::{Arc, PoisonError};

use super::keys::Keys;
use super::{KeyRing, Loaded, RingError, Source, check, file};
use crate::database::{Connection, Timestamp};

impl KeyRing {
    /// Reads the file again if it changed. A file that cannot be read, or that is not this ring grown, changes nothing: this
    /// node goes on with what it has, and says so.
    pub(in crate::privacy) fn refresh(&self) {
        let Source::File(path) = &self.source else { return };
        let seen = self.loaded.read().unwrap_or_else(PoisonError::into_inner).seen;
        if file::Fingerprint::of(path).ok().is_none_or(|now| Some(now) == seen) {
            return;
        }
        match file::read(path) {
            Ok(Some((keys, seen))) if keys.continues(&self.keys()) => self.adopt(keys, Some(seen)),
            Ok(Some(_)) => {
                tracing::error!("the key ring's file was replaced by a ring that lacks keys in use; it is ignored");
            }
            Ok(None) => tracing::error!("the key ring's file is gone"),
            Err(error) => tracing::error!(%error, "the key ring's file cannot be read again"),
        }
    }

    fn adopt(&self, keys: Keys, seen: Option<file::Fingerprint>) {
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Loaded { keys: Arc::new(keys), seen };
    }

    /// Adds a key to the ring, makes it the active one and lets the database know. Run it inside a transaction that writes:
    /// the file is written before the transaction commits, since a key too many harms nobody and a key too few does.
    /// What is sealed stays sealed with the older keys; [`super::Keystore::rewrap`] wraps the data keys again.
    ///
    /// # Errors
    /// The ring is inline, its file cannot be written, or the database knows a ring that this one does not continue.
    pub fn rotate(&self, conn: &mut Connection, now: Timestamp) -> Result<i32, RingError> {
        let (_lock, held) = match &self.source {
            Source::Inline => return Err(RingError::Inline),
            Source::Memory => (None, self.keys()),
            Source::File(path) => {
                let lock = file::lock(path)?;
                // Not `refresh`, which would go on without what it cannot read, and lose it.
                let (keys, _) = file::read(path)?.ok_or_else(|| RingError::Missing { path: path.clone() })?;
                if !keys.continues(&self.keys()) {
                    return Err(RingError::AnotherRing);
                }
                (Some(lock), Arc::new(keys))
            }
        };
        check::verify(conn, &held, now)?;
        let keys = held.with_new_active()?;
        check::verify(conn, &keys, now)?;
        let id = keys.active;
        let seen = match &self.source {
            Source::File(path) => {
                file::replace(path, &keys)?;
                file::Fingerprint::of(path).ok()
            }
            Source::Inline | Source::Memory => None,
        };
        self.adopt(keys, seen);
        Ok(id)
    }
}
