//! Cursors of the catalogue's lists: plain positions, since the catalogue holds nothing private.
//! Holds always: a cursor works for the list and the question that it came from, and for no other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The cursor that goes on after `position` with the same question.
#[must_use]
pub fn write(question: &[&[u8]], position: &[u8]) -> String {
    let mut bytes = fingerprint(question).to_vec();
    bytes.extend_from_slice(position);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position in a cursor; nothing when it belongs to another question or is none of ours.
#[must_use]
pub fn read(question: &[&[u8]], cursor: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (mark, position) = bytes.split_first_chunk::<8>()?;
    (*mark == fingerprint(question)).then(|| position.to_vec())
}

fn fingerprint(question: &[&[u8]]) -> [u8; 8] {
    let mut hash = Sha256::new();
    for part in question {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().first_chunk::<8>().copied().unwrap_or_default()
}
