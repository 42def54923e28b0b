//! A padded text in an authenticated envelope (XChaCha20-Poly1305); only long streams ([`super::stream`]) are sealed elsewhere.
//! Holds always: each envelope has a fresh random 192-bit nonce; its format byte, its key's place and its context are
//! authenticated; two different contexts never give the same associated data.
//!
//! Layout: format and algorithm (1 byte), the caller's header (a ring key's id, or nothing), nonce (24), text with
//! padding, tag (16).

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use rand::Rng as _;
use thiserror::Error;

use super::padding;
use super::secret::Secret;

/// Format 1: Padmé padding with a marker byte, XChaCha20-Poly1305. One byte names both, so that no odd pair can be asked for.
pub(super) const FORMAT: u8 = 1;
const NONCE_LENGTH: usize = 24;
const TAG_LENGTH: usize = 16;

/// Why sealed bytes did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unsealable {
    /// Written by a newer version of the service, or not sealed bytes at all.
    #[error("sealed in format {0}, which this version does not know")]
    UnknownFormat(u8),
    /// The key ring in use lacks the key. It may be an older copy of the ring.
    #[error("sealed with key {0} of a key ring, which the ring in use lacks")]
    UnknownRingKey(i32),
    /// Changed, cut short, moved to another place, or sealed with another key. Which one, nobody can tell.
    #[error("sealed bytes that do not open with this key at this place")]
    Damaged,
}

/// Joins parts so that no two lists of parts give the same bytes: each is preceded by its length (8 bytes, big endian).
/// The first part names the use and its version, so that no use can be taken for another.
pub(super) fn frame(domain: &str, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len() + 8).sum::<usize>() + domain.len() + 8;
    let mut framed = Vec::with_capacity(length);
    for part in std::iter::once(domain.as_bytes()).chain(parts.iter().copied()) {
        framed.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        framed.extend_from_slice(part);
    }
    framed
}

/// Seals `plain`. `associated` is authenticated, not stored; `header` is stored in the clear and is the caller's to authenticate.
pub(super) fn seal(key: &Secret, header: &[u8], associated: &[u8], plain: &[u8]) -> Vec<u8> {
    let start = 1 + header.len() + NONCE_LENGTH;
    let mut sealed = Vec::with_capacity(start + padding::sealed_length(plain.len()) + TAG_LENGTH);
    let mut nonce = XNonce::default();
    rand::rng().fill_bytes(&mut nonce);
    sealed.push(FORMAT);
    sealed.extend_from_slice(header);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    padding::pad(&mut sealed, plain.len());
    let (_, text) = sealed.split_at_mut(start);
    #[expect(clippy::expect_used, reason = "the cipher refuses more than 256 GiB only, which no buffer here reaches")]
    let tag = cipher(key).encrypt_inout_detached(&nonce, associated, text.into()).expect("under 256 GiB");
    sealed.extend_from_slice(&tag);
    sealed
}

/// The header of `header_length` bytes and what follows it, if the format is known.
pub(super) fn split(sealed: &[u8], header_length: usize) -> Result<(&[u8], &[u8]), Unsealable> {
    match sealed.split_first() {
        Some((&FORMAT, rest)) => rest.split_at_checked(header_length).ok_or(Unsealable::Damaged),
        Some((&other, _)) => Err(Unsealable::UnknownFormat(other)),
        None => Err(Unsealable::Damaged),
    }
}

/// Opens the `body` that [`split`] left: nonce, text and tag.
pub(super) fn open(key: &Secret, associated: &[u8], body: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let (nonce, rest) = body.split_at_checked(NONCE_LENGTH).ok_or(Unsealable::Damaged)?;
    let end = rest.len().checked_sub(TAG_LENGTH).ok_or(Unsealable::Damaged)?;
    let (text, tag) = rest.split_at_checked(end).ok_or(Unsealable::Damaged)?;
    let nonce = XNonce::try_from(nonce).map_err(|_wrong_length| Unsealable::Damaged)?;
    let tag = Tag::try_from(tag).map_err(|_wrong_length| Unsealable::Damaged)?;
    let mut plain = text.to_vec();
    cipher(key)
        .decrypt_inout_detached(&nonce, associated, plain.as_mut_slice().into(), &tag)
        .map_err(|_opaque| Unsealable::Damaged)?;
    if padding::unpad(&mut plain) { Ok(plain) } else { Err(Unsealable::Damaged) }
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key.bytes()))
}
