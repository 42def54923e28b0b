//! What curators are told of the counts.
//! Holds always: a count of people who were hurt is never told, every other one only from the threshold on.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Counted, date};
use crate::catalogue::{Snapshot, View};
use crate::database::Id;

/// What people said of an item, without who and without small numbers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemSignals {
    /// The item, or the step of a program.
    pub item_id: Id,
    /// The plural of its kind, as in its path; null when it is not published any more.
    #[schema(required = true, max_length = 40, example = "tips")]
    pub kind: Option<&'static str>,
    /// Null when it is not published any more.
    #[schema(required = true, max_length = 60, example = "say-it-while-it-is-small")]
    pub slug: Option<String>,
    /// Null when it is not published any more.
    #[schema(required = true, max_length = 120, example = "Say it while it is small")]
    pub title: Option<String>,
    /// How many people found it helpful; null while they are too few to be counted without being recognised.
    #[schema(required = true, minimum = 0, example = 12)]
    pub helpful_count: Option<i64>,
    /// How many people keep it among their favourites; null while they are too few.
    #[schema(required = true, minimum = 0, example = 31)]
    pub kept_count: Option<i64>,
    /// How many people have a run of it, for programs; null while they are too few.
    #[schema(required = true, minimum = 0, example = 17)]
    pub used_count: Option<i64>,
    /// Whether enough people said that it hurt them for a curator to look into it.
    pub needs_review: bool,
    /// The day since which it has been waiting.
    #[schema(required = true)]
    pub review_requested_on: Option<NaiveDate>,
    /// The day on which a curator last looked into it.
    #[schema(required = true)]
    pub reviewed_on: Option<NaiveDate>,
}

/// One page of what people said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemSignalsPage {
    #[schema(max_items = 100)]
    pub items: Vec<ItemSignals>,
    /// Null at the end of the list.
    #[schema(required = true, max_length = 200)]
    pub next_cursor: Option<String>,
}

impl ItemSignals {
    /// What may be told of these counts.
    #[must_use]
    pub(super) fn of(counted: &Counted, smallest: i64, snapshot: &Snapshot) -> Self {
        let enough = |count: i64| Some(count).filter(|count| *count >= smallest);
        let entry = snapshot.entry(View::Everything, counted.item_id);
        Self {
            item_id: counted.item_id,
            kind: entry.map(|(kind, _)| kind),
            slug: entry.map(|(_, entry)| entry.slug.clone()),
            title: entry.map(|(_, entry)| entry.title.clone()),
            helpful_count: enough(counted.helpful_count),
            kept_count: enough(counted.kept_count),
            used_count: enough(counted.used_count),
            needs_review: counted.review_requested_on.is_some(),
            review_requested_on: counted.review_requested_on.and_then(date),
            reviewed_on: counted.reviewed_on.and_then(date),
        }
    }
}
