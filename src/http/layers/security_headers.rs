//! The headers that keep browsers and caches from doing more with an answer than was meant.
//! Holds always: an answer that says nothing about caching is not stored anywhere.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// What every answer carries unless its handler said otherwise.
const DEFAULTS: [(HeaderName, HeaderValue); 4] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
];

/// Two years, as browsers ask for.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Completes the headers of an answer. `secure` says that clients reach the service by https.
pub(super) fn complete(headers: &mut HeaderMap, secure: bool) {
    for (name, value) in DEFAULTS {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if headers.get(header::CONTENT_TYPE).is_some_and(|media| media == "application/json") {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
}
