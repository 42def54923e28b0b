//! What curators are told of an address.
//! Holds always: an address that was not asked for 90 days counts as unchecked, unless it was broken then.

use serde::Serialize;
use utoipa::ToSchema;

use super::Placed;
use super::record::{Checked, is_broken, is_refused};
use crate::database::{Id, Timestamp};
use crate::http::vocabulary;

/// How many places of one address are told.
const PLACES: usize = 40;

vocabulary! {
    /// Whether an address leads anywhere.
    pub enum LinkStatus {
        /// It answered within the last 90 days.
        Working = "working",
        /// It lets no programs in, so that a person has to look.
        Refused = "refused",
        /// It is gone, or nobody answered.
        Broken = "broken",
        /// Nobody asked it within the last 90 days.
        Unchecked = "unchecked",
    }
}

/// An address in the catalogue, what it last answered, and where it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckedLink {
    /// Follows from the address.
    pub id: Id,
    #[schema(max_length = 12_000, example = "https://example.org/find")]
    pub url: String,
    pub status: LinkStatus,
    /// What it answered; 0 when nobody did, null before the first check.
    #[schema(required = true, minimum = 0, maximum = 999, example = 404)]
    pub http_status: Option<i32>,
    /// Null before the first check.
    #[schema(required = true)]
    pub checked_at: Option<Timestamp>,
    /// The first of the checks in a row that failed; null when the last one did not.
    #[schema(required = true)]
    pub broken_since: Option<Timestamp>,
    /// In how many places it stands.
    #[schema(minimum = 1, example = 1)]
    pub place_count: usize,
    /// The first of these.
    #[schema(min_items = 1, max_items = 40)]
    pub places: Vec<LinkPlace>,
}

/// Where an address stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkPlace {
    /// The plural of the item's kind, as in its path.
    #[schema(max_length = 40, example = "practitioners")]
    pub kind: &'static str,
    pub item_id: Id,
    #[schema(max_length = 60, example = "find-a-therapist")]
    pub slug: String,
    #[schema(max_length = 16, example = "en")]
    pub locale: String,
    #[schema(max_length = 120, example = "Find a therapist")]
    pub title: String,
    /// JSON Pointer to the member that holds it.
    #[schema(max_length = 200, example = "/url")]
    pub pointer: String,
}

/// One page of addresses.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckedLinkPage {
    #[schema(max_items = 100)]
    pub items: Vec<CheckedLink>,
    /// Null at the end of the list.
    #[schema(required = true, max_length = 200)]
    pub next_cursor: Option<String>,
}

impl LinkStatus {
    pub(super) fn of(checked: Option<&Checked>, now: Timestamp) -> Self {
        match checked {
            Some(checked) if is_broken(checked.http_status) => Self::Broken,
            Some(checked) if checked.is_old(now) => Self::Unchecked,
            Some(checked) if is_refused(checked.http_status) => Self::Refused,
            Some(_) => Self::Working,
            None => Self::Unchecked,
        }
    }
}

impl CheckedLink {
    pub(super) fn of(id: Id, places: &[Placed], checked: Option<&Checked>, now: Timestamp) -> Self {
        Self {
            id,
            url: places.first().map(|placed| placed.url.clone()).unwrap_or_default(),
            status: LinkStatus::of(checked, now),
            http_status: checked.map(|checked| checked.http_status),
            checked_at: checked.map(|checked| checked.checked_at),
            broken_since: checked.and_then(|checked| checked.broken_since),
            place_count: places.len(),
            places: places.iter().take(PLACES).map(LinkPlace::of).collect(),
        }
    }
}

impl LinkPlace {
    fn of(placed: &Placed) -> Self {
        Self {
            kind: placed.kind,
            item_id: placed.item_id,
            slug: placed.slug.clone(),
            locale: placed.locale.clone(),
            title: placed.title.clone(),
            pointer: placed.pointer.clone(),
        }
    }
}
