//! How long a handler may take. The time in which the body arrives is counted apart, by the reader of the body.
//! Holds always: no request is worked on for ever; one that ran out of time is answered 503 and its work is dropped.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, ResponseError as _};
use tokio::time::{Instant, sleep_until};

use super::shared;
use crate::config::Limits;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// When the handler's time began, or that the body is being read. Lies in the request's extensions.
#[derive(Clone)]
pub struct Timer(Rc<Cell<Phase>>);

#[derive(Clone, Copy)]
enum Phase {
    Reading,
    Working { since: Instant },
}

/// As long as this lives, the handler's time stands still; then it begins anew.
pub struct Reading(Timer);

impl Timer {
    fn start() -> Self {
        Self(Rc::new(Cell::new(Phase::Working { since: Instant::now() })))
    }

    /// The timer of this request, when the layer is there.
    pub(in crate::http) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Says that the body is being read, which has a limit of its own.
    pub(in crate::http) fn reading(self) -> Reading {
        self.0.set(Phase::Reading);
        Reading(self)
    }

    /// Waits until the handler has worked for `limit`.
    async fn up(&self, limit: Duration) {
        loop {
            match self.0.get() {
                Phase::Reading => tokio::time::sleep(limit).await,
                Phase::Working { since } if since.elapsed() >= limit => return,
                Phase::Working { since } => sleep_until(since + limit).await,
            }
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.0.set(Phase::Working { since: Instant::now() });
    }
}

pub(super) async fn layer(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(limits) = shared::<Limits>(&request) else { return next.call(request).await };
    let timer = Timer::start();
    request.extensions_mut().insert(timer.clone());
    tokio::select! {
        biased;
        answer = next.call(request) => answer,
        () = timer.up(Duration::from_secs(limits.handler_seconds)) => {
            let problem = Problem::new(Code::TimedOut).retry_after(1);
            Err(InternalError::from_response("timed out", problem.error_response()).into())
        }
    }
}
