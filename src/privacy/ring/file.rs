//! The ring's file: read with care, written whole or not at all.
//! Holds always: mode 0600 from its first byte on; a crash leaves the old file or the new one, synced with its folder; a file
//! that exists is replaced by a rotation only, and by one at a time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::RingError;
use super::keys::Keys;
use crate::database::Id;

/// Permission bits of anybody but the owner.
const OTHERS: u32 = 0o077;

/// Tells whether a file is still the one that was read. A replaced file has another inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

impl Fingerprint {
    fn new(metadata: &fs::Metadata) -> Self {
        let modified = (metadata.mtime(), metadata.mtime_nsec());
        Self { device: metadata.dev(), inode: metadata.ino(), length: metadata.len(), modified }
    }

    pub(super) fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|metadata| Self::new(&metadata))
    }
}

/// Reads a ring; nothing when there is no file.
pub(super) fn read(path: &Path) -> Result<Option<(Keys, Fingerprint)>, RingError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, "opened")(error)),
    };
    // Of the opened file, so that what is judged is what is read.
    let metadata = file.metadata().map_err(failed(path, "examined"))?;
    if metadata.mode() & OTHERS != 0 {
        return Err(RingError::Exposed { path: path.to_owned(), mode: metadata.mode() & 0o777 });
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(failed(path, "read"))?;
    Ok(Some((Keys::parse(&text)?, Fingerprint::new(&metadata))))
}

/// Writes a ring where none is; a file that another process made meanwhile stays and is used.
pub(super) fn create(path: &Path, keys: &Keys) -> Result<(), RingError> {
    let draft = Draft::write(path, keys)?;
    // A link, unlike a rename, refuses to take the place of a file.
    match fs::hard_link(&draft.path, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path, "created")(error)),
        _ => sync_folder(path),
    }
}

/// Writes a ring in place of the one in the file. The caller holds [`lock`].
pub(super) fn replace(path: &Path, keys: &Keys) -> Result<(), RingError> {
    let draft = Draft::write(path, keys)?;
    fs::rename(&draft.path, path).map_err(failed(path, "replaced"))?;
    sync_folder(path)
}

/// Waits until no other process rotates this file. Ends when the lock is dropped. The lock is a file beside the ring, since
/// the ring itself is replaced.
pub(super) fn lock(path: &Path) -> Result<File, RingError> {
    let beside = beside(path, "lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&beside);
    let file = file.map_err(failed(&beside, "opened"))?;
    file.lock().map_err(failed(&beside, "locked"))?;
    Ok(file)
}

/// A synced file beside the ring's place; removed when dropped, unless it was renamed.
struct Draft {
    path: PathBuf,
}

impl Draft {
    fn write(path: &Path, keys: &Keys) -> Result<Self, RingError> {
        // A name of its own: two nodes may be at it in this moment, on two machines even.
        let draft = Self { path: beside(path, &format!("{}.draft", Id::new())) };
        let json = keys.to_json()?;
        let write = || {
            let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&draft.path)?;
            file.write_all(json.as_bytes())?;
            file.sync_all()
        };
        write().map_err(failed(&draft.path, "written"))?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Already gone after a rename; a leftover is only a draft.
        fs::remove_file(&self.path).ok();
    }
}

/// `keyring.json` and `lock` make `keyring.json.lock` in the same folder.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Makes a new name in the file's folder survive a loss of power.
fn sync_folder(path: &Path) -> Result<(), RingError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder, "synced"))
}

fn failed(path: &Path, action: &'static str) -> impl Fn(io::Error) -> RingError {
    move |cause| RingError::File { path: path.to_owned(), action, cause }
}
