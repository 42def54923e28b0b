//! How curators write, publish and take back items, and look at what items said before.
//! Holds always: only who may curate gets here; each change names the version it changes and leaves a revision.

mod listing;
mod operations;
mod past;
mod past_operations;
pub(super) mod preview;
pub mod routes;
mod sent;
mod state;
mod writing;

pub use writing::begin;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use self::sent::Sent;
use self::state::State;
use self::writing::Repeat;
use super::Catalogue;
use super::item::Transition;
use super::kinds::Registered;
use super::workflow::{self, Mover};
use crate::auth::{As, Curator};
use crate::database::{Connection, Id};
use crate::http::body::Raw;
use crate::http::code::Code;
use crate::http::conditional::{self, IfMatch, etag};
use crate::http::idempotency::Key;
use crate::http::problem::{Answer, Problem};
use crate::http::{input, merge_patch, query};

type Shared = web::Data<Catalogue>;

/// The kind whose route was called.
type OfKind = web::Data<Registered>;

/// What stands in the way of an answer that is JSON.
const JSON: &str = "application/json; charset=utf-8";

/// `GET /v1/admin/{kind}`
async fn list(kind: OfKind, catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let asked_for = listing::Asked::read(&asked.input, kind.name)?;
    let now = catalogue.database().clock().now();
    let read = move |connection: &mut Connection| listing::page(connection, kind.name, &asked_for, now);
    let page = catalogue.database().read(read).await?;
    let next = page.next_cursor.clone();
    Ok(past::linked(&asked.input, next.as_deref()).json(page))
}

/// `POST /v1/admin/{kind}`
async fn create(kind: OfKind, catalogue: Shared, asked: As<Curator, (HttpRequest, Raw)>) -> Answer {
    let As { caller: Curator(curator), input: (request, Raw(body)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let idempotency = catalogue.idempotency().clone();
    let request_hash = idempotency.request_hash(curator.account, &request, &body);
    let repeat = Key::from_request(&request)?.map(|key| Repeat { idempotency, key, request_hash });
    let sent = Sent::read(&kind, input::value(&body)?)?;
    let now = catalogue.database().clock().now();
    let job =
        move |connection: &mut Connection| writing::create(connection, &kind, &curator, sent, repeat.as_ref(), now);
    let (answer, replayed) = catalogue.database().write(job).await?;
    Ok(answer.to_response(replayed))
}

/// `GET /v1/admin/{kind}/{id}`
async fn get(kind: OfKind, catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    query::finish(&query::pairs(&asked.input)?)?;
    let id = path_id(&asked.input)?;
    let now = catalogue.database().clock().now();
    let state = catalogue.database().read(move |connection| State::find(connection, &kind, id, now)).await?;
    if conditional::if_none_match(&asked.input, &etag(state.item.version)) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag(state.item.version))).finish());
    }
    answer(&state)
}

/// `PUT /v1/admin/{kind}/{id}`
async fn replace(kind: OfKind, catalogue: Shared, asked: As<Curator, (HttpRequest, Raw)>) -> Answer {
    let As { caller: Curator(curator), input: (request, Raw(body)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (id, header) = (path_id(&request)?, conditional::if_match(&request)?);
    let sent = Sent::read(&kind, input::value(&body)?)?;
    let if_match = header.or(sent.version.map(IfMatch::version)).ok_or_else(conditional::precondition_required)?;
    let now = catalogue.database().clock().now();
    let job = move |connection: &mut Connection| {
        let state = State::find(connection, &kind, id, now)?;
        if_match.check(state.item.version)?;
        writing::save(connection, &kind, &curator, state, sent, now)
    };
    answer(&catalogue.database().write(job).await?)
}

/// `PATCH /v1/admin/{kind}/{id}`
async fn update(kind: OfKind, catalogue: Shared, asked: As<Curator, (HttpRequest, Raw)>) -> Answer {
    #[derive(serde::Deserialize)]
    struct Options {
        update_mask: Option<String>,
    }
    let As { caller: Curator(curator), input: (request, Raw(body)) } = asked;
    let options: Options = query::parse(query::pairs(&request)?)?;
    let (id, if_match) = (path_id(&request)?, conditional::required(&request)?);
    let patch = merge_patch::parse(input::value(&body)?, options.update_mask.as_deref())?;
    let now = catalogue.database().clock().now();
    let job = move |connection: &mut Connection| {
        let state = State::find(connection, &kind, id, now)?;
        if_match.check(state.item.version)?;
        let mut value = state.document.value().map_err(unwritable)?;
        merge_patch::apply(&mut value, &patch);
        writing::save(connection, &kind, &curator, state, Sent::read(&kind, value)?, now)
    };
    answer(&catalogue.database().write(job).await?)
}

/// `DELETE /v1/admin/{kind}/{id}`
async fn delete(kind: OfKind, catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let As { caller: Curator(curator), input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (id, if_match) = (path_id(&request)?, conditional::required(&request)?);
    let now = catalogue.database().clock().now();
    let job = move |connection: &mut Connection| {
        let state = State::find(connection, &kind, id, now)?;
        if_match.check(state.item.version)?;
        writing::delete(connection, &curator, &state, now)
    };
    catalogue.database().write(job).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /v1/admin/{kind}/{id}/transitions`
async fn transition(kind: OfKind, catalogue: Shared, asked: As<Curator, (HttpRequest, Raw)>) -> Answer {
    let As { caller: Curator(curator), input: (request, Raw(body)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (id, if_match) = (path_id(&request)?, conditional::required(&request)?);
    let wish: Transition = input::read(&body)?;
    let (now, kinds) = (catalogue.database().clock().now(), catalogue.kinds().clone());
    let mover = Mover { account: Some(curator.account), two_person: catalogue.settings().two_person };
    let job = move |connection: &mut Connection| {
        let state = State::find(connection, &kind, id, now)?;
        if_match.check(state.item.version)?;
        workflow::perform(connection, &kinds, mover, &state.item, &wish, now)?;
        State::find(connection, &kind, id, now)
    };
    let state = catalogue.database().write(job).await?;
    catalogue.refresh_soon().await;
    answer(&state)
}

/// 200 with the item as it stands and its ETag.
fn answer(state: &State) -> Answer {
    let body = state.json()?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag(state.item.version))).content_type(JSON).body(body))
}

/// The problem behind a document that cannot be written or read as JSON, which nothing that was checked can be.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn unwritable(error: serde_json::Error) -> Problem {
    tracing::error!(cause = %error, "an item is not JSON");
    Problem::new(Code::Internal)
}

/// The id in the path; what is no id names nothing.
fn path_id(request: &HttpRequest) -> Result<Id, Problem> {
    request.match_info().query("id").parse().map_err(|_no_id| Problem::not_found())
}
