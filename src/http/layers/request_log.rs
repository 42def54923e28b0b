//! One line and one measurement a request.
//! Holds always: the route's pattern is told, never the path, the query, a header or a body.

use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;

use super::known_paths::KnownPaths;
use super::measure;
use super::request_id::RequestId;

/// The route of requests that no pattern matches.
const UNMATCHED: &str = "unmatched";
/// The route of requests that a panic or the time limit took away from us.
const LOST: &str = "lost";

/// What is known of a request before it is handled.
pub(super) struct Line {
    method: &'static str,
    started: Instant,
    pub(super) id: RequestId,
}

impl Line {
    pub(super) fn begin(method: &Method, id: RequestId) -> Self {
        Self { method: known(method), started: Instant::now(), id }
    }

    /// Writes the line of an answer. `request` is none when the request was lost to a panic.
    pub(super) fn end(&self, request: Option<&HttpRequest>, status: StatusCode, body: &impl MessageBody) {
        let elapsed = self.started.elapsed();
        let paths = request.and_then(|request| request.app_data::<Data<KnownPaths>>());
        // The framework forgets which pattern fitted, and would try them all again: that is left for the few paths that
        // are not operations.
        let documented = paths.zip(request).and_then(|(paths, request)| paths.pattern(request.path()));
        let other = if documented.is_none() { request.and_then(HttpRequest::match_pattern) } else { None };
        let unknown = if request.is_some() { UNMATCHED } else { LOST };
        let route = documented.or(other.as_deref()).unwrap_or(unknown);
        measure::answered(self.method, route, status, elapsed);
        let (status, milliseconds) = (status.as_u16(), milliseconds(elapsed));
        let bytes = match body.size() {
            BodySize::Sized(bytes) => Some(bytes),
            BodySize::None => Some(0),
            BodySize::Stream => None,
        };
        let id = self.id.as_str();
        if status >= 500 {
            tracing::warn!(target: "mend::request", method = self.method, route, status, milliseconds, bytes, request_id = id, "request");
        } else {
            tracing::info!(target: "mend::request", method = self.method, route, status, milliseconds, bytes, request_id = id, "request");
        }
    }
}

/// Thousandths of a second with three places, which is what a reader of logs compares.
fn milliseconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

/// The standard methods by name; a method can be any text, so others are not repeated.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
