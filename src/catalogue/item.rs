//! Items as curators see them: the envelope around the latest state, rows of lists, and revisions.
//! Holds always: nothing here reaches readers; they get published revisions from the snapshot.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::vocabulary::{ItemStatus, ReviewStatus, Stance};
use crate::database::{Id, Timestamp};

/// What the service knows of an item besides its document. Sent back in a PUT, all of it but `id`, `version` and `change_note` is
/// ignored; `change_note` is new with each change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Curated {
    pub id: Id,
    /// Raised by each change; the ETag.
    #[schema(minimum = 1, example = 4)]
    pub version: i64,
    #[schema(read_only)]
    pub status: ItemStatus,
    /// The revision shown here.
    #[schema(read_only, minimum = 1, example = 3)]
    pub latest_revision: i64,
    /// The revision that readers see; null when they see none.
    #[schema(read_only, minimum = 1, example = 2)]
    pub published_revision: Option<i64>,
    /// When the item was first published; from then on its slug and language never change.
    #[schema(read_only)]
    pub first_published_at: Option<Timestamp>,
    /// When the published revision was published.
    #[schema(read_only)]
    pub published_at: Option<Timestamp>,
    /// When the clock publishes it; null unless it is scheduled.
    #[schema(read_only)]
    pub publish_at: Option<Timestamp>,
    /// When the clock takes it back from readers; null when nothing is planned.
    #[schema(read_only)]
    pub unpublish_at: Option<Timestamp>,
    /// Whether the day of the next review has passed.
    #[schema(read_only)]
    pub is_review_overdue: bool,
    /// For a translation: whether the original has changed since it was translated; null for an original.
    #[schema(read_only)]
    pub source_changed: Option<bool>,
    #[schema(read_only)]
    pub created_at: Timestamp,
    #[schema(read_only)]
    pub updated_at: Timestamp,
    /// The account that made the item; null for starter content.
    #[schema(read_only)]
    pub created_by: Option<Id>,
    /// The account that wrote the latest revision; null for starter content. With two persons, somebody else approves it.
    #[schema(read_only)]
    pub revised_by: Option<Id>,
    /// What the author says about the latest revision.
    #[schema(min_length = 1, max_length = 400, example = "Says more plainly whom it is wrong for.")]
    pub change_note: Option<String>,
}

/// The members of [`Curated`] that only the service writes.
pub const READ_ONLY: &[&str] = &[
    "status",
    "latest_revision",
    "published_revision",
    "first_published_at",
    "published_at",
    "publish_at",
    "unpublish_at",
    "is_review_overdue",
    "source_changed",
    "created_at",
    "updated_at",
    "created_by",
    "revised_by",
];

/// A whole item for curators: the envelope and the latest document.
#[derive(Serialize)]
pub struct CuratedItem<'a, D> {
    #[serde(flatten)]
    pub envelope: &'a Curated,
    #[serde(flatten)]
    pub document: &'a D,
}

/// An item in a curator's list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CuratedSummary {
    pub id: Id,
    #[schema(minimum = 1, example = 4)]
    pub version: i64,
    #[schema(max_length = 60, example = "say-it-while-it-is-small")]
    pub slug: String,
    #[schema(max_length = 16, example = "en")]
    pub locale: String,
    #[schema(max_length = 120, example = "Say it while it is small")]
    pub title: String,
    #[schema(required = true)]
    pub stance: Option<Stance>,
    pub review_status: ReviewStatus,
    /// When it should be reviewed again.
    #[schema(required = true)]
    pub review_next_due_on: Option<NaiveDate>,
    pub is_review_overdue: bool,
    /// For a translation: whether the original has changed since it was translated; null for an original.
    #[schema(required = true)]
    pub source_changed: Option<bool>,
    pub status: ItemStatus,
    #[schema(minimum = 1, example = 3)]
    pub latest_revision: i64,
    #[schema(required = true, minimum = 1, example = 2)]
    pub published_revision: Option<i64>,
    #[schema(required = true)]
    pub publish_at: Option<Timestamp>,
    #[schema(required = true)]
    pub unpublish_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A page of a curator's list, with the number of all items that fit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CuratedPage {
    #[schema(max_items = 100)]
    pub items: Vec<CuratedSummary>,
    /// Null at the end of the list.
    #[schema(required = true, max_length = 200)]
    pub next_cursor: Option<String>,
    /// How many items fit the filter, on all pages together.
    #[schema(minimum = 0, example = 57)]
    pub total: i64,
}

/// One saved state of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RevisionSummary {
    #[schema(minimum = 1, example = 3)]
    pub number: i64,
    pub saved_at: Timestamp,
    /// The account that saved it; null for starter content.
    #[schema(required = true)]
    pub author: Option<Id>,
    /// What its author says about it.
    #[schema(required = true, max_length = 400)]
    pub change_note: Option<String>,
    /// When it was last published; null when it never was.
    #[schema(required = true)]
    pub published_at: Option<Timestamp>,
}

/// A page of an item's history, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RevisionPage {
    #[schema(max_items = 100)]
    pub items: Vec<RevisionSummary>,
    /// Null at the end of the list.
    #[schema(required = true, max_length = 200)]
    pub next_cursor: Option<String>,
}

/// One saved state with what it said.
#[derive(Serialize)]
pub struct Revision<'a> {
    #[serde(flatten)]
    pub summary: &'a RevisionSummary,
    pub document: &'a RawValue,
}

/// Where an item should go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Transition {
    /// `published` shows the latest revision to readers, `archived` takes the item back from them.
    pub to: ItemStatus,
    /// Why, for the history.
    #[schema(min_length = 1, max_length = 400, example = "Read twice; the guard is clear now.")]
    pub note: Option<String>,
    /// With `scheduled`: when the clock publishes it.
    pub publish_at: Option<Timestamp>,
    /// With `scheduled` or `published`: when the clock takes it back from readers. Left out, it stays.
    pub unpublish_at: Option<Timestamp>,
}

impl Transition {
    /// A move without note and without times.
    #[must_use]
    pub const fn to(to: ItemStatus) -> Self {
        Self { to, note: None, publish_at: None, unpublish_at: None }
    }
}
