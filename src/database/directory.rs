//! The data directory: SQLite's files, the key ring and the keystore.

use std::path::{Path, PathBuf};

use super::OpenError;

/// A data directory that exists.
#[derive(Debug)]
pub struct DataDirectory {
    path: PathBuf,
}

impl DataDirectory {
    /// Makes the directory (mode 0700) where it is missing, and takes no lock: for commands that may run beside `serve`.
    pub fn create(_path: &Path) -> Result<Self, OpenError> {
        todo!()
    }

    /// The same, and holds it alone until dropped: for `serve`.
    pub fn lock(_path: &Path) -> Result<Self, OpenError> {
        todo!()
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
