//! How many requests are worked on at the same time. More would only wait, and hold memory while they do.
//! Holds always: whether the service lives and is ready is answered also when it is full.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use metrics::Counter;

use super::shared;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// The places that are free.
pub struct InFlight {
    free: AtomicUsize,
    all: usize,
    refused: Counter,
}

impl InFlight {
    #[must_use]
    pub fn new(requests: usize) -> Self {
        let refused = metrics::counter!("mend_http_requests_refused_total", "reason" => "in_flight");
        Self { free: AtomicUsize::new(requests), all: requests, refused }
    }

    pub(super) fn count(&self) -> usize {
        self.all.saturating_sub(self.free.load(Ordering::Relaxed))
    }

    fn enter(&self) -> Option<Place<'_>> {
        let taken = self.free.fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| free.checked_sub(1));
        taken.is_ok().then_some(Place(self))
    }
}

/// One request's place, given back when it is dropped.
struct Place<'a>(&'a InFlight);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.free.fetch_add(1, Ordering::AcqRel);
    }
}

pub(super) async fn layer(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(in_flight) = shared::<InFlight>(&request) else { return next.call(request).await };
    if matches!(request.path(), "/livez" | "/readyz") {
        return next.call(request).await;
    }
    let Some(_place) = in_flight.enter() else {
        in_flight.refused.increment(1);
        return Ok(request.error_response(Problem::new(Code::Overloaded).retry_after(1)));
    };
    next.call(request).await
}
