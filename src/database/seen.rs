//! What a connection's queries failed with, noted as it happens: a job answers its own error type, which hides the cause.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Connection as _, InstrumentationEvent};
use diesel::result::{DatabaseErrorKind, Error};

use super::failure::is_damage;
use super::{Connection, Failure};

/// The failures of one connection since they were last taken.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Noted>>);

/// What was noted.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Any query failed, for any reason.
    pub(super) any: bool,
    pub(super) disk_full: bool,
    /// The connection should not be used again.
    pub(super) discard: bool,
    /// What the database said about its damaged file or disk.
    pub(super) damage: Option<String>,
}

impl Seen {
    /// Watches a connection from now on.
    pub(super) fn watch(connection: &mut Connection) -> Self {
        let seen = Self::default();
        let watching = seen.clone();
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event {
                watching.note(error);
            }
        });
        seen
    }

    fn note(&self, error: &Error) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.any = true;
        noted.disk_full |= Failure::from(error) == Failure::DiskFull;
        noted.discard |= matches!(error, Error::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, _));
        if is_damage(error) {
            noted.damage = Some(error.to_string());
        }
    }

    /// What was noted since the last time, and forgets it.
    pub(super) fn take(&self) -> Noted {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
