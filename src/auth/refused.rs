//! Why an account operation or a request for a capability was refused.
//! Holds always: a refusal carries nothing that the caller sent, and tells known addresses apart from unknown ones nowhere.

use std::time::Duration;

use crate::database::Failure;

/// Why nobody counts as signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No `Authorization: Bearer` came.
    Missing,
    /// The token is not one of ours, or damaged.
    Invalid,
    /// The token's time is over; refresh it.
    Expired,
    /// The session behind the token ended: signed out, revoked, suspended or too old.
    Ended,
}

/// One thing wrong with what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer into the body.
    pub pointer: &'static str,
    /// Stable name of the fault.
    pub code: &'static str,
    /// What to do instead, in English.
    pub detail: &'static str,
}

/// A refusal. `http` turns it into a problem.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Refused {
    /// 401: nobody is signed in.
    #[error("not signed in")]
    NotSignedIn {
        /// For the `WWW-Authenticate` header.
        reason: Reason,
    },
    /// 403: signed in, but the role does not open this.
    #[error("not allowed")]
    NotAllowed,
    /// 401: address and password do not belong together, or there is no such account; nobody can tell which.
    #[error("wrong credentials")]
    WrongCredentials,
    /// 401: the refresh token is unknown, expired, replayed or of an ended session.
    #[error("refresh refused")]
    RefreshRefused,
    /// 422: what was sent breaks a rule.
    #[error("invalid content")]
    Invalid(Vec<Fault>),
    /// 404: no such thing for this account.
    #[error("not found")]
    NotFound,
    /// 429: too many attempts.
    #[error("too many attempts")]
    TooManyAttempts {
        /// When the next attempt may come.
        retry_after: Duration,
    },
    /// 503: too many passwords are being hashed at the moment.
    #[error("busy")]
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The database failed; its kind decides between 500 and 503.
    #[error(transparent)]
    Unavailable(#[from] Failure),
    /// Something inside failed that the caller can do nothing about: 500.
    #[error("{0}")]
    Broken(&'static str),
}

impl Refused {
    /// A refusal of one member.
    #[must_use]
    pub fn invalid(pointer: &'static str, code: &'static str, detail: &'static str) -> Self {
        Self::Invalid(vec![Fault { pointer, code, detail }])
    }
}

impl From<diesel::result::Error> for Refused {
    fn from(error: diesel::result::Error) -> Self {
        Self::Unavailable(error.into())
    }
}
