//! The addresses in the catalogue, for curators: which are broken, which nobody looked at for long.
//! Holds always: the list is that of the published catalogue now; what was recorded is only looked up.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;

use super::record::{self, Checked};
use super::shapes::{CheckedLink, CheckedLinkPage, LinkStatus};
use super::{Placed, all};
use crate::auth::{As, Curator};
use crate::catalogue::{Catalogue, Snapshot, cursor};
use crate::database::{Connection, Id, Timestamp};
use crate::http::code::Code;
use crate::http::mount::Mount;
use crate::http::page::{self, PageQuery};
use crate::http::problem::{Answer, Problem};
use crate::http::query;

/// Adds the operation.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(list_links);
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    status: Vec<LinkStatus>,
}

/// List the addresses that the catalogue links to
///
/// Every address on the web in what is published, with what it answered when the operator's link checker last asked
/// (`mend content links`), and the items that it stands in. In the order of the ids, which follow from the addresses.
#[utoipa::path(
    get,
    path = "/v1/admin/links",
    operation_id = "list_links",
    tag = "curation",
    params(
        ("status" = Option<Vec<LinkStatus>>, Query, description = "Only in one of these states; repeat for several.", max_items = 100, example = json!(["broken", "unchecked"])),
        ("limit" = Option<u32>, Query, description = "How many addresses the page may hold.", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before.", max_length = 512, example = "AQx2"),
    ),
    responses((status = 200, description = "One page.", body = CheckedLinkPage,
        headers(("Link" = String, description = "The next page, while there is one.")))),
    security(("bearer" = ["curator"])),
)]
#[get("/v1/admin/links")]
async fn list_links(catalogue: web::Data<Catalogue>, asked: As<Curator, HttpRequest>) -> Answer {
    let request = asked.input;
    let mut pairs = query::pairs(&request)?;
    let (page, asked): (PageQuery, Asked) = (query::take(&mut pairs)?, query::take(&mut pairs)?);
    query::finish(&pairs)?;
    let words: Vec<&str> =
        LinkStatus::ALL.iter().filter(|word| asked.status.contains(word)).map(|word| word.as_str()).collect();
    let words = words.join("|");
    let question = [b"admin/links".as_slice(), words.as_bytes()];
    let after = page.cursor.as_deref().map(|text| position(&question, text)).transpose()?;
    let (snapshot, now) = (catalogue.snapshot(), catalogue.database().clock().now());
    let wanted = usize::try_from(page.limit.get()).unwrap_or(usize::MAX);
    // Looking through the whole catalogue takes too long for a thread that answers requests.
    let read = move |connection: &mut Connection| {
        let checks = record::all(connection)?;
        Ok::<_, Problem>(found(&snapshot, &checks, &asked.status, now, after, wanted + 1))
    };
    let mut items = catalogue.database().read(read).await?;
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next_cursor = items.last().filter(|_| more).map(|last| cursor::write(&question, last.id.as_bytes()));
    let mut response = HttpResponse::Ok();
    if let Some(next) = &next_cursor {
        response.insert_header(page::link_next(&request, next));
    }
    Ok(response.json(CheckedLinkPage { items, next_cursor }))
}

/// The first `limit` addresses after `after` in one of these states; in any when none is named.
fn found(
    snapshot: &Snapshot,
    checks: &[Checked],
    statuses: &[LinkStatus],
    now: Timestamp,
    after: Option<Id>,
    limit: usize,
) -> Vec<CheckedLink> {
    let placed = all(snapshot);
    let same = |one: &Placed, other: &Placed| one.url == other.url;
    let by_id: BTreeMap<Id, &[Placed]> = placed
        .chunk_by(same)
        .filter_map(|places| Some((record::id_of(&places.first()?.url), places)))
        .filter(|(id, _)| after.is_none_or(|after| *id > after))
        .collect();
    let checks: HashMap<Id, &Checked> = checks.iter().map(|checked| (checked.id, checked)).collect();
    by_id
        .into_iter()
        .map(|(id, places)| CheckedLink::of(id, places, checks.get(&id).copied(), now))
        .filter(|link| statuses.is_empty() || statuses.contains(&link.status))
        .take(limit)
        .collect()
}

fn position(question: &[&[u8]], text: &str) -> Result<Id, Problem> {
    let bytes = cursor::read(question, text).and_then(|bytes| bytes.try_into().ok());
    bytes.map(Id::from_bytes).ok_or_else(|| Problem::new(Code::InvalidCursor))
}
