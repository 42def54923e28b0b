//! The one shape of every refusal: RFC 9457, with a stable code, the request's id and one entry a fault.
//! Holds always: a problem says what is wrong and where, never with what value, and never why inside the house.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::code::Code;

/// More faults than this are not told: they help nobody.
pub const MAX_FAULTS: usize = 50;

/// What a handler returns.
pub type Answer = Result<HttpResponse, Problem>;

/// A refusal on its way to the caller.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    code: Code,
    detail: Option<String>,
    faults: Vec<Fault>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where: a JSON pointer into the body (`/mood/before`), `?name` for a query parameter, or a header's name.
    pub pointer: String,
    /// What, as a stable name (`too_long`).
    pub code: &'static str,
    /// What, in English. Names limits and allowed values, never the value that came.
    pub detail: String,
    /// In a body of several files: which file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// In a body of many lines: which line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Fault {
    /// A fault at `pointer`.
    #[must_use]
    pub fn at(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into(), file: None, line: None }
    }
}

impl Problem {
    /// A problem that says no more than its code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self(Box::new(Parts { code, detail: None, faults: Vec::new(), headers: Vec::new() }))
    }

    /// The one answer for what is not there and for what is somebody else's.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// A fault in the content: 422 with one entry. Add others with [`Problem::at`].
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Code::InvalidContent).at(pointer, code, detail)
    }

    /// Says more about this occurrence. Must not repeat a value of the request.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds one fault.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        self.0.faults.push(Fault::at(pointer, code, detail));
        self
    }

    /// Adds faults that were gathered elsewhere.
    #[must_use]
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.0.faults.extend(faults);
        self
    }

    /// Sets `Retry-After`, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// What kind of problem this is.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The faults so far.
    #[must_use]
    pub fn fault_list(&self) -> &[Fault] {
        &self.0.faults
    }

    /// Lets an answer tell this problem: its status, its headers, and the body for the request with this id.
    #[must_use]
    pub fn told_by(&self, mut response: HttpResponse, request_id: &str) -> HttpResponse {
        *response.status_mut() = self.status_code();
        for (name, value) in &self.0.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response.set_body(BoxBody::new(self.to_bytes(request_id)))
    }

    fn to_bytes(&self, request_id: &str) -> Vec<u8> {
        let parts = &self.0;
        let body = Body {
            r#type: parts.code.type_uri(),
            title: parts.code.title(),
            status: parts.code.status_number(),
            code: parts.code.as_str(),
            detail: parts.detail.as_deref().unwrap_or(parts.code.description()),
            request_id,
            errors: parts.faults.get(..MAX_FAULTS).unwrap_or(&parts.faults),
        };
        serde_json::to_vec(&body).unwrap_or_default()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.as_str())
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    /// Only the status, with the problem beside it: the outermost layer writes the rest once, with the request's id.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// The members of a problem, in the order in which they are written.
#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    detail: &'a str,
    request_id: &'a str,
    errors: &'a [Fault],
}
