//! What keeps private text private: the key ring, the keystore of wrapped data keys, sealing, private text, the map of what is stored.
//! Holds always: no key and no private text is ever printed; what was sealed opens only for the owner, place and key it was sealed for.
//!
//! The chain: the key [`ring`] (outside the database) → a wrapping key for each owner (HKDF-SHA256) → random data keys, wrapped
//! in the [`keystore`] → one sealed [`document`] a record. Text of the service itself (e-mail, password hash, cursors) is
//! sealed with the ring directly; what must be found again without being readable is a keyed hash of the ring's lookup key.

mod document;
mod envelope;
mod facts;
pub mod keystore;
pub mod map;
mod padding;
mod purpose;
pub mod ring;
mod secret;
pub mod stream;
mod text;

pub use document::{DataKey, DocumentContext, open_document, seal_document};
pub use envelope::Unsealable;
pub use keystore::{KeyFailure, Keystore, KeystoreError};
pub use purpose::Purpose;
pub use ring::{KeyRing, RingError};
pub use text::{Text, TextFault};
