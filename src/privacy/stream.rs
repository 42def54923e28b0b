//! Long streams under a key of the ring, for backups: the STREAM construction over XChaCha20-Poly1305, 64 KiB at a time.
//! Holds always: each stream has a key of its own, derived from the ring with a random salt; cut short, put in another order,
//! changed or with another head, it does not open; nothing is handed out before it was found authentic.

use std::io::{self, Read, Write};

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::aead::Payload;
use chacha20poly1305::{Key, XChaCha20Poly1305};
use rand::Rng as _;

use super::envelope::frame;
use super::ring::KeyRing;
use super::secret::Secret;

/// Bytes of text in each piece but the last.
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
/// The construction appends a counter and the mark of the last piece to make a whole nonce.
const NONCE: usize = 19;

/// A stream's key. `Debug` shows nothing of it.
#[derive(Debug, Clone)]
pub struct StreamKey(Secret);

/// A random salt for [`KeyRing::stream_key`]; it stands in the stream's head, in the clear.
#[must_use]
pub fn random_salt() -> [u8; 32] {
    let mut salt = [0; 32];
    rand::rng().fill_bytes(&mut salt);
    salt
}

impl KeyRing {
    /// The key of the stream with this salt, made from one key of the ring; none when the ring lacks that one.
    #[must_use]
    pub fn stream_key(&self, ring_key: i32, salt: &[u8; 32]) -> Option<StreamKey> {
        self.secret(ring_key).map(|secret| StreamKey(secret.derive(&frame("mend.stream.v1", &[b"backup", salt]))))
    }
}

impl StreamKey {
    /// The key is used once, so the nonce may be the same in each stream.
    fn encryptor(&self) -> EncryptorBE32<XChaCha20Poly1305> {
        EncryptorBE32::new(&Key::from(*self.0.bytes()), &[0; NONCE].into())
    }

    fn decryptor(&self) -> DecryptorBE32<XChaCha20Poly1305> {
        DecryptorBE32::new(&Key::from(*self.0.bytes()), &[0; NONCE].into())
    }
}

/// How many bytes a stream of so many bytes of text takes.
#[must_use]
pub const fn sealed_bytes(text: u64) -> u64 {
    // An empty last piece is written only where there is nothing else.
    let pieces = if text == 0 { 1 } else { text.div_ceil(64 * 1024) };
    text.saturating_add(pieces.saturating_mul(16))
}

/// Seals what is written to it. Without [`Sealing::finish`] the stream has no end and does not open.
pub struct Sealing<'a, W: Write> {
    out: W,
    head: &'a [u8],
    encryptor: EncryptorBE32<XChaCha20Poly1305>,
    piece: Vec<u8>,
}

impl<'a, W: Write> Sealing<'a, W> {
    /// `head` is authenticated with each piece and not written.
    pub fn new(key: &StreamKey, head: &'a [u8], out: W) -> Self {
        Self { out, head, encryptor: key.encryptor(), piece: Vec::with_capacity(PIECE) }
    }

