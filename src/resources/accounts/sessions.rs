//! The sessions of one's own account: seeing them, ending one, ending all others.
//! Holds always: a session of somebody else and one that never was are the same 404.

use actix_web::{HttpRequest, HttpResponse, delete, get, web};

use super::pages;
use super::shapes::{Session, SessionPage};
use crate::auth::{As, Auth, Caller};
use crate::database::Id;
use crate::http::problem::{Answer, Problem};
use crate::http::query;

/// List one's own sessions
///
/// Those that have not ended, the newest first.
#[utoipa::path(
    get,
    path = "/v1/me/sessions",
    operation_id = "list_sessions",
    tag = "accounts",
    params(
        ("limit" = Option<u32>, Query, description = "How many sessions the page may hold.", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before.", max_length = 512, example = "AQx2"),
    ),
    responses((status = 200, description = "One page, the newest first.", body = SessionPage,
        headers(("Link" = String, description = "The next page, while there is one.")))),
    security(("bearer" = [])),
)]
#[get("/v1/me/sessions")]
pub(super) async fn list_sessions(auth: web::Data<Auth>, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    let page = pages::asked(&request, &auth, &caller)?;
    let (found, next) = auth.sessions(&caller, page.after, page.limit).await?;
    let next_cursor = next.map(|position| page.cursor(&caller, position));
    let items = found.into_iter().map(|summary| Session::of(summary, &caller)).collect();
    Ok(pages::answer(&request, next_cursor.as_deref()).json(SessionPage { items, next_cursor }))
}

/// End one session
///
/// Its tokens are refused from then on, on other nodes within a second.
#[utoipa::path(
    delete,
    path = "/v1/me/sessions/{id}",
    operation_id = "delete_session",
    tag = "accounts",
    params(("id" = Id, Path, description = "The session's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f")),
    responses((status = 204, description = "The session has ended.")),
    security(("bearer" = [])),
)]
#[delete("/v1/me/sessions/{id}")]
pub(super) async fn delete_session(auth: web::Data<Auth>, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let id: Id = request.match_info().query("id").parse().map_err(|_no_id| Problem::not_found())?;
    auth.end_session(&caller, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all other sessions
///
/// Every session of the account but the one that asks.
#[utoipa::path(
    delete,
    path = "/v1/me/sessions",
    operation_id = "delete_other_sessions",
    tag = "accounts",
    responses((status = 204, description = "The other sessions have ended.")),
    security(("bearer" = [])),
)]
#[delete("/v1/me/sessions")]
pub(super) async fn delete_other_sessions(auth: web::Data<Auth>, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    auth.end_other_sessions(&caller).await?;
    Ok(HttpResponse::NoContent().finish())
}
