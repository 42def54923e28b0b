//! What can go wrong with the database, as the rest of the service needs to tell it apart.
//! Holds always: both engines' errors are sorted here and nowhere else.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};

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
    /// The connection or the disk failed during the commit: the write happened or it did not.
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
        Self::from(&error)
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        match error {
            Error::DatabaseError(kind, information) => by_kind(*kind, information.as_ref()),
            // The connection broke earlier; what was asked of it now was never sent.
            Error::BrokenTransactionManager => Self::Unavailable,
            // Answered by a commit only.
            Error::RollbackErrorOnCommit { .. } => Self::OutcomeUnknown,
            other => Self::Broken(other.to_string()),
        }
    }
}

fn by_kind(kind: DatabaseErrorKind, information: &dyn DatabaseErrorInformation) -> Failure {
    match kind {
        DatabaseErrorKind::UniqueViolation => Failure::UniqueViolation,
        // A primary that became a standby answers "read only": it is the wrong server from now on.
        DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::ReadOnlyTransaction => Failure::Unavailable,
        DatabaseErrorKind::SerializationFailure => Failure::Overloaded,
        _ => by_message(information.message()),
    }
}

/// Diesel keeps neither SQLite's code nor PostgreSQL's SQLSTATE of these errors, only the text.
fn by_message(message: &str) -> Failure {
    const SORTED: [(&str, Failure); 7] = [
        ("database or disk is full", Failure::DiskFull),
        ("No space left on device", Failure::DiskFull),
        ("database is locked", Failure::Overloaded),
        ("database table is locked", Failure::Overloaded),
        ("canceling statement due to", Failure::Overloaded),
        ("deadlock detected", Failure::Overloaded),
        ("terminating connection", Failure::Unavailable),
    ];
    let known = SORTED.into_iter().find(|(text, _)| message.contains(text));
    known.map_or_else(|| Failure::Broken(message.to_owned()), |(_, failure)| failure)
}

/// Whether the error says that SQLite's file or disk is damaged. Nothing more may be acknowledged then.
pub(super) fn is_damage(error: &Error) -> bool {
    const SIGNS: [&str; 3] = ["disk I/O error", "database disk image is malformed", "file is not a database"];
    match error {
        Error::DatabaseError(_, information) => SIGNS.iter().any(|sign| information.message().contains(sign)),
        Error::RollbackErrorOnCommit { commit_error, rollback_error } => {
            is_damage(commit_error) || is_damage(rollback_error)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(message: &str) -> Error {
        Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned()))
    }

    #[test]
    fn sorts_what_both_engines_say() {
        assert_eq!(Failure::from(unknown("database or disk is full")), Failure::DiskFull);
        assert_eq!(
            Failure::from(unknown("could not extend file \"base/1/2\": No space left on device")),
            Failure::DiskFull
        );
        assert_eq!(Failure::from(unknown("database is locked")), Failure::Overloaded);
        assert_eq!(Failure::from(unknown("canceling statement due to lock timeout")), Failure::Overloaded);
        assert_eq!(Failure::from(Error::BrokenTransactionManager), Failure::Unavailable);
        assert_eq!(Failure::from(unknown("no such table: x")), Failure::Broken("no such table: x".to_owned()));
    }

    #[test]
    fn a_damaged_disk_is_told_from_a_full_one() {
        assert!(is_damage(&unknown("disk I/O error")));
        assert!(is_damage(&unknown("database disk image is malformed")));
        assert!(!is_damage(&unknown("database or disk is full")));
    }
}
