//! The name of a request, by which its log line, its problem and its sender's own log find each other.
//! Holds always: an id from outside is letters, digits and `._-` only, so that it can stand in a log as it is.

use std::fmt;

use actix_web::HttpMessage;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::database::Id;

/// The header in which it comes and goes.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 128;

/// The id of a request; it lies in the request's extensions.
#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id that the request brings, when it is well-formed; otherwise a new one.
    pub(super) fn settle(headers: &HeaderMap) -> Self {
        let brought = headers.get(HEADER).filter(|value| well_formed(value.as_bytes()));
        Self(brought.cloned().unwrap_or_else(Self::made))
    }

    /// The id of this request. Outside the layers, in unit tests, there is none.
    pub fn of(request: &impl HttpMessage) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(super) fn value(&self) -> HeaderValue {
        self.0.clone()
    }

    fn made() -> HeaderValue {
        HeaderValue::from_str(&Id::new().to_string()).unwrap_or_else(|_| HeaderValue::from_static("none"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn well_formed(id: &[u8]) -> bool {
    (1..=MAX_LENGTH).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
}
