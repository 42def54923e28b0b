//! How many requests a caller may send: by account once signed in, by address before that.
//! Holds always: the headers are the same whether an account exists or not; health and documentation are never limited.

use std::net::IpAddr;
use std::num::NonZeroU32;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use metrics::Counter;

use super::{client_address, shared};
use crate::auth::Caller;
use crate::database::Id;
use crate::http::code::Code;
use crate::http::problem::Problem;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");
/// The window that the policy names, in seconds.
const WINDOW: u32 = 60;

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Bucket {
    Account(Id),
    Address(Option<IpAddr>),
}

type Limiter = RateLimiter<Bucket, DefaultKeyedStateStore<Bucket>, DefaultClock, StateInformationMiddleware>;

/// The counters of one node.
pub struct Rates {
    limiter: Limiter,
    per_minute: NonZeroU32,
    refused: Counter,
}

/// What the headers say after a request was counted.
struct Left {
    remaining: u32,
    reset_seconds: u64,
    allowed: bool,
}

impl Rates {
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        let limiter = RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware();
        let refused = metrics::counter!("mend_http_requests_refused_total", "reason" => "rate");
        Self { limiter, per_minute, refused }
    }

    /// Forgets buckets that are full again.
    pub fn tidy(&self) {
        self.limiter.retain_recent();
    }

    fn count(&self, bucket: &Bucket) -> Left {
        match self.limiter.check_key(bucket) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let used = u64::from(self.per_minute.get().saturating_sub(remaining));
                let reset_seconds = (used * u64::from(WINDOW)).div_ceil(u64::from(self.per_minute.get()));
                Left { remaining, reset_seconds, allowed: true }
            }
            Err(early) => {
                let wait = early.wait_time_from(DefaultClock::default().now());
                Left { remaining: 0, reset_seconds: wait.as_secs() + 1, allowed: false }
            }
        }
    }

    fn headers(&self, left: &Left) -> [(HeaderName, Option<HeaderValue>); 2] {
        let policy = format!("\"caller\";q={};w={WINDOW}", self.per_minute);
        let state = format!("\"caller\";r={};t={}", left.remaining, left.reset_seconds);
        [(POLICY, HeaderValue::from_str(&policy).ok()), (STATE, HeaderValue::from_str(&state).ok())]
    }
}

pub(super) async fn layer(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let rates = shared::<Rates>(&request).filter(|_| request.path().starts_with("/v1/"));
    let Some(rates) = rates else { return next.call(request).await };
    let left = rates.count(&bucket(request.request()).await);
    let mut response = if left.allowed {
        next.call(request).await?
    } else {
        rates.refused.increment(1);
        request.error_response(Problem::new(Code::TooManyRequests).retry_after(left.reset_seconds))
    };
    for (name, value) in rates.headers(&left) {
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// The account behind a good token, which the handler then need not look up again; otherwise the address.
async fn bucket(request: &HttpRequest) -> Bucket {
    if request.headers().contains_key(header::AUTHORIZATION)
        && let Ok(caller) = Caller::of(request).await
    {
        return Bucket::Account(caller.account);
    }
    Bucket::Address(client_address::of(request).map(client_address::group))
}
