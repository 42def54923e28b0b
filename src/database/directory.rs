//! The data directory: SQLite's files, the key ring and the keystore.
//! Holds always: one node to a directory, and what is made here is for its owner's eyes only.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::OpenError;

/// There while a restore is on its way, so that nothing starts from half of one.
const UNFINISHED: &str = "restore.unfinished";

/// A data directory that exists, and the lock on it where there is one.
#[derive(Debug)]
pub struct DataDirectory {
    path: PathBuf,
    /// The operating system lets the lock go with the file, also when the process is killed.
    _lock: Option<File>,
}

impl DataDirectory {
    /// Makes the directory (mode 0700) where it is missing and takes no lock: for commands that may run beside `serve`.
    pub fn create(path: &Path) -> Result<Self, OpenError> {
        make(path).map_err(|cause| OpenError::Directory { path: path.to_owned(), cause })?;
        refuse_unfinished(path)?;
        Ok(Self { path: path.to_owned(), _lock: None })
    }

    /// The same, and holds it alone until dropped: for `serve`.
    pub fn lock(path: &Path) -> Result<Self, OpenError> {
        let failed = |cause| OpenError::Directory { path: path.to_owned(), cause };
        make(path).map_err(failed)?;
        refuse_unfinished(path)?;
        let mut options = OpenOptions::new();
        let mut file = options
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(path.join("mend.lock"))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                sign(&mut file).map_err(failed)?;
                Ok(Self { path: path.to_owned(), _lock: Some(file) })
            }
            Err(TryLockError::WouldBlock) => {
                Err(OpenError::DirectoryInUse { path: path.to_owned(), holder: signature(&mut file) })
            }
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }

    /// From now on every start from this directory is refused, until [`DataDirectory::unmark`].
    pub fn mark_unfinished(&self) -> Result<(), OpenError> {
        let mark = || {
            OpenOptions::new().create_new(true).write(true).mode(0o600).open(self.path.join(UNFINISHED))?.sync_all()?;
            File::open(&self.path)?.sync_all()
        };
        mark().map_err(|cause| OpenError::Directory { path: self.path.clone(), cause })
    }

    /// What was begun is done, or undone: the directory may be used.
    pub fn unmark(&self) -> Result<(), OpenError> {
        let unmark = || {
            std::fs::remove_file(self.path.join(UNFINISHED))?;
            File::open(&self.path)?.sync_all()
        };
        unmark().map_err(|cause| OpenError::Directory { path: self.path.clone(), cause })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn refuse_unfinished(path: &Path) -> Result<(), OpenError> {
    if path.join(UNFINISHED).exists() { Err(OpenError::RestoreUnfinished { path: path.to_owned() }) } else { Ok(()) }
}

fn make(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        // Not changed: it may be a volume or a directory that others need. The files in it are 0600 in any case.
        tracing::warn!(path = %path.display(), "others on this machine may look into the data directory: chmod 700 it");
    }
    Ok(())
}

/// Leaves this process's id in the file, for the message to whoever comes second.
fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.write_all(std::process::id().to_string().as_bytes())
}

fn signature(file: &mut File) -> Option<String> {
    let mut pid = String::new();
    file.read_to_string(&mut pid).ok()?;
    (!pid.is_empty()).then_some(pid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_made_private_and_held_by_one() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("deep/data");
        let held = DataDirectory::lock(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        let refused = DataDirectory::lock(&path).unwrap_err().to_string();
        assert!(refused.contains(&std::process::id().to_string()), "{refused}");
        assert!(DataDirectory::create(&path).is_ok(), "a command may run beside the service");
        drop(held);
        assert!(DataDirectory::lock(&path).is_ok());
    }
}
