//! Reading a request's body: whole, within its limit, in time, and of the right type.
//! Holds always: no more bytes are kept than the limit, and the budget of bytes in flight counts every one of them.

use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::problem::Problem;

/// A JSON body as it came, up to `limits.json_bytes`. PATCH may also name it `application/merge-patch+json`.
#[derive(Clone)]
pub struct Raw(pub Bytes);

/// The same, up to `limits.auth_bytes`: for everything that carries a password or a token.
#[derive(Clone)]
pub struct AuthRaw(pub Bytes);

/// A JSON body that has been checked against the schema of `T` and read.
#[derive(Clone)]
pub struct Json<T>(pub T);

/// The same for bodies up to `limits.auth_bytes`.
#[derive(Clone)]
pub struct AuthJson<T>(pub T);

impl FromRequest for Raw {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(_request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        todo!()
    }
}

impl FromRequest for AuthRaw {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(_request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        todo!()
    }
}

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(_request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        todo!()
    }
}

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for AuthJson<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(_request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        todo!()
    }
}
