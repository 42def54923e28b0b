//! Signing out.
//! Holds always: the session's access token is refused from the next request on, on other nodes within a second.

use actix_web::{HttpRequest, HttpResponse, post, web};

use crate::auth::{As, Auth, Caller, Refused};
use crate::http::problem::Answer;
use crate::http::query;

/// Sign out
///
/// Ends the session of the access token; its refresh token is void too.
#[utoipa::path(
    post,
    path = "/v1/auth/logout",
    operation_id = "end_session",
    tag = "accounts",
    responses((status = 204, description = "The session has ended.")),
    security(("bearer" = [])),
)]
#[post("/v1/auth/logout")]
pub(super) async fn logout(auth: web::Data<Auth>, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    match auth.sign_out(&caller).await {
        // Ended on another node in this moment: that is what was asked for.
        Ok(()) | Err(Refused::NotFound) => Ok(HttpResponse::NoContent().finish()),
        Err(refused) => Err(refused.into()),
    }
}
