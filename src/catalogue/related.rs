//! What an item stands in relation to: its own links and those of others to it, each with what it means.
//! Holds always: both ends of a relation are in the reader's sight; what is withheld or hidden is not named.

use actix_web::{HttpRequest, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::Catalogue;
use super::card::Card;
use super::reading::OnShelf;
use super::rendered::Rendered;
use super::shelf::Entry;
use super::sight::Sight;
use super::snapshot::Snapshot;
use super::vocabulary::LinkMeaning;
use crate::auth::{As, Reader};
use crate::database::Id;
use crate::http::code::Code;
use crate::http::problem::{Answer, Problem};
use crate::http::{query, vocabulary};
use crate::records::Records;

/// How many relations are told. A kind whose items speak of others lists all of them by a filter of its own.
const TOLD: usize = 1_000;

/// One end of a link, as the other end keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    pub meaning: LinkMeaning,
    pub direction: Direction,
    /// The item at the other end.
    pub other: Id,
}

vocabulary! {
    /// Which way a link goes.
    pub enum Direction {
        /// This item names the other one: it supports, qualifies, contradicts or guards it, comes before it, or speaks of it.
        To = "to",
        /// The other item names this one.
        From = "from",
    }
}

/// Another item and how it is related.
#[derive(Debug, Serialize, ToSchema)]
pub struct Related {
    /// What the link means.
    #[serde(rename = "type")]
    pub meaning: LinkMeaning,
    pub direction: Direction,
    pub item: Card,
}

/// All that an item is related to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelatedPage {
    /// What must be known first, then the others, in the order in which they were written; the first thousand of them.
    #[schema(max_items = 1000)]
    pub items: Vec<Related>,
    /// Always null: a related list has one page.
    #[schema(required = true, max_length = 512)]
    pub next_cursor: Option<String>,
}

/// `GET /v1/{kind}/{id or slug}/related`
pub(super) async fn related(
    shelf: OnShelf,
    catalogue: web::Data<Catalogue>,
    records: web::Data<Records>,
    asked: As<Reader, HttpRequest>,
) -> Answer {
    let As { caller: reader, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (sight, snapshot) = (records.sight_of(&reader).await?, catalogue.snapshot());
    let found = sight.find(&snapshot, shelf.name, request.match_info().query("key"));
    let page = RelatedPage { items: list(&sight, &snapshot, found.ok_or_else(Problem::not_found)?), next_cursor: None };
    let bytes = serde_json::to_vec(&page).map_err(|error| {
        tracing::error!(cause = %error, "related items cannot be shown");
        Problem::new(Code::Internal)
    })?;
    Ok(Rendered::new(bytes).respond(&request, &reader))
}

/// What the entry is related to, in this sight.
#[must_use]
pub fn list(sight: &Sight, snapshot: &Snapshot, entry: &Entry) -> Vec<Related> {
    let card = |relation: &Relation| {
        let (_, other) = snapshot.entry(sight.view, relation.other)?;
        let item = sight.lists(other).then(|| sight.card(snapshot, other))??;
        Some(Related { meaning: relation.meaning, direction: relation.direction, item })
    };
    let mut found: Vec<Related> = entry.relations.iter().filter_map(card).collect();
    found.sort_by_key(|related| (related.meaning, related.direction) != (LinkMeaning::Guards, Direction::From));
    found.truncate(TOLD);
    found
}
