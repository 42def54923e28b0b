//! How the failures of the parts below become problems.
//! Holds always: a cause goes to the log, never to the caller, and nothing becomes a problem by a blanket rule.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};

use super::code::Code;
use super::problem::Problem;
use crate::auth::{Reason, Refused};
use crate::database::Failure;

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::not_found(),
            other => {
                tracing::error!(cause = %other, "database query failed");
                Self::new(Code::Internal)
            }
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Overloaded => Self::new(Code::Overloaded).retry_after(1),
            Failure::DiskFull => Self::new(Code::StorageFull).retry_after(5),
            Failure::Unavailable => Self::new(Code::Unavailable).retry_after(2),
            Failure::OutcomeUnknown => Self::new(Code::OutcomeUnknown).retry_after(1),
            Failure::UniqueViolation => Self::new(Code::Conflict),
            Failure::Broken(cause) => {
                tracing::error!(cause, "database failed");
                Self::new(Code::Internal)
            }
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let bearer = |problem: Self, challenge| problem.header(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        match refused {
            Refused::NotSignedIn { reason: Reason::Missing } => bearer(Self::new(Code::NotSignedIn), "Bearer"),
            Refused::NotSignedIn { .. } => bearer(Self::new(Code::NotSignedIn), "Bearer error=\"invalid_token\""),
            Refused::WrongCredentials => bearer(Self::new(Code::WrongCredentials), "Bearer"),
            Refused::RefreshRefused => bearer(Self::new(Code::RefreshRefused), "Bearer error=\"invalid_token\""),
            Refused::NotAllowed => Self::new(Code::NotAllowed),
            Refused::NotFound => Self::not_found(),
            Refused::Invalid(faults) => faults
                .into_iter()
                .fold(Self::new(Code::InvalidContent), |problem, fault| problem.at(fault.pointer, fault.code, fault.detail)),
            Refused::TooManyAttempts { retry_after } => {
                Self::new(Code::TooManyRequests).retry_after(retry_after.as_secs().max(1))
            }
            Refused::Busy { retry_after } => Self::new(Code::Overloaded).retry_after(retry_after.as_secs().max(1)),
            Refused::Unavailable(failure) => failure.into(),
            Refused::Broken(cause) => {
                tracing::error!(cause, "accounts failed");
                Self::new(Code::Internal)
            }
        }
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        self.error_response().status()
    }

    fn error_response(&self) -> HttpResponse {
        Problem::from(self.clone()).error_response()
    }
}
