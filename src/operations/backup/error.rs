//! Why a backup cannot be taken, read or restored, said so that an operator knows what to do.
//! Holds always: no message holds a key, an address or a piece of what somebody wrote.

use std::io;
use std::path::PathBuf;

use crate::database::{Failure, OpenError};
use crate::privacy::{KeyFailure, KeystoreError, RingError};

use super::header::Content;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{path} is no backup of mend", path = .0.display())]
    NotABackup(PathBuf),
    #[error("{path} is in format {found}, and this mend reads format {}: use the version that wrote it, or a later one",
        super::header::FORMAT, path = path.display())]
    UnknownFormat { path: PathBuf, found: u8 },
    #[error("{path} holds a {found}, not a {wanted}", path = path.display())]
    AnotherContent { path: PathBuf, found: Content, wanted: Content },
    #[error("{path} was made with another key ring: put the ring of that installation in its place (MEND_KEYS_RING_FILE)",
        path = .0.display())]
    AnotherRing(PathBuf),
    #[error("{path} is sealed with key {key} of the key ring, which this copy of the ring lacks: use a newer copy of the ring",
        path = path.display())]
    OlderRing { path: PathBuf, key: i32 },
    #[error("{path} is newer than this mend: it was made by mend {by}, with changes of the tables that this one does not \
        know ({versions}); restore it with mend {by} or later", path = path.display())]
    Newer { path: PathBuf, by: String, versions: String },
    #[error("{path} is cut short: {found} bytes instead of {wanted}", path = path.display())]
    CutShort { path: PathBuf, found: u64, wanted: u64 },
    #[error("{path} is damaged: {cause}", path = path.display())]
    Damaged { path: PathBuf, cause: String },
    #[error("{one} and {other} belong to different installations", one = one.display(), other = other.display())]
    Strangers { one: PathBuf, other: PathBuf },
    #[error("{path} belongs to another installation", path = .0.display())]
    AnotherInstallation(PathBuf),
    #[error("{keystore} is older than {database}, so rows may lack their keys: take the keystore of the same set, or a newer one",
        keystore = keystore.display(), database = database.display())]
    OlderKeystore { database: PathBuf, keystore: PathBuf },
    #[error("{path} is missing: name the file with --keystore", path = .0.display())]
    NoKeystore(PathBuf),
    #[error("the copied database is not sound: {0}")]
    Unsound(String),
    #[error("{unreadable} of {looked_at} documents that were looked at do not open")]
    Unreadable { unreadable: usize, looked_at: usize },
    #[error("{path} is in the way: a restore goes to a data directory that holds nothing but the key ring, and never overwrites",
        path = .0.display())]
    InTheWay(PathBuf),
    #[error("another backup is being written to {path}", path = .0.display())]
    Busy(PathBuf),
    #[error("there is no database at {path}", path = .0.display())]
    NoDatabase(PathBuf),
    #[error("this database was never set up with a key ring: start the service once")]
    NeverStarted,
    #[error(
        "mend backs up SQLite itself; on PostgreSQL use pg_dump or pg_basebackup, and `mend backup ledger` beside it"
    )]
    NotSqlite,
    #[error(
        "a backup is restored into SQLite; what PostgreSQL's own tools restored is taken over with `mend restore --adopt`"
    )]
    NotIntoPostgres,
    #[error("{path} cannot be {action}: {cause}", path = path.display())]
    File { path: PathBuf, action: &'static str, cause: io::Error },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Ring(#[from] RingError),
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    #[error(transparent)]
    Key(#[from] KeyFailure),
    #[error(transparent)]
    Database(#[from] Failure),
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// For `map_err`: names the file and what was tried with it.
pub(super) fn failed(path: &std::path::Path, action: &'static str) -> impl Fn(io::Error) -> BackupError {
    move |cause| {
        let path = path.to_owned();
        // The stream and the lines say so when what they read is not what was written.
        if cause.kind() == io::ErrorKind::InvalidData {
            return BackupError::Damaged { path, cause: cause.to_string() };
        }
        BackupError::File { path, action, cause }
    }
}
