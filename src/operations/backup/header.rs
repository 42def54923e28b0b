//! The head of a backup file: what it is, in the clear, and which key opens the rest.
//! Holds always: the whole head is authenticated with every piece of the stream after it, so nothing in it can be exchanged;
//! it says nothing about anybody.
//!
//! Layout: `MENDBACK`, the format (1 byte), the length of the JSON (4, big endian), the JSON, the sealed stream.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use super::error::{BackupError, failed};
use crate::database::{Id, Timestamp, migrations};
use crate::privacy::KeyRing;
use crate::privacy::stream::{self, Opening, StreamKey};

const MAGIC: &[u8; 8] = b"MENDBACK";
pub(super) const FORMAT: u8 = 1;
/// No head is longer; what says otherwise is no backup.
const MAX_LENGTH: u32 = 64 * 1024;

/// Which of the three files of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    Database,
    Keystore,
    Ledger,
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Database => "database",
            Self::Keystore => "keystore",
            Self::Ledger => "ledger",
        })
    }
}

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub content: Content,
    /// The same in all files that were made together.
    pub set: Id,
    /// The installation: the id that binds its keystore to its database.
    pub installation: Id,
    /// The ring's check value, in base64; it says nothing about a key.
    pub ring: String,
    /// Which key of the ring the stream's key was made from.
    pub ring_key: i32,
    /// When the copy began: what was acknowledged before is in it.
    pub created_at: Timestamp,
    pub epoch: i64,
    /// The versions of the main database's migrations.
    pub schema: Vec<String>,
    /// The version of mend.
    pub mend: String,
    /// Bytes of the text in the stream, where that is known beforehand.
    pub text_bytes: Option<u64>,
    /// Makes the stream's key, in base64.
    pub salt: String,
}

/// What the files of a set have in common.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub set: Id,
    pub installation: Id,
    pub created_at: Timestamp,
    pub epoch: i64,
    pub schema: Vec<String>,
}

impl Origin {
    pub(super) fn header(&self, content: Content, text_bytes: Option<u64>, ring: &KeyRing) -> Header {
        Header {
            content,
            set: self.set,
            installation: self.installation,
            ring: BASE64_STANDARD.encode(ring.check_value()),
            ring_key: ring.active_id(),
            created_at: self.created_at,
            epoch: self.epoch,
            schema: self.schema.clone(),
            mend: env!("CARGO_PKG_VERSION").to_owned(),
            text_bytes,
            salt: BASE64_STANDARD.encode(stream::random_salt()),
        }
    }
}

impl Header {
    /// The bytes that stand before the stream and are authenticated with it.
    pub(super) fn encode(&self) -> io::Result<Vec<u8>> {
        let json = serde_json::to_vec(self)?;
        let length = u32::try_from(json.len()).map_err(io::Error::other)?;
        Ok([MAGIC.as_slice(), &[FORMAT], &length.to_be_bytes(), &json].concat())
    }

    /// The stream's key.
    pub(super) fn key(&self, path: &Path, ring: &KeyRing) -> Result<StreamKey, BackupError> {
        if self.ring != BASE64_STANDARD.encode(ring.check_value()) {
            return Err(BackupError::AnotherRing(path.to_owned()));
        }
        let salt = BASE64_STANDARD.decode(&self.salt).ok().and_then(|salt| salt.try_into().ok());
        let salt: [u8; 32] = salt.ok_or_else(|| BackupError::NotABackup(path.to_owned()))?;
        let key = ring.stream_key(self.ring_key, &salt);
        key.ok_or_else(|| BackupError::OlderRing { path: path.to_owned(), key: self.ring_key })
    }
}

/// A backup file that was opened: its head was read and its key is at hand.
pub(super) struct Opened {
    pub header: Header,
    head: Vec<u8>,
    key: StreamKey,
    file: File,
}

impl Opened {
    /// Opens a file and refuses what this program cannot use.
    pub(super) fn open(path: &Path, wanted: Content, ring: &KeyRing) -> Result<Self, BackupError> {
        let mut file = File::open(path).map_err(failed(path, "opened"))?;
        let (header, head) = read(path, &mut file)?;
        if header.content != wanted {
            return Err(BackupError::AnotherContent { path: path.to_owned(), found: header.content, wanted });
        }
        let known = migrations::known()?;
        let unknown: Vec<_> = header.schema.iter().filter(|version| !known.contains(version)).cloned().collect();
        if !unknown.is_empty() {
            let versions = unknown.join(", ");
            return Err(BackupError::Newer { path: path.to_owned(), by: header.mend, versions });
        }
        let key = header.key(path, ring)?;
        let found = file.metadata().map_err(failed(path, "examined"))?.len();
        if let Some(text) = header.text_bytes {
            let wanted = stream::sealed_bytes(text).saturating_add(u64::try_from(head.len()).unwrap_or(0));
            if found < wanted {
                return Err(BackupError::CutShort { path: path.to_owned(), found, wanted });
            }
        }
        Ok(Self { header, head, key, file })
    }

    /// The text behind the head.
    pub(super) fn text(&mut self) -> impl Read {
        Opening::new(&self.key, &self.head, io::BufReader::with_capacity(256 * 1024, &mut self.file))
    }
}

/// The head of a file, and its bytes.
pub(super) fn read(path: &Path, file: &mut impl Read) -> Result<(Header, Vec<u8>), BackupError> {
    let not_ours = |_cut_short| BackupError::NotABackup(path.to_owned());
    let mut start = [0; 13];
    file.read_exact(&mut start).map_err(not_ours)?;
    let (magic, format, length) = match start {
        [magic @ .., format, a, b, c, d] => (magic, format, u32::from_be_bytes([a, b, c, d])),
    };
    if magic != *MAGIC {
        return Err(BackupError::NotABackup(path.to_owned()));
    }
    if format != FORMAT {
        return Err(BackupError::UnknownFormat { path: path.to_owned(), found: format });
    }
    let mut head = start.to_vec();
    if length <= MAX_LENGTH {
        file.take(length.into()).read_to_end(&mut head).map_err(failed(path, "read"))?;
    }
    let header = serde_json::from_slice(head.get(start.len()..).unwrap_or_default());
    Ok((header.map_err(|_cause| BackupError::NotABackup(path.to_owned()))?, head))
}
