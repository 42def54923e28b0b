//! What people said of items, for curators: the list, and that somebody looked into reports.
//! Holds always: nobody learns who said it, nor how few.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;

use super::shapes::{ItemSignals, ItemSignalsPage};
use super::{day, reviewed, told};
use crate::auth::{As, Curator};
use crate::catalogue::{Catalogue, cursor};
use crate::database::{Connection, Id};
use crate::http::code::Code;
use crate::http::mount::Mount;
use crate::http::page::{self, PageQuery};
use crate::http::problem::{Answer, Problem};
use crate::http::query;

/// Adds the operations.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(list_item_signals).service(review_item_signals);
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    needs_review: bool,
}

/// List what people said of items, and which they use
///
/// Items that enough people found helpful, keep or go through, and items that enough people reported because they were hurt. What fewer people
/// said is not told, and nobody is named. In the order of the items' ids.
#[utoipa::path(
    get,
    path = "/v1/admin/signals",
    operation_id = "list_item_signals",
    tag = "curation",
    params(
        ("needs_review" = Option<bool>, Query, description = "Only items that wait for a curator because people were hurt.", example = true),
        ("limit" = Option<u32>, Query, description = "How many items the page may hold.", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before.", max_length = 512, example = "AQx2"),
    ),
    responses((status = 200, description = "One page.", body = ItemSignalsPage,
        headers(("Link" = String, description = "The next page, while there is one.")))),
    security(("bearer" = ["curator"])),
)]
#[get("/v1/admin/signals")]
async fn list_item_signals(catalogue: web::Data<Catalogue>, asked: As<Curator, HttpRequest>) -> Answer {
    let request = asked.input;
    let mut pairs = query::pairs(&request)?;
    let (page, asked): (PageQuery, Asked) = (query::take(&mut pairs)?, query::take(&mut pairs)?);
    query::finish(&pairs)?;
    let question: [&[u8]; 2] = [b"admin/signals", if asked.needs_review { b"waiting" } else { b"all" }];
    let after = page.cursor.as_deref().map(|text| position(&question, text)).transpose()?;
    let (smallest, limit) = (catalogue.settings().smallest_count, page.limit.get());
    let read = move |conn: &mut Connection| {
        told(conn, smallest, asked.needs_review, after, i64::from(limit) + 1).map_err(Problem::from)
    };
    let mut found = catalogue.database().read(read).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let last = found.last().filter(|_| more);
    let next_cursor = last.map(|last| cursor::write(&question, last.item_id.as_bytes()));
    let snapshot = catalogue.snapshot();
    let items = found.iter().map(|counted| ItemSignals::of(counted, smallest, &snapshot)).collect();
    let mut response = HttpResponse::Ok();
    if let Some(next) = &next_cursor {
        response.insert_header(page::link_next(&request, next));
    }
    Ok(response.json(ItemSignalsPage { items, next_cursor }))
}

fn position(question: &[&[u8]], text: &str) -> Result<Id, Problem> {
    let bytes = cursor::read(question, text).and_then(|bytes| bytes.try_into().ok());
    bytes.map(Id::from_bytes).ok_or_else(|| Problem::new(Code::InvalidCursor))
}

/// Say that reports were looked into
///
/// The item leaves the list of those that wait, and comes back when as many other people report it again. An item that does
/// not wait is 404.
#[utoipa::path(
    post,
    path = "/v1/admin/signals/{item_id}/reviewed",
    operation_id = "review_item_signals",
    tag = "curation",
    params(("item_id" = Id, Path, description = "The item's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f")),
    responses((status = 200, description = "What is told of the item now.", body = ItemSignals)),
    security(("bearer" = ["curator"])),
)]
#[post("/v1/admin/signals/{item_id}/reviewed")]
async fn review_item_signals(catalogue: web::Data<Catalogue>, asked: As<Curator, HttpRequest>) -> Answer {
    let request = asked.input;
    query::finish(&query::pairs(&request)?)?;
    let item: Id = request.match_info().query("item_id").parse().map_err(|_cause| Problem::not_found())?;
    let today = day(catalogue.database().clock().now().to_utc().date_naive());
    let job = move |conn: &mut Connection| reviewed(conn, item, today).map_err(Problem::from);
    let found = catalogue.database().write(job).await?.ok_or_else(Problem::not_found)?;
    let smallest = catalogue.settings().smallest_count;
    Ok(HttpResponse::Ok().json(ItemSignals::of(&found, smallest, &catalogue.snapshot())))
}
