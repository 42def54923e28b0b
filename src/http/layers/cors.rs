//! Which web pages may call the service from a browser: those of the configured list, and no other.
//! Holds always: an origin is compared with the list and never just repeated; cookies and the like are not used.

use actix_cors::Cors;
use actix_web::http::header;
use actix_web::middleware::Condition;

/// Headers of answers that scripts may read.
const EXPOSED: [&str; 9] = [
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
    "WWW-Authenticate",
];

/// Without a list there is nothing to say to browsers, and nothing is.
pub(super) fn layer(origins: &[String]) -> Condition<Cors> {
    let cors = origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    let cors = cors
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
        ])
        .allowed_headers(["idempotency-key", "x-request-id"])
        .expose_headers(EXPOSED)
        .max_age(600);
    Condition::new(!origins.is_empty(), cors)
}
