//! The key ring: the keys from which every other key of the service follows, kept outside the database.
//! Holds always: the keys are in memory and in the ring's file (mode 0600) or secret, nowhere else; a ring never loses a key;
//! what one key of the ring sealed opens as long as the ring has that key, whichever is active.
//!
//! A database remembers its ring by check values (see [`check`]), so that a node with another ring, an older copy of it, or
//! none, refuses to start instead of sealing text that nobody else can open.

mod check;
mod file;
mod keys;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

use super::envelope::{self, FORMAT, Unsealable, frame};
use super::purpose::Purpose;
use super::secret::Secret;
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

/// Why a ring cannot be used.
#[derive(Debug, Error)]
pub enum RingError {
    #[error("there is no key ring at {path}, but this database was set up with one: put that file back, or set MEND_KEYS_RING")]
    Missing { path: PathBuf },
    #[error("the key ring {path} can be read by others (mode {mode:03o}): run chmod 600 on it")]
    Exposed { path: PathBuf, mode: u32 },
    #[error("the key ring is malformed: {0}")]
    Malformed(String),
    #[error("the key ring {path} cannot be {action}: {cause}")]
    File { path: PathBuf, action: &'static str, cause: std::io::Error },
    #[error("this is another key ring than the one this database was set up with")]
    AnotherRing,
    #[error("this is an older copy of the key ring: key {0}, which this database is sealed with, is missing or differs")]
    OlderCopy(i32),
    #[error("the key ring stands in the configuration (MEND_KEYS_RING), which the service cannot change: put it in a file, rotate that, and hand its text to all nodes")]
    Inline,
    #[error("the database failed: {0}")]
    Database(#[from] crate::database::Failure),
}

impl KeyRing {
    /// A ring in memory only. What it seals is lost with the process.
    #[must_use]
    pub fn generate() -> Arc<Self> {
        Self::holding(Source::Memory, Keys::generate(), None)
    }

    fn holding(source: Source, keys: Keys, seen: Option<file::Fingerprint>) -> Arc<Self> {
        Arc::new(Self { source, loaded: RwLock::new(Loaded { keys: Arc::new(keys), seen }) })
    }

    /// The id of the key that seals from now on.
    #[must_use]
    pub fn active_id(&self) -> i32 {
        self.keys().active
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
        #[expect(clippy::expect_used, reason = "a ring is made and read only with its active key among its keys")]
        let secret = keys.by_id.get(&id).expect("the active key");
        envelope::seal(&sealing_key(secret, purpose), &id.to_be_bytes(), &associated(purpose, id, context), plain)
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
        let key = keys.lookup.derive(&frame("mend.digest.v1", &[purpose.label()]));
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("any length");
        mac.update(&frame("", parts));
        mac.finalize().into_bytes().into()
    }

    /// The keys that sign access tokens, one for each key of the ring with its id (`kid`); the one to sign with first.
    #[must_use]
    pub fn token_keys(&self) -> Vec<(i32, Zeroizing<[u8; 32]>)> {
        let keys = self.keys();
        let mut signing: Vec<_> = keys.by_id.iter().map(|(id, secret)| (*id, token_key(secret))).collect();
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

impl KeyRing {
    /// Reads the file again if it changed. A file that cannot be read, or that is not this ring grown, changes nothing: this
    /// node goes on with what it has, and says so.
    pub(super) fn refresh(&self) {
        let Source::File(path) = &self.source else { return };
        let seen = self.loaded.read().unwrap_or_else(PoisonError::into_inner).seen;
        if file::Fingerprint::of(path).ok().is_none_or(|now| Some(now) == seen) {
            return;
        }
        match file::read(path) {
            Ok(Some((keys, seen))) if keys.continues(&self.keys()) => self.adopt(keys, Some(seen)),
            Ok(Some(_)) => tracing::error!("the key ring's file was replaced by a ring that lacks keys in use; it is ignored"),
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
                self.refresh();
                (Some(lock), self.keys())
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
