//! How many requests are worked on at the same time. More would only wait, and hold memory while they do.
//! Holds always: whether the service lives and is ready is answered also when it is full.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use super::shared;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// The places that are free.
pub struct InFlight(AtomicUsize);

impl InFlight {
    #[must_use]
    pub fn new(requests: usize) -> Self {
        Self(AtomicUsize::new(requests))
    }

    fn enter(&self) -> Option<Place<'_>> {
        let taken = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| free.checked_sub(1));
        taken.is_ok().then_some(Place(self))
    }
}

/// One request's place, given back when it is dropped.
struct Place<'a>(&'a InFlight);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::AcqRel);
    }
}

pub(super) async fn layer(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(in_flight) = shared::<InFlight>(&request) else { return next.call(request).await };
    if matches!(request.path(), "/livez" | "/readyz") {
        return next.call(request).await;
    }
    let Some(_place) = in_flight.enter() else {
        metrics::counter!("mend_http_requests_refused_total").increment(1);
        return Ok(request.error_response(Problem::new(Code::Overloaded).retry_after(1)));
    };
    next.call(request).await
}
