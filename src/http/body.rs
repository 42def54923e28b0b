//! Reading a request's body: whole, within its limit, in time, and of the right type.
//! Holds always: no more bytes are kept than the limit, and the budget of bytes in flight counts every one of them.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::{self, Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::code::Code;
use super::input;
use super::layers::in_flight::Place;
use super::layers::time_limit::Timer;
use super::problem::Problem;
use crate::config::Limits;

/// A JSON body as it came, up to `limits.json_bytes`. PATCH may also name it `application/merge-patch+json`.
#[derive(Clone)]
pub struct Raw(pub Bytes);

/// The same, up to `limits.auth_bytes`: for everything that carries a password or a token.
#[derive(Clone)]
pub struct AuthRaw(pub Bytes);

/// A body of one of the media types of `A`, up to its limit: `limits.import_bytes` unless it says otherwise.
pub struct Bulk<A> {
    /// Which of them, in lower case.
    pub media: String,
    pub bytes: Bytes,
    accepts: PhantomData<A>,
}

/// Which media types a bulk body may have.
pub trait Accepts: 'static {
    /// In lower case.
    const MEDIA: &'static [&'static str];

    /// The most bytes.
    #[must_use]
    fn limit(limits: &Limits) -> usize {
        limits.import_bytes
    }
}

/// A JSON body that has been checked against the schema of `T` and read.
#[derive(Clone)]
pub struct Json<T>(pub T);

/// The same for bodies up to `limits.auth_bytes`.
#[derive(Clone)]
pub struct AuthJson<T>(pub T);

impl FromRequest for Raw {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(
            async move { read(&request, payload, |limits| limits.json_bytes, json(request.method())).await.map(Self) },
        )
    }
}

impl FromRequest for AuthRaw {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(
            async move { read(&request, payload, |limits| limits.auth_bytes, json(request.method())).await.map(Self) },
        )
    }
}

impl<A: Accepts> FromRequest for Bulk<A> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&request, payload, A::limit, A::MEDIA).await?;
            let media = media_type(request.headers()).unwrap_or_default().to_ascii_lowercase();
            Ok(Self { media, bytes, accepts: PhantomData })
        })
    }
}

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = Raw::from_request(request, payload);
        Box::pin(async move { input::read(&raw.await?.0).map(Self) })
    }
}

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for AuthJson<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let raw = AuthRaw::from_request(request, payload);
        Box::pin(async move { input::read(&raw.await?.0).map(Self) })
    }
}

/// Bytes of bodies that the service may hold at the same time. Clones share the budget.
#[derive(Clone)]
pub struct Budget(Arc<AtomicUsize>);

impl Budget {
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(bytes)))
    }

    /// Takes `bytes` out of the budget; false when there are not that many left.
    fn take(&self, bytes: usize) -> bool {
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| free.checked_sub(bytes)).is_ok()
    }
}

/// A share of the budget. It lies in the request's extensions, so that it is given back when the request has ended.
struct Share {
    budget: Budget,
    bytes: usize,
}

impl Share {
    fn grow(&mut self, bytes: usize) -> Result<(), Problem> {
        if !self.budget.take(bytes) {
            return Err(Problem::new(Code::Overloaded).retry_after(1));
        }
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.0.fetch_add(self.bytes, Ordering::AcqRel);
    }
}

/// Reads the whole body. The clock of the time limit counts the reading apart from the work that follows.
async fn read(
    request: &HttpRequest,
    payload: Payload,
    limit: fn(&Limits) -> usize,
    accepted: &[&str],
) -> Result<Bytes, Problem> {
    let limits = request.app_data::<web::Data<Limits>>().ok_or_else(not_set_up)?;
    let budget = request.app_data::<web::Data<Budget>>().ok_or_else(not_set_up)?;
    check_head(request, limit(limits), accepted)?;
    let mut share = Share { budget: budget.get_ref().clone(), bytes: 0 };
    let _reading = Timer::of(request).map(Timer::reading);
    let _aside = Place::step_aside(request);
    let whole = collect(payload, limit(limits), &mut share);
    let bytes = tokio::time::timeout(Duration::from_secs(limits.body_seconds), whole)
        .await
        .map_err(|_elapsed| Problem::new(Code::RequestTimeout))??;
    request.extensions_mut().insert(share);
    Ok(bytes)
}

async fn collect(mut payload: Payload, limit: usize, share: &mut Share) -> Result<Bytes, Problem> {
    let mut whole = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| match error {
            PayloadError::Overflow => Problem::new(Code::BodyTooLarge),
            _ => Problem::new(Code::BadRequest),
        })?;
        if chunk.len() > limit.saturating_sub(whole.len()) {
            return Err(too_large(limit));
        }
        share.grow(chunk.len())?;
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

/// The media types of JSON.
fn json(method: &Method) -> &'static [&'static str] {
    if method == Method::PATCH { &["application/merge-patch+json", "application/json"] } else { &["application/json"] }
}

/// Refuses by the headers alone what would be refused after reading.
fn check_head(request: &HttpRequest, limit: usize, accepted: &[&str]) -> Result<(), Problem> {
    let headers = request.headers();
    let encodings = headers.get_all(header::CONTENT_ENCODING);
    if encodings.into_iter().any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let plain = HeaderValue::from_static("identity");
        return Err(Problem::new(Code::UnsupportedEncoding).header(header::ACCEPT_ENCODING, plain));
    }
    if !media_type(headers).is_some_and(|media| accepted.iter().any(|known| media.eq_ignore_ascii_case(known))) {
        let detail = format!("Send {}, in UTF-8.", accepted.join(" or "));
        let problem = Problem::new(Code::UnsupportedMediaType).detail(detail);
        let accepted = HeaderValue::from_str(&accepted.join(", "));
        return Err(accepted.into_iter().fold(problem, |problem, value| problem.header(header::ACCEPT, value)));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) { Err(too_large(limit)) } else { Ok(()) }
}

/// The media type without parameters; none when it names another character set than UTF-8.
fn media_type(headers: &HeaderMap) -> Option<&str> {
    let mut parts = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.split(';').map(str::trim);
    let media = parts.next()?;
    let utf8 = |parameter: &str| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    };
    parts.all(utf8).then_some(media)
}

fn too_large(limit: usize) -> Problem {
    Problem::new(Code::BodyTooLarge).detail(format!("At most {limit} bytes."))
}

fn not_set_up() -> Problem {
    tracing::error!("the web layer's limits are not set up");
    Problem::new(Code::Internal)
}
