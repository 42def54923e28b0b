//! What can go wrong between a query and its answer.
//! Holds always: the cause of a failure stays inside; callers see only its kind.

/// Why the database did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The queue is full; nothing was tried.
    #[error("overloaded")]
    Overloaded,
    /// The disk is full; nothing was stored.
    #[error("disk full")]
    DiskFull,
    /// The database does not answer; nothing was stored.
    #[error("unavailable")]
    Unavailable,
    /// The connection broke during the commit: it may be stored or not.
    #[error("outcome unknown")]
    OutcomeUnknown,
    /// A row with this key exists.
    #[error("unique violation")]
    UniqueViolation,
    /// Anything else: a fault of the service.
    #[error("{0}")]
    Broken(String),
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        match error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::UniqueViolation,
            other => Self::Broken(other.to_string()),
        }
    }
}