    /// Writes the last piece.
    ///
    /// # Errors
    /// Writing failed.
    pub fn finish(mut self) -> io::Result<W> {
        let payload = Payload { msg: &self.piece, aad: self.head };
        let sealed = self.encryptor.encrypt_last(payload).map_err(|_opaque| io::Error::other("a piece is too long"))?;
        self.out.write_all(&sealed)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealing<'_, W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        // A full piece waits until more comes, since the last one is sealed in another way.
        if self.piece.len() == PIECE && !text.is_empty() {
            let payload = Payload { msg: &self.piece, aad: self.head };
            let sealed =
                self.encryptor.encrypt_next(payload).map_err(|_opaque| io::Error::other("the stream is too long"))?;
            self.out.write_all(&sealed)?;
            self.piece.clear();
        }
        let taken = text.len().min(PIECE.saturating_sub(self.piece.len()));
        self.piece.extend_from_slice(text.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens what [`Sealing`] sealed. What does not open is an error of the kind `InvalidData`.
pub struct Opening<'a, R: Read> {
    from: R,
    head: &'a [u8],
    /// None after the last piece.
    decryptor: Option<DecryptorBE32<XChaCha20Poly1305>>,
    /// Sealed bytes read ahead: one more than a piece, to know whether it is the last.
    ahead: Vec<u8>,
    text: io::Cursor<Vec<u8>>,
}

impl<'a, R: Read> Opening<'a, R> {
    pub fn new(key: &StreamKey, head: &'a [u8], from: R) -> Self {
        let decryptor = Some(key.decryptor());
        Self { from, head, decryptor, ahead: Vec::new(), text: io::Cursor::default() }
    }

    fn next_piece(&mut self) -> io::Result<()> {
        let Some(mut decryptor) = self.decryptor.take() else { return Ok(()) };
        let whole = PIECE + TAG;
        let wanted = u64::try_from((whole + 1).saturating_sub(self.ahead.len())).unwrap_or(0);
        self.from.by_ref().take(wanted).read_to_end(&mut self.ahead)?;
        let rest = if self.ahead.len() > whole { self.ahead.split_off(whole) } else { Vec::new() };
        let payload = Payload { msg: &self.ahead, aad: self.head };
        let opened = if rest.is_empty() {
            decryptor.decrypt_last(payload)
        } else {
            let opened = decryptor.decrypt_next(payload);
            self.decryptor = Some(decryptor);
            opened
        };
        self.ahead = rest;
        let damaged = |_opaque| io::Error::new(io::ErrorKind::InvalidData, "it was changed or cut short");
        self.text = io::Cursor::new(opened.map_err(damaged).inspect_err(|_| self.decryptor = None)?);
        Ok(())
    }
}

impl<R: Read> Read for Opening<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(into)?;
        if read > 0 || into.is_empty() || self.decryptor.is_none() {
            return Ok(read);
        }
        self.next_piece()?;
        self.text.read(into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(ring: &KeyRing, salt: &[u8; 32], head: &[u8], text: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::new(&ring.stream_key(1, salt).unwrap(), head, Vec::new());
        // In odd portions, which no piece may show.
        text.chunks(1000).for_each(|portion| sealing.write_all(portion).unwrap());
        sealing.finish().unwrap()
    }

    fn opened(ring: &KeyRing, salt: &[u8; 32], head: &[u8], sealed: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        Opening::new(&ring.stream_key(1, salt).unwrap(), head, sealed).read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn every_length_comes_back_and_is_as_long_as_foretold() {
        let (ring, salt) = (KeyRing::generate(), random_salt());
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7] {
            let text: Vec<u8> = (0..=255_u8).cycle().take(length).collect();
            let stream = sealed(&ring, &salt, b"head", &text);
            assert_eq!(u64::try_from(stream.len()).unwrap(), sealed_bytes(u64::try_from(length).unwrap()));
            assert_eq!(opened(&ring, &salt, b"head", &stream).unwrap(), text, "{length}");
        }
    }

    #[test]
    fn whatever_was_done_to_a_stream_is_noticed() {
        let (ring, salt) = (KeyRing::generate(), random_salt());
        let stream = sealed(&ring, &salt, b"head", &vec![7; 3 * PIECE]);
        let whole = PIECE + TAG;
        let mut swapped = stream.clone();
        swapped.copy_within(whole..2 * whole, 0);
        swapped[whole..2 * whole].copy_from_slice(&stream[..whole]);
        let mut flipped = stream.clone();
        flipped[whole + 5] ^= 1;
        let cases = [
            ("cut at a piece's end", stream[..2 * whole].to_vec()),
            ("cut inside a piece", stream[..stream.len() - 1].to_vec()),
            ("cut to nothing", Vec::new()),
            ("longer", [stream.as_slice(), b"x"].concat()),
            ("with its last piece twice", [&stream[..], &stream[2 * whole..]].concat()),
            ("in another order", swapped),
            ("changed", flipped),
        ];
        for (what, stream) in cases {
            let refused = opened(&ring, &salt, b"head", &stream).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidData, "{what}");
        }
        assert!(opened(&ring, &salt, b"another head", &stream).is_err());
        assert!(opened(&ring, &random_salt(), b"head", &stream).is_err());
        assert!(opened(&KeyRing::generate(), &salt, b"head", &stream).is_err());
    }
}
