//! Changing the password.
//! Holds always: whoever changes it has just shown that they know it, and whoever else was signed in no longer is.

use actix_web::{HttpRequest, HttpResponse, put, web};

use super::shapes::{PasswordChange, TokenAnswer};
use crate::auth::{As, Auth, Caller};
use crate::http::body::AuthJson;
use crate::http::problem::Answer;
use crate::http::query;

/// Change the password
///
/// Every session of the account ends, the one that asks too; the answer holds the tokens of a new session in its place.
/// A wrong current password counts as an attempt: after five failures the wait doubles each time, up to 15 minutes.
#[utoipa::path(
    put,
    path = "/v1/me/password",
    operation_id = "change_password",
    tag = "accounts",
    request_body(content = PasswordChange, description = "The current password and the new one."),
    responses((status = 200, description = "Changed. The tokens of the new session.", body = TokenAnswer)),
    security(("bearer" = [])),
)]
#[put("/v1/me/password")]
pub(super) async fn change_password(
    auth: web::Data<Auth>,
    asked: As<Caller, (HttpRequest, AuthJson<PasswordChange>)>,
) -> Answer {
    let As { caller, input: (request, AuthJson(PasswordChange { current_password, new_password })) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let tokens = auth.change_password(&caller, current_password, new_password).await?;
    Ok(HttpResponse::Ok().json(TokenAnswer::from(tokens)))
}
