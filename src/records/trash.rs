//! The trash: what a person deleted, how long it stays, and emptying it for good.
//! Holds always: the trash names records by collection and id and shows nothing of what they say.

use actix_web::{HttpRequest, HttpResponse, delete, get, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{As, Caller};
use crate::database::{Id, Timestamp};
use crate::http::code::Code;
use crate::http::mount::Mount;
use crate::http::page::{self, Limit};
use crate::http::problem::{Answer, Problem};
use crate::http::{conditional, query};

use super::engine::Records;
use super::removal::TRASH_RETENTION;
use super::row::{self, Position, Row};

/// A deleted record that can still be restored.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrashedRecord {
    /// The collection, as in the path under `/v1/`.
    #[schema(example = "journal-entries", max_length = 64)]
    pub collection: String,
    pub id: Id,
    /// The version to name in If-Match when it is removed for good.
    #[schema(example = 3, minimum = 1)]
    pub version: i64,
    pub trashed_at: Timestamp,
    /// Until then it can be restored.
    pub kept_until: Timestamp,
}

/// One page of the trash, latest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrashedRecordPage {
    #[schema(max_items = 100)]
    pub items: Vec<TrashedRecord>,
    /// Send it as `cursor` to get the next page; null on the last one.
    #[schema(max_length = 512, required = true)]
    pub next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct TrashQuery {
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// Adds the operations of the trash.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(list_trash).service(purge_trashed_record);
}

/// List the trash
///
/// What was deleted by its owner and can still be restored. Records that went along with what they belong to are not
/// listed: they come back with it.
#[utoipa::path(
    get,
    path = "/v1/trash",
    operation_id = "list_trash",
    tag = "trash",
    params(
        ("limit" = Option<u32>, Query, description = "How many records the page may hold.", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before.", max_length = 512, example = "AQx2"),
    ),
    responses((status = 200, description = "One page, latest first.", body = TrashedRecordPage,
        headers(("Link" = String, description = "The next page, while there is one.")))),
    security(("bearer" = [])),
)]
#[get("/v1/trash")]
async fn list_trash(engine: web::Data<Records>, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    let options: TrashQuery = query::parse(query::pairs(&request)?)?;
    let (owner, cursors, limit) = (caller.account, &engine.parts().cursors, options.limit.get());
    let after: Option<Position> = match &options.cursor {
        Some(cursor) => {
            let position = cursors.open(owner, "trash", b"", cursor)?;
            Some(serde_json::from_slice(&position).map_err(|_cause| Problem::new(Code::InvalidCursor))?)
        }
        None => None,
    };
    let mut rows = engine
        .parts()
        .database
        .read(move |conn| Ok::<_, Problem>(row::trash_page(conn, owner, after, i64::from(limit) + 1)?))
        .await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let last = rows.last().filter(|_| more).map(|row| Position(trashed_at(row).as_micros(), row.id));
    let next_cursor = last.map(|position| {
        let position = serde_json::to_vec(&position).unwrap_or_default();
        cursors.seal(owner, "trash", b"", &position)
    });
    let mut response = HttpResponse::Ok();
    if let Some(next) = &next_cursor {
        response.insert_header(page::link_next(&request, next));
    }
    Ok(response.json(TrashedRecordPage { items: rows.iter().map(trashed).collect(), next_cursor }))
}

/// Remove a deleted record for good
///
/// Its content and its history are gone at once, and so is what went to the trash with it.
#[utoipa::path(
    delete,
    path = "/v1/trash/{id}",
    operation_id = "purge_trashed_record",
    tag = "trash",
    params(
        ("id" = Id, Path, description = "The record's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
        ("If-Match" = String, Header, description = "The ETag of the version that is removed.", max_length = 64, example = "\"3\""),
    ),
    responses((status = 204, description = "Gone.")),
    security(("bearer" = [])),
)]
#[delete("/v1/trash/{id}")]
async fn purge_trashed_record(engine: web::Data<Records>, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let id: Id = request.match_info().query("id").parse().map_err(|_cause| Problem::not_found())?;
    engine.purge(caller.account, id, conditional::required(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn trashed(row: &Row) -> TrashedRecord {
    let trashed_at = trashed_at(row);
    TrashedRecord {
        collection: row.collection.clone(),
        id: row.id,
        version: row.version,
        trashed_at,
        kept_until: trashed_at.plus(TRASH_RETENTION),
    }
}

/// When the row went to the trash; the query returns no row without.
fn trashed_at(row: &Row) -> Timestamp {
    row.trashed_at.unwrap_or(row.updated_at)
}
