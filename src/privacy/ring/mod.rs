//! The key ring: the keys from which every other key of the service follows, kept outside the database.
//! Holds always: the keys are in memory and in the ring's file (mode 0600) or secret, nowhere else; a ring never loses a key;
//! what one key of the ring sealed opens as long as the ring has that key, whichever is active.
//!
//! A database remembers its ring by check values (see [`check`]), so that a node with another ring, an older copy of it, or
//! none, refuses to start instead of sealing text that nobody else can open.

mod check;
mod error;
mod file;
mod keys;
mod rotation;
#[cfg(test)]
mod tests;

pub use error::RingError;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use super::envelope::{self, FORMAT, Unsealable, frame};
use super::purpose::Purpose;
use super::secret::Secret;
use crate::config;
use crate::database::{Connection, Id, Timestamp};
use keys::Keys;

/// Length of a ring key's id in front of what it sealed, in bytes.
const ID_LENGTH: usize = 4;

/// The keys of this node's ring and where they came from.
#[derive(Debug)]
pub struct KeyRing {
    source: Source,
    /// Replaced as a whole when the file has changed.
    loaded: RwLock<Loaded>,
}

#[derive(Debug, Clone)]
enum Source {
    /// A file that `mend keys rotate` may have changed since it was read.
    File(PathBuf),
    /// The configuration itself, which stays as it is while the process runs.
    Inline,
    /// Nothing but memory: for tests.
    Memory,
}

#[derive(Debug, Clone)]
struct Loaded {
    keys: Arc<Keys>,
    /// What the file looked like when it was read.
    seen: Option<file::Fingerprint>,
}

impl KeyRing {
    /// A ring in memory only. What it seals is lost with the process.
    #[must_use]
    pub fn generate() -> Arc<Self> {
        Self::holding(Source::Memory, Keys::generate(), None)
    }

    /// The ring that the configuration names.
    ///
    /// # Errors
    /// There is none, others can read it, or it is malformed.
    pub fn load(settings: &config::Keys) -> Result<Arc<Self>, RingError> {
        if let Some(text) = &settings.ring {
            return Ok(Self::holding(Source::Inline, Keys::parse(text.expose())?, None));
        }
        let path = &settings.ring_file;
        let (keys, seen) = file::read(path)?.ok_or_else(|| RingError::Missing { path: path.clone() })?;
        Ok(Self::holding(Source::File(path.clone()), keys, Some(seen)))
    }

    /// The ring that the configuration names, held against the database. It is made when there is none and the database never
    /// had one. Run it inside a transaction that writes.
    ///
    /// # Errors
    /// As [`KeyRing::load`] and [`KeyRing::verify_or_record`], or the file cannot be written.
    pub fn load_for(settings: &config::Keys, conn: &mut Connection, now: Timestamp) -> Result<Arc<Self>, RingError> {
        let ring = match Self::load(settings) {
            Err(RingError::Missing { path }) if !Self::is_recorded(conn)? => {
                file::create(&path, &Keys::generate())?;
                Self::load(settings)?
            }
            loaded => loaded?,
        };
        ring.verify_or_record(conn, now)?;
        Ok(ring)
    }

    fn holding(source: Source, keys: Keys, seen: Option<file::Fingerprint>) -> Arc<Self> {
        Arc::new(Self { source, loaded: RwLock::new(Loaded { keys: Arc::new(keys), seen }) })
    }

    /// The id of the key that seals from now on.
    #[must_use]
    pub fn active_id(&self) -> i32 {
        self.keys().active
    }

    /// The ids of all its keys, oldest first.
    #[must_use]
    pub fn ids(&self) -> Vec<i32> {
        self.keys().by_id.keys().copied().collect()
    }

    /// What the database remembers this ring by: 32 bytes that rotation leaves alone and that say nothing about a key.
    #[must_use]
    pub fn check_value(&self) -> [u8; 32] {
        self.keys().check_value()
    }

    /// Seals a text of the service itself with the active key. `context` says where it belongs (an account's id, a route):
    /// it opens only with the same purpose and the same context.
    #[must_use]
    pub fn seal(&self, purpose: Purpose, context: &[&[u8]], plain: &[u8]) -> Vec<u8> {
        let keys = self.keys();
        let id = keys.active;
        envelope::seal(
            &sealing_key(keys.active_secret(), purpose),
            &id.to_be_bytes(),
            &associated(purpose, id, context),
            plain,
        )
    }

