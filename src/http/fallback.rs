//! The answer of a path that exists for a method that it does not have.
//! Holds always: whoever asks learns from `Allow` which methods there are; the outermost layer adds it from the document.

use actix_web::HttpRequest;

use super::code::Code;
use super::problem::{Answer, Problem};

/// 405, for the default service of a resource.
///
/// # Errors
/// Always: it is the refusal itself.
pub async fn answer(_request: HttpRequest) -> Answer {
    Err(Problem::new(Code::MethodNotAllowed))
}
