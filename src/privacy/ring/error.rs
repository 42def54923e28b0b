//! Why a ring cannot be used, said so that an operator knows what to do.
//! Holds always: no message holds a key or a piece of the file.

use std::path::PathBuf;

use thiserror::Error;

use crate::database::Failure;

#[derive(Debug, Error)]
pub enum RingError {
    #[error(
        "there is no key ring at {path}; one is made only for a database that never had one: put the file back, or set \
         MEND_KEYS_RING_FILE or MEND_KEYS_RING", path = path.display()
    )]
    Missing { path: PathBuf },
    #[error("others can read the key ring {path} (mode {mode:03o}): run chmod 600 on it", path = path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("the key ring is malformed: {0}")]
    Malformed(String),
    #[error("{path} cannot be {action}: {cause}", path = path.display())]
    File { path: PathBuf, action: &'static str, cause: std::io::Error },
    #[error("this is another key ring than the one this database was set up with")]
    AnotherRing,
    #[error("this is an older copy of the key ring: key {0}, which this database knows, is missing or differs")]
    OlderCopy(i32),
    #[error(
        "the key ring stands in the configuration (MEND_KEYS_RING), which cannot be changed from here: put it in a file, \
         rotate that one with MEND_KEYS_RING_FILE, and hand the new text to every node"
    )]
    Inline,
    #[error("the database failed: {0}")]
    Database(#[from] Failure),
}
