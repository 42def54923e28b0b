//! The outermost layer: names the request, catches panics, completes the answer and logs it.
//! Holds always: every request gets exactly one answer, also when a handler panics, and the worker lives on; every answer
//! gets one log line, but for refusals of what is too many, which are told together.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse, ResponseError as _};
use futures_util::FutureExt as _;

use super::draining::Draining;
use super::in_flight::TooMany;
use super::request_id::RequestId;
use super::request_log::Line;
use super::{problems, request_id, security_headers, shared, slices};
use crate::config::Server;
use crate::http::code::Code;
use crate::http::problem::Problem;

pub(super) async fn layer<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let line = Line::begin(request.method(), RequestId::settle(request.headers()));
    let secure = shared::<Server>(&request)
        .is_some_and(|server| server.public_url.as_ref().is_some_and(|url| url.starts_with("https://")));
    let rules = Rules { secure, draining: shared::<Draining>(&request) };
    request.extensions_mut().insert(line.id.clone());
    // The encoder remembers the method and leaves out the body of an answer to HEAD.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    // The layers inside share nothing with this one that a panic could leave half-changed.
    let outcome = AssertUnwindSafe(async move { next.call(request).await }).catch_unwind().await;
    let lost = match outcome {
        Ok(Ok(answer)) => {
            let (request, response) = answer.into_parts();
            let response = finish(response.map_into_boxed_body(), Some(&request), &line, &rules);
            return Ok(ServiceResponse::new(request, response));
        }
        Ok(Err(error)) => error.error_response(),
        Err(_panic) => {
            // The message may hold private text; where it happened stands in the panic hook's line.
            tracing::error!(request_id = %line.id, "a handler panicked");
            Problem::new(Code::Internal).error_response()
        }
    };
    Err(InternalError::from_response("lost", finish(lost, None, &line, &rules)).into())
}

/// What the configuration and the state of the node ask of every answer.
struct Rules {
    /// Clients reach the service by https.
    secure: bool,
    /// Asked when the answer is ready: a request that began before the node was told to go is told, too.
    draining: Option<Arc<Draining>>,
}

fn finish(response: HttpResponse, request: Option<&HttpRequest>, line: &Line, rules: &Rules) -> HttpResponse {
    let too_many = response.extensions().contains::<TooMany>();
    let mut response = problems::complete(response, request, &line.id);
    if rules.draining.as_ref().is_some_and(|draining| draining.has_begun()) {
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    response.headers_mut().insert(request_id::HEADER, line.id.value());
    security_headers::complete(response.headers_mut(), rules.secure);
    if !too_many {
        line.end(request, response.status(), response.body());
    }
    slices::slice(response)
}
