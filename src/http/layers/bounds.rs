//! How long an address and how large a head may be. Beyond 128 KiB the framework itself answers, with an empty 431.
//! Holds always: what is refused here has cost no more than its reading.

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use crate::http::code::Code;
use crate::http::problem::Problem;

/// Path and query together, in bytes.
const MAX_URI: usize = 4 * 1024;
/// Names and values of all headers together, in bytes.
const MAX_HEADERS: usize = 16 * 1024;

pub(super) async fn layer(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let uri = request.uri().path_and_query().map_or(0, |both| both.as_str().len());
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let fault = match (uri > MAX_URI, headers > MAX_HEADERS) {
        (true, _) => Code::UriTooLong,
        (_, true) => Code::HeadersTooLarge,
        _ => return next.call(request).await,
    };
    Ok(request.error_response(Problem::new(fault)))
}
