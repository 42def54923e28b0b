//! Conditional requests: the ETag is the version, and a change names the version that it changes.
//! Holds always: no change is applied over a version that its author has not seen.

use actix_web::HttpRequest;

use super::problem::Problem;

/// The strong ETag of a version: `"7"`.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The versions that a request allows itself to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Vec<i64>);

impl IfMatch {
    /// The version from a PUT body, which may stand in for the header.
    #[must_use]
    pub fn version(version: i64) -> Self {
        Self(vec![version])
    }

    /// Holds the current version against the request's.
    ///
    /// # Errors
    /// 412 with the current ETag.
    pub fn check(&self, _current: i64) -> Result<(), Problem> {
        todo!()
    }
}

/// The request's `If-Match`; a `W/` prefix is ignored, since proxies weaken ETags when they compress.
///
/// # Errors
/// 400 when the header cannot be read, 428 for `*`, which names no version.
pub fn if_match(_request: &HttpRequest) -> Result<Option<IfMatch>, Problem> {
    todo!()
}

/// The request's `If-Match`, which must be there.
///
/// # Errors
/// 428 when it is missing; otherwise like [`if_match`].
pub fn required(request: &HttpRequest) -> Result<IfMatch, Problem> {
    if_match(request)?.ok_or_else(precondition_required)
}

/// The answer to a change that names no version.
#[must_use]
pub fn precondition_required() -> Problem {
    Problem::new(super::Code::PreconditionRequired)
}

/// Whether `If-None-Match` says that the caller has this state already (answer 304).
#[must_use]
pub fn if_none_match(_request: &HttpRequest, _etag: &str) -> bool {
    todo!()
}
