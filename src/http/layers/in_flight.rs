//! How many requests are worked on at the same time. More would only wait, and hold memory while they do.
//! Holds always: who is too many is refused at once, before anything is looked at; reading, writing and signing in do not
//! take each other's places; whether the service lives and is ready is answered also when it is full.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest};
use metrics::Counter;

use super::lane::Lane;
use super::shared;
use crate::config::Config;
use crate::database::Crowd;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// Where a password is hashed: a few at a time, and slowly by design.
const ENTRANCES: [&str; 2] = ["/v1/auth/login", "/v1/auth/register"];
/// As many as the gate before the password hash lets wait.
const ENTERING: usize = 32;
/// So many that a batch is never small, and so few that the last of them need not wait long on a slow machine.
const NARROWEST: usize = 64;
/// The refused are told to come back after 1 to so many seconds, by turns: told the same, they would come back as one crowd.
const TURNS: u64 = 4;
/// Refusals are told in the log together, this far apart.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// The places of one node.
pub struct InFlight {
    taken: AtomicUsize,
    most: usize,
    reading: Lane,
    writing: Lane,
    entering: Lane,
    begun: Instant,
    refusals: Counter,
    refused: AtomicU64,
    crowd: Crowd,
    /// Refusals that the log has not told yet.
    untold: AtomicU64,
    told_at: AtomicU64,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Reading,
    Writing,
    Entering,
}

impl InFlight {
    #[must_use]
    pub fn new(config: &Config, crowd: Crowd) -> Self {
        let all = config.limits.requests_in_flight;
        Self {
            taken: AtomicUsize::new(0),
            most: all,
            reading: Lane::new(NARROWEST, all),
            // One more than may be queued would be refused by the queue, after all the work of getting there.
            writing: Lane::new(NARROWEST, all.min(config.database.write_queue)),
            entering: Lane::new(1, all.min(ENTERING)),
            begun: Instant::now(),
            refusals: metrics::counter!("mend_http_requests_refused_total", "reason" => "in_flight"),
            refused: AtomicU64::new(0),
            crowd,
            untold: AtomicU64::new(0),
            told_at: AtomicU64::new(0),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    fn lane(&self, kind: Kind) -> &Lane {
        match kind {
            Kind::Reading => &self.reading,
            Kind::Writing => &self.writing,
            Kind::Entering => &self.entering,
        }
    }

    fn enter(self: &Arc<Self>, kind: Kind) -> Option<Place> {
        let one_more = |taken: usize| (taken < self.most).then_some(taken + 1);
        self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).ok()?;
        if self.lane(kind).enter() {
            return Some(Place { all: Arc::clone(self), kind, since: Cell::new(Some(Instant::now())) });
        }
        self.taken.fetch_sub(1, Ordering::AcqRel);
        None
    }

    /// Counts a refusal and answers after how many seconds to come back. Now and then writes down how many there were: a
    /// line for each would be work of its own.
    fn refuse(&self) -> u64 {
        self.refusals.increment(1);
        self.crowd.note();
        let turn = self.refused.fetch_add(1, Ordering::Relaxed);
        let refused = self.untold.fetch_add(1, Ordering::Relaxed) + 1;
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (now, last) = (milliseconds(self.begun.elapsed()), self.told_at.load(Ordering::Acquire));
        let due = last == 0 || now.saturating_sub(last) > milliseconds(TOLD_EVERY);
        if due && self.told_at.compare_exchange(last, now.max(1), Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.untold.fetch_sub(refused, Ordering::Relaxed);
            tracing::warn!(refused, "more requests than can be worked on");
        }
        1 + turn % TURNS
    }
}

/// One request's place, given back when it is dropped.
pub struct Place {
    all: Arc<InFlight>,
    kind: Kind,
    /// Since when it is worked on; none while its body is on the way.
    since: Cell<Option<Instant>>,
}

/// As long as this lives, the request's place is free for others.
pub struct Aside(Rc<Place>);

/// Marks the answer to a request that was too many.
pub(super) struct TooMany;

impl Place {
    /// Gives the place back while a body is on its way, which can take long and is no work. Afterwards it is taken again
    /// without asking: what was sent so far should not be thrown away.
    pub(in crate::http) fn step_aside(request: &HttpRequest) -> Option<Aside> {
        let place = Rc::clone(request.extensions().get::<Rc<Self>>()?);
        place.since.take()?;
        place.all.lane(place.kind).step_out();
        place.all.taken.fetch_sub(1, Ordering::AcqRel);
        Some(Aside(place))
    }

    fn leave(&self) {
        if let Some(since) = self.since.take() {
            self.all.lane(self.kind).leave(since.elapsed());
            self.all.taken.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.0.all.lane(self.0.kind).enter_anyway();
        self.0.all.taken.fetch_add(1, Ordering::AcqRel);
        self.0.since.set(Some(Instant::now()));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}

pub(super) async fn layer(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(in_flight) = shared::<InFlight>(&request) else { return next.call(request).await };
    let kind = match request.path() {
        "/livez" | "/readyz" => return next.call(request).await,
        path if ENTRANCES.contains(&path) => Kind::Entering,
        _ if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) => Kind::Reading,
        _ => Kind::Writing,
    };
    let Some(place) = in_flight.enter(kind) else {
        let back_in = in_flight.refuse();
        let mut refused = request.error_response(Problem::new(Code::Overloaded).retry_after(back_in));
        refused.response_mut().extensions_mut().insert(TooMany);
        return Ok(refused);
    };
    let place = Rc::new(place);
    request.extensions_mut().insert(Rc::clone(&place));
    let answer = next.call(request).await;
    place.leave();
    answer
}
