//! Taking a backup of a service that runs.
//! Holds always: no writer waits for it; the copy in the clear is mode 0600 and gone at the end, whichever way that comes; what
//! is answered as made was read back and checked.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use diesel::connection::SimpleConnection as _;
use serde::Serialize;

use super::error::{BackupError, failed};
use super::files::{Draft, Folder};
use super::header::{Content, Origin};
use super::ledger::ENDING;
use super::lines::{Line, Lines};
use super::source::{self, Source};
use super::verifying::{self, Verified};
use super::{Progress, ledger};
use crate::config::Config;
use crate::database::{Clock, Timestamp};

/// A backup that was taken.
#[derive(Debug, Serialize)]
pub struct Made {
    pub created_at: Timestamp,
    pub epoch: i64,
    pub files: Vec<MadeFile>,
    pub verified: Verified,
    pub milliseconds: u128,
}

/// One of its files.
#[derive(Debug, Serialize)]
pub struct MadeFile {
    pub content: Content,
    pub path: PathBuf,
    pub bytes: u64,
}

/// Writes a set to `folder`, its keystore to `keystore_folder` where one is given, and verifies it.
///
/// # Errors
/// The database is not SQLite, something does not belong together, a file cannot be written, or the set does not verify; no
/// file of an unverified set stays.
pub fn create(
    config: &Config,
    folder: &Path,
    keystore_folder: Option<&Path>,
    clock: Clock,
    progress: Progress<'_>,
) -> Result<Made, BackupError> {
    let begun = Instant::now();
    let mut source = Source::open(config, clock)?;
    if !source.is_sqlite() {
        return Err(BackupError::NotSqlite);
    }
    let folder = Folder::hold(folder)?;
    let apart = keystore_folder.filter(|apart| *apart != folder.path()).map(Folder::hold).transpose()?;
    let origin = source.origin()?;
    let mut made = Unverified(Vec::new());
    progress("copying the database");
    made.0.push(database(&mut source, &origin, &folder)?);
    progress("copying the keystore");
    made.0.push(keystore(&source, &origin, apart.as_ref().unwrap_or(&folder))?);
    made.0.push(erasures(&mut source, &origin, &folder, &source::name(origin.created_at))?);
    progress("reading it back");
    let paths: Vec<_> = made.0.iter().map(|file| file.path.clone()).collect();
    let [database, keystore, ledger] = paths.as_slice() else { return Err(BackupError::NeverStarted) };
    let verified = verifying::set(database, keystore, Some(ledger), &source.ring)?;
    let files = std::mem::take(&mut made.0);
    let milliseconds = begun.elapsed().as_millis();
    Ok(Made { created_at: origin.created_at, epoch: origin.epoch, files, verified, milliseconds })
}

/// Writes a ledger alone, of either engine, so that what is erased between two backups is known to the next restore.
///
/// # Errors
/// Something does not belong together, or the file cannot be written.
pub fn write_ledger(config: &Config, folder: &Path, clock: Clock) -> Result<MadeFile, BackupError> {
    let mut source = Source::open(config, clock)?;
    let folder = Folder::hold(folder)?;
    let origin = source.origin()?;
    erasures(&mut source, &origin, &folder, &source::name(origin.created_at))
}

/// Files that go again unless they are taken out.
struct Unverified(Vec<MadeFile>);

impl Drop for Unverified {
    fn drop(&mut self) {
        for file in &self.0 {
            std::fs::remove_file(&file.path).ok();
        }
    }
}

fn database(source: &mut Source, origin: &Origin, folder: &Folder) -> Result<MadeFile, BackupError> {
    let copy = Draft::new(folder.path())?;
    // One read transaction: in the write-ahead log's mode it holds up nobody. SQLite fills the empty file that is there.
    let quoted = copy.path.to_string_lossy().replace('\'', "''");
    source.main.batch_execute(&format!("VACUUM INTO '{quoted}'"))?;
    let mut text = std::fs::File::open(&copy.path).map_err(failed(&copy.path, "opened"))?;
    let length = text.metadata().map_err(failed(&copy.path, "examined"))?.len();
    let header = origin.header(Content::Database, Some(length), &source.ring);
    let name = format!("{}.database", source::name(origin.created_at));
    let (path, bytes) = folder.seal(&name, &header, &source.ring, |out| {
        io::copy(&mut text, out).map(drop).map_err(failed(folder.path(), "written to"))
    })?;
    Ok(MadeFile { content: Content::Database, path, bytes })
}

fn keystore(source: &Source, origin: &Origin, folder: &Folder) -> Result<MadeFile, BackupError> {
    let header = origin.header(Content::Keystore, None, &source.ring);
    let name = format!("{}.keystore", source::name(origin.created_at));
    let (path, bytes) = folder.seal(&name, &header, &source.ring, |out| {
        let broken = failed(folder.path(), "written to");
        let mut lines = Lines::new(out);
        source.keystore.each_stored(|key| lines.write(&Line::Key(key)).map_err(&broken))?;
        source.keystore.each_destroyed(|key| lines.write(&Line::Destroyed(key)).map_err(&broken))?;
        lines.finish().map_err(broken)
    })?;
    Ok(MadeFile { content: Content::Keystore, path, bytes })
}

fn erasures(source: &mut Source, origin: &Origin, folder: &Folder, name: &str) -> Result<MadeFile, BackupError> {
    // Its own time: a ledger is worth what it knows.
    let origin = Origin { created_at: source.clock.now(), ..origin.clone() };
    let header = origin.header(Content::Ledger, None, &source.ring);
    let name = format!("{name}.{ENDING}");
    let ring = std::sync::Arc::clone(&source.ring);
    let (path, bytes) =
        folder.seal(&name, &header, &ring, |out| ledger::write(source, folder.path(), out).map(drop))?;
    Ok(MadeFile { content: Content::Ledger, path, bytes })
}
