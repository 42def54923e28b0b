//! The last word on every refusal: the request's id goes into it, and what is no problem yet becomes one.
//! Holds always: no answer of 400 or more leaves in another shape, whoever made it.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::known_paths::KnownPaths;
use super::request_id::RequestId;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// Completes an answer. `request` is none when it was lost to a panic.
pub(super) fn complete(mut response: HttpResponse, request: Option<&HttpRequest>, id: &RequestId) -> HttpResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    // Which methods a path has is known here only.
    let known = response.extensions_mut().remove::<Problem>().filter(|known| known.code() != Code::MethodNotAllowed);
    known.unwrap_or_else(|| of_status(status, request)).told_by(response, id.as_str())
}

/// The problem behind an answer that the web framework gave.
fn of_status(status: StatusCode, request: Option<&HttpRequest>) -> Problem {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => no_operation(request),
        StatusCode::REQUEST_TIMEOUT => Problem::new(Code::RequestTimeout),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::BodyTooLarge),
        StatusCode::URI_TOO_LONG => Problem::new(Code::UriTooLong),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(Code::UnsupportedMediaType),
        status if status.is_client_error() => Problem::new(Code::BadRequest),
        _ => Problem::new(Code::Internal),
    }
}

/// No operation has this path, or none has it with this method.
fn no_operation(request: Option<&HttpRequest>) -> Problem {
    let allowed = request.and_then(|request| {
        let paths = request.app_data::<actix_web::web::Data<KnownPaths>>()?;
        paths.allowed(request.path())
    });
    match allowed {
        Some(allowed) => Problem::new(Code::MethodNotAllowed).header(header::ALLOW, allowed),
        None => Problem::new(Code::UnknownPath),
    }
}
