//! Conditional requests: the ETag is the version, and a change names the version that it changes.
//! Holds always: no change is applied over a version that its author has not seen.

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderName, HeaderValue};

use super::code::Code;
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
    pub fn check(&self, current: i64) -> Result<(), Problem> {
        if self.0.contains(&current) {
            return Ok(());
        }
        let problem = Problem::new(Code::VersionMismatch);
        Err(match HeaderValue::try_from(etag(current)) {
            Ok(value) => problem.header(header::ETAG, value),
            Err(_) => problem,
        })
    }
}

/// The request's `If-Match`. A `W/` prefix is ignored, since proxies weaken tags when they compress; a tag that is
/// none of ours matches no version.
///
/// # Errors
/// 400 when the header cannot be read; 428 for `*`, which names no version.
pub fn if_match(request: &HttpRequest) -> Result<Option<IfMatch>, Problem> {
    let Some(tags) = tags(request, &header::IF_MATCH)? else { return Ok(None) };
    if tags.iter().any(|tag| tag == "*") {
        return Err(precondition_required().detail("If-Match has to name a version; * names none."));
    }
    // A tag is compared as text: "07" is not "7".
    let version = |tag: &str| unquoted(tag)?.parse().ok().filter(|&version: &i64| tag.ends_with(&etag(version)));
    Ok(Some(IfMatch(tags.iter().filter_map(|tag| version(tag)).collect())))
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
    Problem::new(Code::PreconditionRequired)
}

/// Whether `If-None-Match` says that the caller has this state already (answer 304). `etag` is quoted.
#[must_use]
pub fn if_none_match(request: &HttpRequest, etag: &str) -> bool {
    let tags = tags(request, &header::IF_NONE_MATCH).ok().flatten().unwrap_or_default();
    tags.iter().any(|tag| tag == "*" || unquoted(tag).is_some_and(|tag| Some(tag) == unquoted(etag)))
}

/// The tags of every header of this name, as they came but for the white space around them.
fn tags(request: &HttpRequest, name: &HeaderName) -> Result<Option<Vec<String>>, Problem> {
    let mut found = None;
    for value in request.headers().get_all(name) {
        let fault =
            || Problem::new(Code::InvalidHeader).at(name.as_str(), "wrong_format", "Not a list of entity tags.");
        let text = value.to_str().map_err(|_not_ascii| fault())?;
        for tag in text.split(',').map(str::trim) {
            if tag != "*" && unquoted(tag).is_none() {
                return Err(fault());
            }
            found.get_or_insert_with(Vec::new).push(tag.to_owned());
        }
    }
    Ok(found)
}

/// What stands between the quotation marks of an entity tag. None of our tags holds a comma or a quotation mark.
fn unquoted(tag: &str) -> Option<&str> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::test::TestRequest;
    use actix_web::{HttpRequest, HttpResponse};

    use super::{if_match, if_none_match, required};

    fn with(name: &str, value: &str) -> HttpRequest {
        TestRequest::default().insert_header((name, value)).to_http_request()
    }

    #[test]
    fn a_change_names_the_version_it_changes() {
        assert!(if_match(&TestRequest::default().to_http_request()).unwrap().is_none());
        for tags in ["\"7\"", "W/\"7\"", "\"6\", \"7\""] {
            assert!(required(&with("If-Match", tags)).unwrap().check(7).is_ok(), "{tags}");
        }
        for tags in ["\"6\"", "\"other\"", "\"07\"", "\"+7\""] {
            let problem = required(&with("If-Match", tags)).unwrap().check(7).unwrap_err();
            let told = problem.told_by(HttpResponse::new(StatusCode::OK), "");
            assert_eq!(told.headers().get("ETag").unwrap(), "\"7\"", "{tags}");
        }
        for (tags, code) in
            [("7", "invalid_header"), ("\"7", "invalid_header"), ("", "invalid_header"), ("*", "precondition_required")]
        {
            assert_eq!(required(&with("If-Match", tags)).unwrap_err().code().as_str(), code, "{tags}");
        }
    }

    #[test]
    fn a_known_state_is_recognised() {
        for tags in ["\"a-7\"", "W/\"a-7\"", "\"x\", \"a-7\"", "*"] {
            assert!(if_none_match(&with("If-None-Match", tags), "\"a-7\""), "{tags}");
        }
        for tags in ["\"a-8\"", "a-7", "\"\""] {
            assert!(!if_none_match(&with("If-None-Match", tags), "\"a-7\""), "{tags}");
        }
    }
}
