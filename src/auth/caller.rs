//! Who asks: extractors that are permissions. A handler that names `Curator` can only run for a curator.
//! Holds always: the caller is settled before any other input of the request is looked at.

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use super::{Auth, Reason, Refused, Role};
use crate::database::{Id, Timestamp};

/// Somebody signed in. Any role.
#[derive(Debug, Clone)]
pub struct Caller {
    pub account: Id,
    pub session: Id,
    pub role: Role,
    /// No content that pushes towards contact may reach this person.
    pub no_outreach: bool,
    /// Which state of what they hid, liked or reported counts; 0 while there was never any.
    pub sight_version: i64,
    /// When the person last proved who they are in this session.
    pub authenticated_at: Timestamp,
}

/// Somebody who may write and publish the catalogue: a curator or an admin.
#[derive(Debug, Clone)]
pub struct Curator(pub Caller);

/// An admin.
#[derive(Debug, Clone)]
pub struct Admin(pub Caller);

/// Somebody who reads the catalogue: anyone signed in, and where the operator opened the catalogue, anyone at all.
#[derive(Debug, Clone)]
pub struct Reader(pub Option<Caller>);

/// A caller and the rest of the request. The input is not even read before the caller is settled, so that 401 and
/// 403 come before every 400.
#[derive(Debug)]
pub struct As<C, T> {
    pub caller: C,
    pub input: T,
}

impl Caller {
    /// Settles who asks, once a request: the answer is kept in the request's extensions, where middleware finds it.
    pub async fn of(req: &HttpRequest) -> Result<Self, Refused> {
        let known = req.extensions().get::<Self>().cloned();
        if let Some(caller) = known {
            return Ok(caller);
        }
        let token = bearer(req)?.ok_or(Refused::NotSignedIn { reason: Reason::Missing })?;
        let caller = auth(req)?.identify(&token).await?;
        req.extensions_mut().insert(caller.clone());
        Ok(caller)
    }

    fn at_least(self, role: Role) -> Result<Self, Refused> {
        if self.role >= role { Ok(self) } else { Err(Refused::NotAllowed) }
    }
}

fn auth(req: &HttpRequest) -> Result<&Auth, Refused> {
    let auth = req.app_data::<web::Data<Auth>>().ok_or(Refused::Broken("no accounts are set up"))?;
    Ok(auth.get_ref())
}

/// The bearer token; `None` when no `Authorization` came at all. Two of them, or another scheme, are refused.
fn bearer(req: &HttpRequest) -> Result<Option<String>, Refused> {
    const INVALID: Refused = Refused::NotSignedIn { reason: Reason::Invalid };
    let mut headers = req.headers().get_all(AUTHORIZATION);
    let Some(value) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(INVALID);
    }
    let Some((scheme, token)) = value.to_str().ok().and_then(|text| text.split_once(' ')) else { return Err(INVALID) };
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(token.trim().to_owned())) } else { Err(INVALID) }
}

impl FromRequest for Caller {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Self::of(&req).await })
    }
}

impl FromRequest for Curator {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Caller::of(&req).await?.at_least(Role::Curator).map(Self) })
    }
}

impl FromRequest for Admin {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Caller::of(&req).await?.at_least(Role::Admin).map(Self) })
    }
}

impl FromRequest for Reader {
    type Error = Refused;
    type Future = LocalBoxFuture<'static, Result<Self, Refused>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            // A token that came must be good even where none is needed: its account may be one that the safety
            // filter protects, and a stale token must not lift it.
            let open = auth(&req)?.catalogue_is_public() && !req.headers().contains_key(AUTHORIZATION);
            if open { Ok(Self(None)) } else { Caller::of(&req).await.map(|caller| Self(Some(caller))) }
        })
    }
}

impl<C, T> FromRequest for As<C, T>
where
    C: FromRequest + 'static,
    T: FromRequest + 'static,
{
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let mut body = payload.take();
        Box::pin(async move {
            let caller = C::from_request(&req, &mut Payload::None).await.map_err(Into::into)?;
            let input = T::from_request(&req, &mut body).await.map_err(Into::into)?;
            Ok(Self { caller, input })
        })
    }
}
