//! Idempotency keys: a create that is sent twice happens once, and both times the same is answered.
//! Holds always: the kept answer is written in the transaction of its effect, sealed; the body is kept only as a keyed hash.

use actix_web::{HttpRequest, HttpResponse};

use super::problem::Problem;
use crate::database::{Connection, Id};

/// The `Idempotency-Key` of a request: 1 to 255 visible ASCII characters.
#[derive(Clone)]
pub struct Key(String);

impl Key {
    /// The key of the request, when it has one.
    ///
    /// # Errors
    /// 400 when it is empty, too long, or has other characters.
    pub fn from_request(_request: &HttpRequest) -> Result<Option<Self>, Problem> {
        todo!()
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
    pub fn to_response(&self, _replayed: bool) -> HttpResponse {
        todo!()
    }
}

/// Finds and keeps answers. Shared as `web::Data`; cheap to clone into a database job.
#[derive(Clone)]
pub struct Idempotency {}

impl Idempotency {
    /// The keyed hash of what was asked: method, path and body.
    #[must_use]
    pub fn request_hash(&self, _owner: Id, _request: &HttpRequest, _body: &[u8]) -> [u8; 32] {
        todo!()
    }

    /// The answer that was given for this key. Call it first in the job that makes the effect: on PostgreSQL it also
    /// holds back a concurrent request with the same key until this transaction has ended.
    ///
    /// # Errors
    /// 422 when the key was used for another request; database failures.
    pub fn find(
        &self,
        _connection: &mut Connection,
        _owner: Id,
        _key: &Key,
        _request_hash: &[u8; 32],
    ) -> Result<Option<KeptAnswer>, Problem> {
        todo!()
    }

    /// Keeps the answer for 24 hours. Call it last in the job that makes the effect.
    ///
    /// # Errors
    /// Database failures.
    pub fn keep(
        &self,
        _connection: &mut Connection,
        _owner: Id,
        _key: &Key,
        _request_hash: &[u8; 32],
        _answer: &KeptAnswer,
    ) -> Result<(), Problem> {
        todo!()
    }
}
