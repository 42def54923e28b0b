//! What search answers: the cards of what was found, and where the words stand in it.
//! Holds always: a found text is handed out as pieces of plain text, never as markup; a card shows what its reader may meet.

use serde::Serialize;
use utoipa::ToSchema;

use super::marks::SearchPiece;
use crate::catalogue::card::Card;
use crate::catalogue::shelf::Entry;
use crate::catalogue::{Sight, Snapshot};
use crate::database::Id;

/// A found item, or a part of one.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHit {
    item: Card,
    /// The item that this is a part of; null for items.
    #[schema(required = true)]
    parent: Option<SearchParent>,
    highlights: SearchHighlights,
    #[serde(skip)]
    pub(super) locale: String,
}

/// The item that a part belongs to.
#[derive(Debug, Serialize, ToSchema)]
struct SearchParent {
    id: Id,
    #[schema(max_length = 60, example = "accepting-the-limits")]
    slug: String,
    #[schema(max_length = 120, example = "Accepting the limits")]
    title: String,
}

/// Where the words were found: texts in pieces, in order. Put together they are the text; show the found ones as you like.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct SearchHighlights {
    /// The whole title.
    #[schema(max_items = 200)]
    pub(super) title: Vec<SearchPiece>,
    /// The whole summary.
    #[schema(max_items = 400)]
    pub(super) summary: Vec<SearchPiece>,
    /// Some words of the text around what was found; empty when nothing was found there.
    #[schema(max_items = 100)]
    pub(super) text: Vec<SearchPiece>,
}

impl SearchHit {
    /// The entry as this reader may meet it; nothing when it cannot be shown.
    pub(super) fn of(sight: &Sight, snapshot: &Snapshot, entry: &Entry, highlights: SearchHighlights) -> Option<Self> {
        let parent = entry.parent.as_ref().and_then(|(id, slug)| {
            let (_, whole) = snapshot.entry(sight.view, *id)?;
            Some(SearchParent { id: *id, slug: slug.clone(), title: whole.title.clone() })
        });
        Some(Self { item: sight.card(snapshot, entry)?, parent, highlights, locale: entry.locale.clone() })
    }
}
