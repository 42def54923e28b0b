//! How the failures of the parts below become problems.
//! Holds always: a cause goes to the log, never to the caller; each failure is named here, none falls under a blanket rule.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};

use super::code::Code;
use super::problem::{Fault, Problem};
use crate::auth::{Reason, Refused};
use crate::database::Failure;
use crate::privacy::KeyFailure;

/// When to come back after a moment of too much work, in seconds.
const SOON: u64 = 1;
/// When to come back after something broke that heals by itself, in seconds.
const LATER: u64 = 5;

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Overloaded => Self::new(Code::Overloaded).retry_after(SOON),
            Failure::DiskFull => Self::new(Code::StorageFull).retry_after(LATER),
            Failure::Unavailable => Self::new(Code::Unavailable).retry_after(LATER),
            Failure::OutcomeUnknown => Self::new(Code::OutcomeUnknown).retry_after(SOON),
            Failure::UniqueViolation => Self::new(Code::Conflict),
            Failure::Broken(cause) => {
                tracing::error!(%cause, "the database failed");
                Self::new(Code::Internal)
            }
        }
    }
}

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        Failure::from(error).into()
    }
}

impl From<KeyFailure> for Problem {
    fn from(failure: KeyFailure) -> Self {
        match failure {
            KeyFailure::Store(failure) => failure.into(),
            // Heals when the rotated ring reaches this node.
            cause @ KeyFailure::UnknownRingKey(_) => {
                tracing::error!(%cause, "this node's key ring is too old");
                Self::new(Code::Unavailable).retry_after(LATER)
            }
            cause @ KeyFailure::Damaged => {
                tracing::error!(%cause, "a data key does not open");
                Self::new(Code::Internal)
            }
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotSignedIn { reason } => {
                Self::new(Code::NotSignedIn).header(header::WWW_AUTHENTICATE, challenge(reason))
            }
            Refused::NotAllowed => Self::new(Code::NotAllowed),
            Refused::WrongCredentials => {
                Self::new(Code::WrongCredentials).header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            Refused::RefreshRefused => {
                Self::new(Code::RefreshRefused).header(header::WWW_AUTHENTICATE, challenge(Reason::Invalid))
            }
            Refused::Invalid(faults) => Self::new(Code::InvalidContent).faults(faults.into_iter().map(Fault::from)),
            Refused::NotFound => Self::not_found(),
            Refused::TooManyAttempts { retry_after } => {
                Self::new(Code::TooManyRequests).retry_after(whole_seconds(retry_after))
            }
            Refused::Busy { retry_after } => Self::new(Code::Overloaded).retry_after(whole_seconds(retry_after)),
            Refused::Unavailable(failure) => failure.into(),
            Refused::Broken(cause) => {
                tracing::error!(cause, "an account operation failed");
                Self::new(Code::Internal)
            }
        }
    }
}

impl From<crate::auth::Fault> for Fault {
    fn from(fault: crate::auth::Fault) -> Self {
        Self::at(fault.pointer, fault.code, fault.detail)
    }
}

impl ResponseError for Refused {
    fn error_response(&self) -> HttpResponse {
        Problem::from(self.clone()).error_response()
    }
}

/// The challenge of RFC 6750: bare when nothing came, with `invalid_token` when what came is no good.
fn challenge(reason: Reason) -> HeaderValue {
    HeaderValue::from_static(match reason {
        Reason::Missing => "Bearer",
        Reason::Invalid | Reason::Expired | Reason::Ended => "Bearer error=\"invalid_token\"",
    })
}

/// Seconds, rounded up, so that who comes back then is not too early.
fn whole_seconds(duration: std::time::Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
