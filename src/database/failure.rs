//! What can go wrong with the database, as the rest of the service needs to tell it apart.
//! Holds always: both engines' errors are sorted here and nowhere else.

use diesel::result::{DatabaseErrorKind, Error};

/// Why a read or a write did not happen, or may not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The queue is full or the wait was too long. Nothing happened; try again in a moment.
    #[error("the database has too much to do")]
    Overloaded,
    /// No space is left. Nothing happened; reads go on, and writes heal when there is space again.
    #[error("the database's disk is full")]
    DiskFull,
    /// The database cannot be reached or is stopping. Nothing happened.
    #[error("the database cannot be reached")]
    Unavailable,
    /// The connection broke during the commit: the write happened or it did not.
    #[error("the outcome of a commit is unknown")]
    OutcomeUnknown,
    /// A row with this key is there already. Nothing happened.
    #[error("a row with this key is there already")]
    UniqueViolation,
    /// A fault of the service or the database. Nothing happened. The text is for the log, never for a client.
    #[error("the database failed: {0}")]
    Broken(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::UniqueViolation,
            other => Self::Broken(other.to_string()),
        }
    }
}
