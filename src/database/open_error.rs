//! Why a database, its directory or its migrations could not be made ready, said so that an operator knows what to do.
//! Holds always: no message holds a URL's password.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database URL must start with sqlite: or postgres://")]
    UnknownScheme,
    #[error("{0}")]
    UnusableUrl(&'static str),
    #[error(
        "the PostgreSQL at {host} is on another machine and its URL does not demand TLS: add sslmode=verify-full (or \
         require), or set MEND_DATABASE_ALLOW_INSECURE_POSTGRES=true if the network between is trusted"
    )]
    InsecurePostgres { host: String },
    #[error("the database URL demands TLS, but this mend was built without it: build with --features postgres-tls")]
    TlsNotBuilt,
    #[error("cannot open {what}: {cause}")]
    Connect { what: String, cause: String },
    /// Nobody answers there, or nobody who takes writes, which may pass.
    #[error("cannot reach the PostgreSQL of the database URL: {0}")]
    Unreachable(String),
    #[error("SQLite {found} can lose acknowledged writes; at least 3.51.3 is needed")]
    UnsafeSqlite { found: String },
    #[error("cannot migrate the database: {0}")]
    Migration(String),
    #[error("cannot use the data directory {path}: {cause}", path = path.display())]
    Directory { path: PathBuf, cause: std::io::Error },
    #[error("the data directory {path} is in use by another mend{}; one node needs one directory",
        holder.as_ref().map(|pid| format!(" (process {pid})")).unwrap_or_default(), path = path.display())]
    DirectoryInUse { path: PathBuf, holder: Option<String> },
    #[error(
        "a restore into {path} was interrupted: remove everything in it but the key ring and restore again", path = path.display()
    )]
    RestoreUnfinished { path: PathBuf },
    #[error("cannot start a thread of the database: {0}")]
    Thread(std::io::Error),
}