    /// Opens what [`KeyRing::seal`] sealed, with whichever key of the ring that was.
    ///
    /// # Errors
    /// The format or the key is unknown, or text, purpose or context are not as they were.
    pub fn open(&self, purpose: Purpose, context: &[&[u8]], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (header, body) = envelope::split(sealed, ID_LENGTH)?;
        let id = i32::from_be_bytes(header.try_into().map_err(|_wrong_length| Unsealable::Damaged)?);
        let key = sealing_key(&self.key(id).ok_or(Unsealable::UnknownRingKey(id))?, purpose);
        envelope::open(&key, &associated(purpose, id, context), body).map(Zeroizing::new)
    }

    /// Whether `sealed` was sealed with the active key; if not, seal it again when there is an occasion.
    #[must_use]
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        envelope::split(sealed, ID_LENGTH).is_ok_and(|(header, _)| header == self.active_id().to_be_bytes())
    }

    /// A keyed hash (HMAC-SHA256 under the lookup key, which rotation leaves alone). Other purposes or parts, or the same bytes
    /// divided otherwise, give another hash.
    #[must_use]
    pub fn digest(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let keys = self.keys();
        keys.lookup.derive(&frame("mend.digest.v1", &[purpose.label()])).authenticate(&frame("", parts))
    }

    /// The keys that sign access tokens, one for each key of the ring with its id (`kid`); the one to sign with first.
    #[must_use]
    pub fn token_keys(&self) -> Vec<(i32, Zeroizing<[u8; 32]>)> {
        self.signing_keys(token_key)
    }

    /// The seeds of the keys that sign the catalogue to take along, likewise.
    #[must_use]
    pub fn bundle_seeds(&self) -> Vec<(i32, Zeroizing<[u8; 32]>)> {
        self.signing_keys(bundle_seed)
    }

    fn signing_keys(&self, of: fn(&Secret) -> Zeroizing<[u8; 32]>) -> Vec<(i32, Zeroizing<[u8; 32]>)> {
        let keys = self.keys();
        let mut signing: Vec<_> = keys.by_id.iter().map(|(id, secret)| (*id, of(secret))).collect();
        signing.sort_by_key(|(id, _)| *id != keys.active);
        signing
    }

    /// The key that signed the access tokens with this `kid`; reads the ring's file again when the key is new to this node.
    #[must_use]
    pub fn token_key(&self, kid: i32) -> Option<Zeroizing<[u8; 32]>> {
        self.key(kid).map(|secret| token_key(&secret))
    }

    /// The key that wraps an owner's data keys.
    pub(super) fn wrapping_key(&self, ring_key: i32, owner: Id) -> Option<Secret> {
        self.key(ring_key).map(|secret| secret.derive(&frame("mend.wrap.v1", &[owner.as_bytes()])))
    }

    /// A key of the ring, to derive another from.
    pub(super) fn secret(&self, id: i32) -> Option<Secret> {
        self.key(id)
    }

    /// A key of the ring; one that this node has not seen may have come with a rotation, so the file is looked at again.
    fn key(&self, id: i32) -> Option<Secret> {
        let held = self.keys().by_id.get(&id).cloned();
        held.or_else(|| {
            self.refresh();
            self.keys().by_id.get(&id).cloned()
        })
    }

    fn keys(&self) -> Arc<Keys> {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).keys.clone()
    }
}

fn sealing_key(secret: &Secret, purpose: Purpose) -> Secret {
    secret.derive(&frame("mend.seal.v1", &[purpose.label()]))
}

fn bundle_seed(secret: &Secret) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(*secret.derive(&frame("mend.bundle.v1", &[Purpose::Bundle.label()])).bytes())
}

fn token_key(secret: &Secret) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(*secret.derive(&frame("mend.token.v1", &[Purpose::AccessToken.label()])).bytes())
}

fn associated(purpose: Purpose, ring_key: i32, context: &[&[u8]]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = vec![&[FORMAT], purpose.label()];
    let ring_key = ring_key.to_be_bytes();
    parts.push(&ring_key);
    parts.extend_from_slice(context);
    frame("mend.system.v1", &parts)
}
