//! What an item was: its revisions, and the states it passed.
//! Holds always: nothing here changes anything.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::value::RawValue;

use super::{Shared, listing, path_id};
use crate::auth::{As, Curator};
use crate::catalogue::item::Revision;
use crate::catalogue::kind::Kind;
use crate::catalogue::{history, store};
use crate::database::{Connection, Id};
use crate::http::problem::{Answer, Problem};
use crate::http::{page, query};

/// `GET /v1/admin/{kind}/{id}/revisions`
pub(super) async fn revisions<K: Kind>(catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let asked_for = listing::AskedPast::read(&asked.input, "revisions", path_id(&asked.input)?)?;
    let read = move |connection: &mut Connection| listing::revisions::<K>(connection, &asked_for);
    let page = catalogue.database().read(read).await?;
    let next = page.next_cursor.clone();
    Ok(linked(&asked.input, next.as_deref()).json(page))
}

/// `GET /v1/admin/{kind}/{id}/transitions`
pub(super) async fn transitions<K: Kind>(catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    let asked_for = listing::AskedPast::read(&asked.input, "transitions", path_id(&asked.input)?)?;
    let read = move |connection: &mut Connection| listing::transitions::<K>(connection, &asked_for);
    let page = catalogue.database().read(read).await?;
    let next = page.next_cursor.clone();
    Ok(linked(&asked.input, next.as_deref()).json(page))
}

/// `GET /v1/admin/{kind}/{id}/revisions/{number}`
pub(super) async fn revision<K: Kind>(catalogue: Shared, asked: As<Curator, HttpRequest>) -> Answer {
    query::finish(&query::pairs(&asked.input)?)?;
    let (id, number) = (path_id(&asked.input)?, path_number(&asked.input)?);
    let read = move |connection: &mut Connection| {
        store::find(connection, K::NAME, id)?.ok_or_else(Problem::not_found)?;
        revision_of(connection, id, number)
    };
    let (summary, document) = catalogue.database().read(read).await?;
    let document = RawValue::from_string(document).map_err(super::unwritable)?;
    Ok(HttpResponse::Ok().json(Revision { summary: &summary, document: &document }))
}

fn revision_of(
    connection: &mut Connection,
    id: Id,
    number: i64,
) -> Result<(crate::catalogue::item::RevisionSummary, String), Problem> {
    let before = number.checked_add(1).ok_or_else(Problem::not_found)?;
    let summary = history::revisions(connection, id, before, 1)?.pop().filter(|found| found.number == number);
    let document = store::document(connection, id, number)?;
    summary.zip(document).ok_or_else(Problem::not_found)
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
