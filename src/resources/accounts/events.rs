//! What happened to the security of one's own account.
//! Holds always: read-only, for its owner alone.

use actix_web::{HttpRequest, get, web};

use super::pages;
use super::shapes::{SecurityEvent, SecurityEventPage};
use crate::auth::{As, Auth, Caller};
use crate::http::problem::Answer;

/// List the security events of one's own account
///
/// Sign-ins, failures, ended sessions, changes of password and role, the newest first.
#[utoipa::path(
    get,
    path = "/v1/me/security-events",
    operation_id = "list_security_events",
    tag = "accounts",
    params(
        ("limit" = Option<u32>, Query, description = "How many events the page may hold.", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before.", max_length = 512, example = "AQx2"),
    ),
    responses((status = 200, description = "One page, the newest first.", body = SecurityEventPage,
        headers(("Link" = String, description = "The next page, while there is one.")))),
    security(("bearer" = [])),
)]
#[get("/v1/me/security-events")]
pub(super) async fn list_security_events(auth: web::Data<Auth>, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    let page = pages::asked(&request, &auth, &caller)?;
    let (found, next) = auth.security_events(&caller, page.after, page.limit).await?;
    let next_cursor = next.map(|position| page.cursor(&caller, position));
    let items = found.into_iter().map(SecurityEvent::from).collect();
    Ok(pages::answer(&request, next_cursor.as_deref()).json(SecurityEventPage { items, next_cursor }))
}
