//! Idempotency keys: a create that is sent twice happens once, and both times the same is answered.
//! Holds always: the kept answer is written in the transaction of its effect, sealed; the body is kept only as a keyed hash.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};

use super::code::Code;
use super::problem::Problem;
use crate::database::schema::idempotency_keys;
use crate::database::{Bytes, Clock, Connection, Id, Timestamp};
use crate::privacy::{KeyRing, Purpose};

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::from_hours(24);
const MAX_KEY_LENGTH: usize = 255;

/// The `Idempotency-Key` of a request: 1 to 255 visible ASCII characters.
#[derive(Clone)]
pub struct Key(String);

impl Key {
    /// The key of the request, when it has one.
    ///
    /// # Errors
    /// 400 when it is empty, too long, has other characters, or is there twice.
    pub fn from_request(request: &HttpRequest) -> Result<Option<Self>, Problem> {
        let mut values = request.headers().get_all("Idempotency-Key");
        let Some(value) = values.next() else { return Ok(None) };
        let text = value.to_str().ok().filter(|text| {
            (1..=MAX_KEY_LENGTH).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
        });
        if let (Some(text), None) = (text, values.next()) {
            return Ok(Some(Self(text.to_owned())));
        }
        let detail = "1 to 255 visible ASCII characters, once.";
        Err(Problem::new(Code::InvalidHeader).at("Idempotency-Key", "wrong_format", detail))
    }
}

/// An answer as it is kept for a repetition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The status, 2xx.
    pub status: u16,
    /// The value of `ETag`, when there was one.
    pub etag: Option<String>,
    /// The value of `Location`, when there was one.
    pub location: Option<String>,
    /// The JSON body.
    pub body: Vec<u8>,
}

impl KeptAnswer {
    /// The answer for the wire; a repetition carries `Idempotency-Replayed: true`.
    #[must_use]
    pub fn to_response(&self, replayed: bool) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        for (name, value) in [(header::ETAG, &self.etag), (header::LOCATION, &self.location)] {
            if let Some(value) = value {
                response.insert_header((name, value.as_str()));
            }
        }
        if replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        response.content_type("application/json").body(self.body.clone())
    }
}

/// What is sealed of a kept answer; its status stands beside it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    etag: Option<String>,
    location: Option<String>,
    body: String,
}

/// Finds and keeps answers. Cheap to clone into a database job.
#[derive(Clone)]
pub struct Idempotency {
    ring: Arc<KeyRing>,
    clock: Clock,
}

impl Idempotency {
    #[must_use]
    pub fn new(ring: Arc<KeyRing>, clock: Clock) -> Self {
        Self { ring, clock }
    }

    /// The keyed hash of what was asked: method, path, query and body.
    #[must_use]
    pub fn request_hash(&self, owner: Id, request: &HttpRequest, body: &[u8]) -> [u8; 32] {
        let (method, path, query) = (request.method().as_str(), request.path(), request.query_string());
        let parts = [owner.as_bytes(), method.as_bytes(), path.as_bytes(), query.as_bytes(), body];
        self.ring.digest(Purpose::RequestHash, &parts)
    }

    /// The answer that was given for this key. Call it first in the job that makes the effect: on PostgreSQL it also
    /// holds back a concurrent request with the same key until this transaction has ended (on SQLite writes are one
    /// after the other anyway).
    ///
    /// # Errors
    /// 422 when the key was used for another request; database failures.
    pub fn find(
        &self,
        connection: &mut Connection,
        owner: Id,
        key: &Key,
        request_hash: &[u8; 32],
    ) -> Result<Option<KeptAnswer>, Problem> {
        let key_hash = self.key_hash(owner, key);
        wait_for_the_same_key(connection, &key_hash)?;
        let row = || idempotency_keys::table.find((owner, Bytes(key_hash.to_vec())));
        let found: Option<(Bytes, i16, Bytes, i64)> = row()
            .select((
                idempotency_keys::request_hash,
                idempotency_keys::status,
                idempotency_keys::answer_sealed,
                idempotency_keys::expires_at,
            ))
            .first(connection)
            .optional()?;
        let Some((kept_hash, status, sealed, expires_at)) = found else { return Ok(None) };
        if expires_at <= self.clock.now().as_micros() {
            diesel::delete(row()).execute(connection)?;
            return Ok(None);
        }
        if kept_hash.0 != request_hash {
            return Err(Problem::new(Code::IdempotencyKeyReused));
        }
        self.opened(owner, &key_hash, status, &sealed.0).map(Some)
    }

