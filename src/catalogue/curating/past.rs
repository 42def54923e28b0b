//! What an item was: its revisions and their differences, the states it passed, and the way back.
//! Holds always: a revision never changes; going back to one makes a new one.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use serde_json::value::RawValue;

use super::sent::Sent;
use super::state::{self, State};
use super::{OfKind, Shared, listing, path_id, writing};
use crate::auth::{As, Curator};
use crate::catalogue::diff::{Difference, changes};
use crate::catalogue::item::{Revision, RevisionSummary};
use crate::catalogue::{history, store};
use crate::database::{Connection, Id};
use crate::http::conditional;
use crate::http::problem::{Answer, Problem};
use crate::http::{page, query};

/// `GET /v1/admin/{kind}/{id}/revisions`
pub(super) async fn revisions(kind: OfKind, catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let asked_for = listing::AskedPast::read(&asked.input, "revisions", path_id(&asked.input)?)?;
    let read = move |connection: &mut Connection| listing::revisions(connection, &kind, &asked_for);
    let page = catalogue.database().read(read).await?;
    let next = page.next_cursor.clone();
    Ok(linked(&asked.input, next.as_deref()).json(page))
}

/// `GET /v1/admin/{kind}/{id}/transitions`
pub(super) async fn transitions(kind: OfKind, catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let asked_for = listing::AskedPast::read(&asked.input, "transitions", path_id(&asked.input)?)?;
    let read = move |connection: &mut Connection| listing::transitions(connection, &kind, &asked_for);
    let page = catalogue.database().read(read).await?;
    let next = page.next_cursor.clone();
    Ok(linked(&asked.input, next.as_deref()).json(page))
}

/// `GET /v1/admin/{kind}/{id}/revisions/{number}`
pub(super) async fn revision(kind: OfKind, catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    query::finish(&query::pairs(&asked.input)?)?;
    let (id, number) = (path_id(&asked.input)?, path_number(&asked.input)?);
    let read = move |connection: &mut Connection| {
        store::find(connection, kind.name, id)?.ok_or_else(Problem::not_found)?;
        revision_of(connection, id, number)
    };
    let (summary, document) = catalogue.database().read(read).await?;
    let document = RawValue::from_string(document).map_err(super::unwritable)?;
    Ok(HttpResponse::Ok().json(Revision { summary: &summary, document: &document }))
}

fn revision_of(connection: &mut Connection, id: Id, number: i64) -> Result<(RevisionSummary, String), Problem> {
    let before = number.checked_add(1).ok_or_else(Problem::not_found)?;
    let summary = history::revisions(connection, id, before, 1)?.pop().filter(|found| found.number == number);
    let document = store::document(connection, id, number)?;
    summary.zip(document).ok_or_else(Problem::not_found)
}

/// `GET /v1/admin/{kind}/{id}/diff`
pub(super) async fn diff(kind: OfKind, catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    #[derive(serde::Deserialize)]
    struct Between {
        from: Option<i64>,
        to: Option<i64>,
    }
    let id = path_id(&asked.input)?;
    let between: Between = query::parse(query::pairs(&asked.input)?)?;
    let read = move |connection: &mut Connection| {
        let item = store::find(connection, kind.name, id)?.ok_or_else(Problem::not_found)?;
        let to = between.to.unwrap_or(item.latest_revision);
        // What readers see is what an editor wants to compare with; for what they see, it is the state before.
        let before = item.published_revision.filter(|published| *published < to).unwrap_or_else(|| (to - 1).max(1));
        let from = between.from.unwrap_or(before);
        let mut said = |number| -> Result<Value, Problem> {
            let text = store::document(connection, id, number)?.ok_or_else(Problem::not_found)?;
            serde_json::from_str(&text).map_err(super::unwritable)
        };
        let changes = changes(&said(from)?, &said(to)?);
        Ok::<_, Problem>(Difference { from, to, changes })
    };
    Ok(HttpResponse::Ok().json(catalogue.database().read(read).await?))
}

/// `POST /v1/admin/{kind}/{id}/revisions/{number}/restore`
pub(super) async fn restore(kind: OfKind, catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let As { caller: Curator(curator), input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (id, number) = (path_id(&request)?, path_number(&request)?);
    let if_match = conditional::required(&request)?;
    let now = catalogue.database().clock().now();
    let job = move |connection: &mut Connection| {
        let state = State::find(connection, &kind, id, now)?;
        if_match.check(state.item.version)?;
        let mut document = state::document(connection, &kind, id, number)?;
        if state.item.first_published_at.is_some() {
            // These are permanent by now, whatever they were then.
            document.header_mut().slug.clone_from(&state.item.slug);
            document.header_mut().locale.clone_from(&state.item.locale);
        }
        let note = Some(format!("Restores revision {number}."));
        writing::save(connection, &kind, &curator, state, Sent { id: None, version: None, note, document }, now)
    };
    super::answer(&catalogue.database().write(job).await?)
}

/// The number of a revision in the path; what is no number names nothing.
pub(super) fn path_number(request: &HttpRequest) -> Result<i64, Problem> {
    request.match_info().query("number").parse().map_err(|_no_number| Problem::not_found())
}

/// 200 with the link to the next page, where there is one.
pub(super) fn linked(request: &HttpRequest, next: Option<&str>) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    if let Some(next) = next {
        response.insert_header(page::link_next(request, next));
    }
    response
}
