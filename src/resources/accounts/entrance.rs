//! Becoming somebody: registering, signing in, refreshing.
//! Holds always: none of these needs a token, and each counts against its address on the network or its session.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{HttpRequest, HttpResponse, post, web};

use super::shapes::{LoginAnswer, LoginRequest, RefreshRequest, RegisterAnswer, RegisterRequest, TokenAnswer};
use crate::auth::{Auth, Email, Refused, Registration, SignIn, SignedIn};
use crate::http::body::AuthJson;
use crate::http::layers::client_address;
use crate::http::problem::Answer;
use crate::http::query;

/// Register an account
///
/// Known and unknown addresses get the same answer after the same time, so that nobody learns who has an account. Then
/// sign in. Registering an address again changes nothing; its owner sees it among the security events.
#[utoipa::path(
    post,
    path = "/v1/auth/register",
    operation_id = "register_account",
    tag = "accounts",
    request_body(content = RegisterRequest, description = "Address, password and perhaps a name.",
        example = json!({"email": "asha@example.org", "password": "a window over the quiet river", "name": "Asha"})),
    responses((status = 202, description = "Taken. Sign in with it.", body = RegisterAnswer,
        example = json!({"status": "accepted"}))),
    security(()),
)]
#[post("/v1/auth/register")]
pub(super) async fn register(auth: web::Data<Auth>, request: HttpRequest, body: AuthJson<RegisterRequest>) -> Answer {
    query::finish(&query::pairs(&request)?)?;
    let AuthJson(RegisterRequest { email, password, name }) = body;
    let email = Email::parse(&email).map_err(Refused::from)?;
    auth.register(Registration { email, password, name, address: address(&request) }).await?;
    Ok(HttpResponse::Accepted().json(RegisterAnswer { status: "accepted" }))
}

/// Sign in
///
/// Opens a session and answers its tokens. A wrong password, an unknown address and a suspended account are answered
/// alike. After five failures the wait before the next attempt doubles each time, up to 15 minutes; a device that sends
/// the `device_token` of an earlier sign-in is counted by itself.
#[utoipa::path(
    post,
    path = "/v1/auth/login",
    operation_id = "create_session",
    tag = "accounts",
    request_body(content = LoginRequest, description = "Address and password; a label and the device's token if there are any.",
        example = json!({"email": "asha@example.org", "password": "a window over the quiet river", "label": "Phone"})),
    responses(
        (status = 200, description = "The session's tokens.", body = LoginAnswer),
        (status = 401, description = "Address and password do not belong together."),
    ),
    security(()),
)]
#[post("/v1/auth/login")]
pub(super) async fn login(auth: web::Data<Auth>, request: HttpRequest, body: AuthJson<LoginRequest>) -> Answer {
    query::finish(&query::pairs(&request)?)?;
    let AuthJson(LoginRequest { email, password, label, device_token }) = body;
    let email = Email::parse(&email).map_err(Refused::from)?;
    let attempt = SignIn { email, password, label, device_token, address: address(&request) };
    let SignedIn { tokens, device_token } = auth.sign_in(attempt).await?;
    Ok(HttpResponse::Ok().json(LoginAnswer::new(tokens, device_token)))
}

/// Refresh the tokens
///
/// Exchanges a refresh token for the next one and a fresh access token. When the answer was lost, the same token can be
/// sent again for 30 seconds and brings the same refresh token; after that, or once the next one was used, it counts as
/// stolen and ends the session. A session ends after 14 days without use and after 30 days in any case; for curators
/// and admins after 30 minutes and 12 hours.
#[utoipa::path(
    post,
    path = "/v1/auth/refresh",
    operation_id = "refresh_session",
    tag = "accounts",
    request_body(content = RefreshRequest, description = "The refresh token that came last."),
    responses(
        (status = 200, description = "The next tokens.", body = TokenAnswer),
        (status = 401, description = "Not a refresh token, used up, or its session has ended. Sign in."),
    ),
    security(()),
)]
#[post("/v1/auth/refresh")]
pub(super) async fn refresh(auth: web::Data<Auth>, request: HttpRequest, body: AuthJson<RefreshRequest>) -> Answer {
    query::finish(&query::pairs(&request)?)?;
    let tokens = auth.refresh(&body.0.refresh_token).await?;
    Ok(HttpResponse::Ok().json(TokenAnswer::from(tokens)))
}

/// Connections without an address exist in tests only; together they are one.
fn address(request: &HttpRequest) -> IpAddr {
    client_address::of(request).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}
