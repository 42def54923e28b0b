//! One's own account: reading it, changing the display name.
//! Holds always: the account is the caller's; no path and no body can name another.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, patch, web};
use serde::Deserialize;

use super::shapes::{Me, MeInput};
use crate::auth::{As, Auth, Caller, accounts};
use crate::database::Connection;
use crate::http::body::Raw;
use crate::http::input::{self, Strict};
use crate::http::problem::{Answer, Problem};
use crate::http::{conditional, merge_patch, query};

/// Read one's own account
///
/// Who is signed in with this token, and what the account may do.
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "get_me",
    tag = "accounts",
    params(("If-None-Match" = Option<String>, Header, description = "The ETag of the state that the client has already.",
        max_length = 256, example = "\"3\"")),
    responses((status = 200, description = "The account.", body = Me)),
    security(("bearer" = [])),
)]
#[get("/v1/me")]
pub(super) async fn get_me(auth: web::Data<Auth>, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let me = Me::from(auth.profile(caller.account).await?);
    let etag = conditional::etag(me.version);
    if conditional::if_none_match(&request, &etag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    Ok(answer(&me))
}

#[derive(Deserialize)]
struct PatchQuery {
    update_mask: Option<String>,
}

/// Change one's own account
///
/// A JSON merge patch of the display name. Address and password have their own ways.
#[utoipa::path(
    patch,
    path = "/v1/me",
    operation_id = "update_me",
    tag = "accounts",
    params(
        ("If-Match" = String, Header, description = "The ETag of the version that this changes.", max_length = 64, example = "\"3\""),
        ("update_mask" = Option<String>, Query, description = "The members to take from the body, separated by commas; for clients that send null for every unset member.",
            max_length = 256, example = "name"),
    ),
    request_body(description = "The members to change.", content(
        (MeInput = "application/merge-patch+json", example = json!({"name": "Asha"})),
        (MeInput = "application/json", example = json!({"name": "Asha"})),
    )),
    responses((status = 200, description = "The account as it is now.", body = Me)),
    security(("bearer" = [])),
)]
#[patch("/v1/me")]
pub(super) async fn update_me(auth: web::Data<Auth>, asked: As<Caller, (HttpRequest, Raw)>) -> Answer {
    let As { caller, input: (request, Raw(body)) } = asked;
    let options: PatchQuery = query::parse(query::pairs(&request)?)?;
    let if_match = conditional::required(&request)?;
    let patch = merge_patch::parse(input::value(&body)?, options.update_mask.as_deref())?;
    input::check::<MeInput>(&patch, Strict::Patch)?;
    let (ring, account, now) = (auth.ring().clone(), caller.account, auth.database().clock().now());
    let job = move |conn: &mut Connection| {
        let current = accounts::profile(conn, &ring, account)?;
        if_match.check(current.version)?;
        let mut value = serde_json::json!({ "name": current.name });
        merge_patch::apply(&mut value, &patch);
        let wanted: MeInput = input::typed(value)?;
        accounts::set_name(conn, &ring, account, wanted.name.as_ref().map(AsRef::as_ref), now)?;
        Ok::<_, Problem>(Me::from(accounts::profile(conn, &ring, account)?))
    };
    Ok(answer(&auth.database().write(job).await?))
}

fn answer(me: &Me) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, conditional::etag(me.version))).json(me)
}
