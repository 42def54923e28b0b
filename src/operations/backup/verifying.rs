//! Reading a backup back: every byte is opened, and what is in it is held against itself.
//! Holds always: nothing is changed, and the copy in the clear that SQLite needs is gone at the end.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::checking::{self, Known, Sampled};
use super::error::{BackupError, failed};
use super::files::Draft;
use super::header::{Content, Opened};
use super::ledger::Stopped;
use super::lines::{self, Line};
use super::{Progress, epoch};
use crate::config::Config;
use crate::database::{Id, Purpose, Target, Timestamp, migrations};
use crate::privacy::keystore::StoredKey;
use crate::privacy::{KeyRing, keystore};

/// A backup that is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// When the database's copy began.
    pub created_at: Timestamp,
    pub epoch: i64,
    /// Data keys in the keystore's file; each opens with the key ring.
    pub keys: usize,
    /// The documents that were drawn by chance.
    pub documents: Sampled,
}

/// Verifies the set of a database's file.
///
/// # Errors
/// What is wrong with it.
pub fn verify(
    config: &Config,
    database: &Path,
    keystore: Option<&Path>,
    progress: Progress<'_>,
) -> Result<Verified, BackupError> {
    let ring = KeyRing::load(&config.keys)?;
    progress("reading the backup");
    let ledger = database.with_extension(super::ledger::ENDING);
    set(database, &keystore_of(database, keystore)?, ledger.exists().then_some(ledger.as_path()), &ring)
}

/// The keystore's file that was named, or the one beside the database's.
pub(super) fn keystore_of(database: &Path, named: Option<&Path>) -> Result<PathBuf, BackupError> {
    let path = named.map_or_else(|| database.with_extension("keystore"), Path::to_owned);
    if path.exists() { Ok(path) } else { Err(BackupError::NoKeystore(path)) }
}

/// Both files of a set, opened and found to belong together.
pub(super) struct Pair {
    pub database: Opened,
    pub keystore: Opened,
}

impl Pair {
    pub(super) fn open(database: &Path, keystore: &Path, ring: &KeyRing) -> Result<Self, BackupError> {
        let pair = Self {
            database: Opened::open(database, Content::Database, ring)?,
            keystore: Opened::open(keystore, Content::Keystore, ring)?,
        };
        let (one, other) = (&pair.database.header, &pair.keystore.header);
        if one.installation != other.installation {
            let (one, other) = (database.to_owned(), keystore.to_owned());
            return Err(BackupError::Strangers { one, other });
        }
        if other.created_at < one.created_at {
            let (database, keystore) = (database.to_owned(), keystore.to_owned());
            return Err(BackupError::OlderKeystore { database, keystore });
        }
        Ok(pair)
    }
}

pub(super) fn set(
    database: &Path,
    keystore_file: &Path,
    ledger: Option<&Path>,
    ring: &KeyRing,
) -> Result<Verified, BackupError> {
    let mut pair = Pair::open(database, keystore_file, ring)?;
    let copy = Draft::new(database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    write_out(&mut pair.database.text(), database, &copy.path)?;
    // With the keystore's settings, which leave the file as it is.
    let mut main = Target::Sqlite(copy.path.clone()).connect(Purpose::Keystore)?;
    checking::structure(&mut main)?;
    let header = &pair.database.header;
    let is_as_it_says = migrations::applied(&mut main)? == header.schema
        && epoch::current(&mut main)? == header.epoch
        && keystore::expected_id(&mut main)? == Some(header.installation);
    if !is_as_it_says {
        return Err(BackupError::Unsound("it is another database than its head says".to_owned()));
    }
    let sample = checking::sample(&mut main)?;
    let mut wanted: HashMap<(Id, Id), Option<StoredKey>> =
        sample.iter().map(|sealed| ((sealed.owner, sealed.data_key), None)).collect();
    let mut destroyed: Vec<(Id, Id)> = Vec::new();
    let (mut keys, mut closed) = (0, 0);
    let read: Result<(), Stopped> = lines::each(pair.keystore.text(), |line| {
        match line {
            Line::Key(key) => {
                if key.unwrap(ring).is_ok() {
                    keys += 1;
                } else {
                    closed += 1;
                }
                if let Some(place) = wanted.get_mut(&(key.owner, key.id)) {
                    *place = Some(key);
                }
            }
            Line::Destroyed(key) if wanted.contains_key(&(key.owner, key.id)) => destroyed.push((key.owner, key.id)),
            _ => {}
        }
        Ok(())
    });
    read.map_err(|stopped| stopped.at(keystore_file))?;
    if closed > 0 {
        return Err(BackupError::Unreadable { unreadable: closed, looked_at: keys + closed });
    }
    let documents = checking::open_all(&sample, ring, |owner, id| {
        Ok(match wanted.get(&(owner, id)).cloned().flatten() {
            Some(key) => Known::Key(key),
            None if destroyed.contains(&(owner, id)) => Known::Destroyed,
            None => Known::Missing,
        })
    })?;
    if let Some(ledger) = ledger {
        let mut opened = Opened::open(ledger, Content::Ledger, ring)?;
        let read: Result<(), Stopped> = lines::each(opened.text(), |_line| Ok(()));
        read.map_err(|stopped| stopped.at(ledger))?;
    }
    Ok(Verified { created_at: header.created_at, epoch: header.epoch, keys, documents })
}

/// Writes a stream's text into a file that is there.
pub(super) fn write_out(text: &mut impl Read, from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut file = OpenOptions::new().write(true).open(to).map_err(failed(to, "opened"))?;
    io::copy(text, &mut file).map_err(failed(from, "copied"))?;
    file.sync_all().map_err(failed(to, "synced"))
}