    /// Keeps the answer for 24 hours. Call it last in the job that makes the effect.
    ///
    /// # Errors
    /// Database failures.
    pub fn keep(
        &self,
        connection: &mut Connection,
        owner: Id,
        key: &Key,
        request_hash: &[u8; 32],
        answer: &KeptAnswer,
    ) -> Result<(), Problem> {
        let key_hash = self.key_hash(owner, key);
        let sealed = Sealed {
            etag: answer.etag.clone(),
            location: answer.location.clone(),
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        };
        let plain = serde_json::to_vec(&sealed).map_err(|cause| broken(&cause))?;
        let context = [owner.as_bytes(), key_hash.as_slice()];
        let now = self.clock.now();
        diesel::insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::owner.eq(owner),
                idempotency_keys::key_hash.eq(Bytes(key_hash.to_vec())),
                idempotency_keys::request_hash.eq(Bytes(request_hash.to_vec())),
                idempotency_keys::status.eq(i16::try_from(answer.status).map_err(|cause| broken(&cause))?),
                idempotency_keys::answer_sealed.eq(Bytes(self.ring.seal(Purpose::IdempotentAnswer, &context, &plain))),
                idempotency_keys::created_at.eq(now.as_micros()),
                idempotency_keys::expires_at.eq(now.plus(KEPT_FOR).as_micros()),
            ))
            .execute(connection)?;
        Ok(())
    }

    fn key_hash(&self, owner: Id, key: &Key) -> [u8; 32] {
        self.ring.digest(Purpose::IdempotencyKey, &[owner.as_bytes(), key.0.as_bytes()])
    }

    fn opened(&self, owner: Id, key_hash: &[u8], status: i16, sealed: &[u8]) -> Result<KeptAnswer, Problem> {
        let plain = self
            .ring
            .open(Purpose::IdempotentAnswer, &[owner.as_bytes(), key_hash], sealed)
            .map_err(|cause| broken(&cause))?;
        let Sealed { etag, location, body } = serde_json::from_slice(&plain).map_err(|cause| broken(&cause))?;
        let status = u16::try_from(status).map_err(|cause| broken(&cause))?;
        Ok(KeptAnswer { status, etag, location, body: body.into_bytes() })
    }
}

/// Deletes answers that are older than 24 hours, at most `limit` of them. Says how many.
///
/// # Errors
/// The query's error.
pub fn sweep(connection: &mut Connection, now: Timestamp, limit: i64) -> QueryResult<usize> {
    let expired = idempotency_keys::expires_at.le(now.as_micros());
    let places: Vec<(Id, Bytes)> = idempotency_keys::table
        .filter(expired)
        .order(idempotency_keys::expires_at)
        .select((idempotency_keys::owner, idempotency_keys::key_hash))
        .limit(limit)
        .load(connection)?;
    places.into_iter().try_fold(0, |sum, place| {
        // Asked again, since the key may have been used anew in between.
        Ok(sum + diesel::delete(idempotency_keys::table.find(place).filter(expired)).execute(connection)?)
    })
}

/// On PostgreSQL, waits until no other transaction works under this key.
fn wait_for_the_same_key(connection: &mut Connection, key_hash: &[u8; 32]) -> Result<(), Problem> {
    let Connection::Postgres(postgres) = connection else { return Ok(()) };
    let (lock, _) = key_hash.split_first_chunk().ok_or_else(|| broken(&"a hash is too short"))?;
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
        .bind::<BigInt, _>(i64::from_be_bytes(*lock))
        .execute(postgres)?;
    Ok(())
}

fn broken(cause: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%cause, "an idempotent answer cannot be kept or read");
    Problem::new(Code::Internal)
}
