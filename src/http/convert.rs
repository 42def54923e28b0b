//! How the failures of the parts below become problems.
//! Holds always: a cause goes to the log, never to the caller, and nothing becomes a problem by a blanket rule.

use super::code::Code;
use super::problem::Problem;

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
