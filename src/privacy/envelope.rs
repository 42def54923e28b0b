//! A padded text in an authenticated envelope (XChaCha20-Poly1305); only long streams ([`super::stream`]) are sealed elsewhere.
//! Holds always: each envelope has a fresh random 192-bit nonce; its format byte, its key's place and its context are
//! authenticated; two different contexts never give the same associated data.
//!
//! Layout: format and algorithm (1 byte), the caller's header (a ring key's id, or nothing), nonce (24), text with
//! padding, tag (16).

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use chacha20::{R20, hchacha};
use rand::Rng as _;
use thiserror::Error;
use zeroize::Zeroizing;

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
    let mut nonce = [0; NONCE_LENGTH];
    rand::rng().fill_bytes(&mut nonce);
    sealed.push(FORMAT);
    sealed.extend_from_slice(header);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    padding::pad(&mut sealed, plain.len());
    let (_, text) = sealed.split_at_mut(start);
    let (key, nonce) = cipher(key, &nonce);
    #[expect(clippy::expect_used, reason = "the cipher refuses more than 256 GiB only, which no buffer here reaches")]
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(associated), text).expect("under 256 GiB");
    sealed.extend_from_slice(tag.as_ref());
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
    let (nonce, rest) = body.split_first_chunk().ok_or(Unsealable::Damaged)?;
    let end = rest.len().checked_sub(TAG_LENGTH).ok_or(Unsealable::Damaged)?;
    let mut plain = rest.to_vec();
    let (key, nonce) = cipher(key, nonce);
    key.open_in_place(nonce, Aad::from(associated), &mut plain).map_err(|_opaque| Unsealable::Damaged)?;
    plain.truncate(end);
    if padding::unpad(&mut plain) { Ok(plain) } else { Err(Unsealable::Damaged) }
}

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): `HChaCha20` makes a key for this text out of the key and the first 16 bytes
/// of the nonce, and ChaCha20-Poly1305 (RFC 8439) uses it with the other 8.
///
/// The second step is that of the library which checks the tokens: in assembly on every processor, where opening in
/// portable code was a quarter of what a list costs.
fn cipher(key: &Secret, nonce: &[u8; NONCE_LENGTH]) -> (LessSafeKey, Nonce) {
    let [first @ .., n0, n1, n2, n3, n4, n5, n6, n7] = nonce;
    let derived = Zeroizing::new(hchacha::<R20>(&(*key.bytes()).into(), &(*first).into()).0);
    #[expect(clippy::expect_used, reason = "a key of 32 bytes is what this cipher wants")]
    let derived = UnboundKey::new(&CHACHA20_POLY1305, derived.as_slice()).expect("32 bytes");
    let nonce = [0, 0, 0, 0, *n0, *n1, *n2, *n3, *n4, *n5, *n6, *n7];
    (LessSafeKey::new(derived), Nonce::assume_unique_for_key(nonce))
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
    use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

    use super::*;

    #[test]
    fn is_the_construction_that_others_know() {
        let (key, plain) = (Secret::random(), b"she laughed".as_slice());
        let sealed = seal(&key, &[], b"place", plain);
        let (_, body) = split(&sealed, 0).unwrap();
        let (nonce, text) = body.split_first_chunk::<NONCE_LENGTH>().unwrap();
        let other = XChaCha20Poly1305::new(&Key::from(*key.bytes()));
        let payload = Payload { msg: text, aad: b"place" };
        let padded = other.decrypt(&XNonce::from(*nonce), payload).unwrap();
        assert!(padded.starts_with(plain));

        let mut body = nonce.to_vec();
        body.extend(other.encrypt(&XNonce::from(*nonce), Payload { msg: &padded, aad: b"place" }).unwrap());
        assert_eq!(open(&key, b"place", &body).unwrap(), plain);
        assert_eq!(open(&key, b"elsewhere", &body), Err(Unsealable::Damaged));
    }
}
