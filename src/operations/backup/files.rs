//! Files of backups on their way: drafts that vanish unless they are finished, and the folder that one backup at a time writes to.
//! Holds always: mode 0600 from the first byte; a draft is gone after a failure, and one that a killed process left is gone after
//! the next backup; a finished file is synced before it gets its name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::error::{BackupError, failed};
use super::header::Header;
use crate::database::Id;
use crate::privacy::KeyRing;
use crate::privacy::stream::Sealing;

/// What every draft's name begins with.
const DRAFT: &str = ".mend-draft-";

/// A folder that this process alone writes backups to.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder (mode 0700) where it is missing, holds it alone, and removes drafts that a killed process left.
    pub(super) fn hold(path: &Path) -> Result<Self, BackupError> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed(path, "made"))?;
        let lock_path = path.join(".mend-backup.lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&lock_path);
        let lock = lock.map_err(failed(&lock_path, "opened"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::Busy(path.to_owned())),
            Err(TryLockError::Error(cause)) => return Err(failed(&lock_path, "locked")(cause)),
        }
        for entry in fs::read_dir(path).map_err(failed(path, "read"))?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(DRAFT) {
                fs::remove_file(entry.path()).map_err(failed(&entry.path(), "removed"))?;
            }
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Seals what `write` writes into a file of that name; answers its path and its size.
    pub(super) fn seal(
        &self,
        name: &str,
        header: &Header,
        ring: &KeyRing,
        write: impl FnOnce(&mut dyn Write) -> Result<(), BackupError>,
    ) -> Result<(PathBuf, u64), BackupError> {
        let path = self.path.join(name);
        if path.exists() {
            return Err(BackupError::InTheWay(path));
        }
        let draft = Draft::new(&self.path)?;
        let file = OpenOptions::new().write(true).open(&draft.path).map_err(failed(&draft.path, "opened"))?;
        let head = header.encode().map_err(failed(&draft.path, "written"))?;
        let mut out = io::BufWriter::with_capacity(256 * 1024, file);
        out.write_all(&head).map_err(failed(&draft.path, "written"))?;
        let mut sealing = Sealing::new(&header.key(&path, ring)?, &head, out);
        write(&mut sealing)?;
        let out = sealing.finish().map_err(failed(&draft.path, "written"))?;
        let file = out.into_inner().map_err(|error| failed(&draft.path, "written")(error.into_error()))?;
        file.sync_all().map_err(failed(&draft.path, "synced"))?;
        let bytes = file.metadata().map_err(failed(&draft.path, "examined"))?.len();
        fs::rename(&draft.path, &path).map_err(failed(&path, "named"))?;
        sync(&self.path)?;
        Ok((path, bytes))
    }
}

/// An empty file that is gone when this is dropped, unless it was renamed.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) path: PathBuf,
}

impl Draft {
    pub(super) fn new(folder: &Path) -> Result<Self, BackupError> {
        let draft = Self { path: folder.join(format!("{DRAFT}{}", Id::new())) };
        create(&draft.path)?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // SQLite's own beside it, too, should it have been stopped in the middle.
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut name = self.path.as_os_str().to_owned();
            name.push(ending);
            fs::remove_file(PathBuf::from(name)).ok();
        }
    }
}

/// A new, empty file for its owner's eyes only.
pub(super) fn create(path: &Path) -> Result<File, BackupError> {
    let made = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    made.map_err(|cause| match cause.kind() {
        io::ErrorKind::AlreadyExists => BackupError::InTheWay(path.to_owned()),
        _ => failed(path, "made")(cause),
    })
}

/// Makes new names in a folder survive a loss of power.
pub(super) fn sync(folder: &Path) -> Result<(), BackupError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder, "synced"))
}
