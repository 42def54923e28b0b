//! How curators write, publish and take back items, and look at what items said before.
//! Holds always: only who may curate gets here; each change names the version it changes and leaves a revision.

mod listing;
mod operations;
pub mod routes;
mod sent;
mod writing;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::value::RawValue;

use self::sent::Sent;
use self::writing::{Repeat, State};
use super::document::Document;
use super::item::{CuratedItem, Revision};
use super::kind::Kind;
use super::{Catalogue, store};
use crate::auth::{As, Curator};
use crate::database::{Connection, Id};
use crate::http::body::Raw;
use crate::http::conditional::{self, IfMatch, etag};
use crate::http::idempotency::Key;
use crate::http::problem::{Answer, Problem};
use crate::http::{input, merge_patch, page, query};

type Shared = web::Data<Catalogue>;

/// What stands in the way of an answer that is JSON.
const JSON: &str = "application/json; charset=utf-8";

/// `GET /v1/admin/{kind}`
async fn list<K: Kind>(catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let asked_for = listing::Asked::read(&asked.input, K::NAME)?;
    let read = move |connection: &mut Connection| listing::page::<K>(connection, &asked_for);
    let page = catalogue.database().read(read).await?;
    let mut response = HttpResponse::Ok();
    if let Some(next) = &page.next_cursor {
        response.insert_header(page::link_next(&asked.input, next));
    }
    Ok(response.json(page))
}

/// `POST /v1/admin/{kind}`
async fn create<K: Kind>(catalogue: Shared, asked: As<Curator, (HttpRequest, Raw)>) -> Answer {
    let As { caller: Curator(curator), input: (request, Raw(body)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let idempotency = catalogue.idempotency().clone();
    let request_hash = idempotency.request_hash(curator.account, &request, &body);
    let repeat = Key::from_request(&request)?.map(|key| Repeat { idempotency, key, request_hash });
    let sent = Sent::<K>::read(input::value(&body)?)?;
    let now = catalogue.database().clock().now();
    let job = move |connection: &mut Connection| writing::create(connection, &curator, sent, repeat.as_ref(), now);
    let (answer, replayed) = catalogue.database().write(job).await?;
    Ok(answer.to_response(replayed))
}

/// `GET /v1/admin/{kind}/{id}`
async fn get<K: Kind>(catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    query::finish(&query::pairs(&asked.input)?)?;
    let id = path_id(&asked.input)?;
    let state = catalogue.database().read(move |connection| State::<K>::find(connection, id)).await?;
    if conditional::if_none_match(&asked.input, &etag(state.item.version)) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag(state.item.version))).finish());
    }
    answer(&state)
}

/// `PUT /v1/admin/{kind}/{id}`
async fn replace<K: Kind>(catalogue: Shared, asked: As<Curator, (HttpRequest, Raw)>) -> Answer {
    let As { caller: Curator(curator), input: (request, Raw(body)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (id, header) = (path_id(&request)?, conditional::if_match(&request)?);
    let sent = Sent::<K>::read(input::value(&body)?)?;
    let if_match = header.or(sent.version.map(IfMatch::version)).ok_or_else(conditional::precondition_required)?;
    let now = catalogue.database().clock().now();
    let job = move |connection: &mut Connection| {
        let state = State::<K>::find(connection, id)?;
        if_match.check(state.item.version)?;
        writing::save(connection, &curator, state, sent.document, now)
    };
    answer(&catalogue.database().write(job).await?)
}

/// `PATCH /v1/admin/{kind}/{id}`
async fn update<K: Kind>(catalogue: Shared, asked: As<Curator, (HttpRequest, Raw)>) -> Answer {
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
        let state = State::<K>::find(connection, id)?;
        if_match.check(state.item.version)?;
        let mut value = serde_json::to_value(&state.document).map_err(writing::unwritable)?;
        merge_patch::apply(&mut value, &patch);
        let document = Sent::<K>::read(value)?.document;
        writing::save(connection, &curator, state, document, now)
    };
    answer(&catalogue.database().write(job).await?)
}

/// `DELETE /v1/admin/{kind}/{id}`
async fn delete<K: Kind>(catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    query::finish(&query::pairs(&asked.input)?)?;
    let (id, if_match) = (path_id(&asked.input)?, conditional::required(&asked.input)?);
    let job = move |connection: &mut Connection| {
        let state = State::<K>::find(connection, id)?;
        if_match.check(state.item.version)?;
        writing::delete(connection, &state)
    };
    catalogue.database().write(job).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /v1/admin/{kind}/{id}/transitions`
async fn transition<K: Kind>(catalogue: Shared, asked: As<Curator, (HttpRequest, Raw)>) -> Answer {
    let As { caller: Curator(curator), input: (request, Raw(body)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (id, if_match) = (path_id(&request)?, conditional::required(&request)?);
    let transition = input::read(&body)?;
    let (now, kinds) = (catalogue.database().clock().now(), catalogue.kinds().clone());
    let job = move |connection: &mut Connection| {
        let state = State::<K>::find(connection, id)?;
        if_match.check(state.item.version)?;
        writing::transition(connection, &curator, &kinds, state, transition, now)
    };
    let state = catalogue.database().write(job).await?;
    if let Err(failure) = catalogue.refresh().await {
        tracing::warn!(%failure, "published, but not yet taken over by this node");
    }
    answer(&state)
}

/// `GET /v1/admin/{kind}/{id}/revisions`
async fn revisions<K: Kind>(catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let id = path_id(&asked.input)?;
    let asked_for = listing::AskedRevisions::read(&asked.input, id)?;
    let read = move |connection: &mut Connection| listing::revisions::<K>(connection, &asked_for);
    let page = catalogue.database().read(read).await?;
    let mut response = HttpResponse::Ok();
    if let Some(next) = &page.next_cursor {
        response.insert_header(page::link_next(&asked.input, next));
    }
    Ok(response.json(page))
}

/// `GET /v1/admin/{kind}/{id}/revisions/{number}`
async fn revision<K: Kind>(catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    query::finish(&query::pairs(&asked.input)?)?;
    let id = path_id(&asked.input)?;
    let number: i64 = asked.input.match_info().query("number").parse().map_err(|_no_number| Problem::not_found())?;
    let read = move |connection: &mut Connection| {
        store::find(connection, K::NAME, id)?.ok_or_else(Problem::not_found)?;
        let before = number.checked_add(1).ok_or_else(Problem::not_found)?;
        let summary = store::revisions(connection, id, before, 1)?.pop().filter(|found| found.number == number);
        let document = store::document(connection, id, number)?;
        summary.zip(document).ok_or_else(Problem::not_found)
    };
    let (summary, document) = catalogue.database().read(read).await?;
    let document = RawValue::from_string(document).map_err(writing::unwritable)?;
    Ok(HttpResponse::Ok().json(Revision { summary: &summary, document: &document }))
}

/// 200 with the item as it stands and its ETag.
fn answer<K: Kind>(state: &State<K>) -> Answer {
    let body = json(state)?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag(state.item.version))).content_type(JSON).body(body))
}

fn json<K: Kind>(state: &State<K>) -> Result<Vec<u8>, Problem> {
    let item: CuratedItem<'_, Document<K>> =
        CuratedItem { envelope: &state.item.envelope(), document: &state.document };
    serde_json::to_vec(&item).map_err(writing::unwritable)
}

/// The id in the path; what is no id names nothing.
fn path_id(request: &HttpRequest) -> Result<Id, Problem> {
    request.match_info().query("id").parse().map_err(|_no_id| Problem::not_found())
}
