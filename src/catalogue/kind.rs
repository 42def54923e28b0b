//! What a curated kind declares: its names, its own members and its rules; everything else is the engine's.
//! Holds always: adding a kind is one file that implements [`Kind`] and one line in `routes.rs`.

use std::fmt::Debug;

use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::document::{Document, Header, References};
use super::media::{Beside, MediaFile};
use super::rules::HEADER_NEEDED;
use crate::database::{Id, Timestamp};
use crate::http::problem::Fault;

/// One kind of curated item. The implementing struct holds the kind's own members; the header, the references, drafts,
/// revisions, publishing, lists, filters and both APIs are the engine's.
pub trait Kind: Serialize + DeserializeOwned + ToSchema + Clone + Debug + PartialEq + Send + Sync + 'static {
    /// Plural: the path, the starter folder and the stored name, e.g. `tips`.
    const NAME: &'static str;
    /// Singular: the value of `kind` in answers and links, e.g. `tip`.
    const SINGULAR: &'static str;
    /// One or two sentences for the reader of the API's document.
    const ABOUT: &'static str;
    /// JSON Pointers to own members without which an item is not published (`*` stands for each entry of a list).
    /// Readers are promised that they are there and not null.
    const NEEDED: &'static [&'static str];
    /// Pointers to the header's members and the references without which an item is not published: all that advice
    /// needs, unless some make no sense here (a telephone line has no stance). Readers are promised these too.
    const HEADER: &'static [&'static str] = HEADER_NEEDED;
    /// Whether everybody is shown every item, whatever they marked: then no item may push anybody, or be wrong for
    /// people who were harmed.
    const FOR_EVERYONE: bool = false;
    /// Whether it is read without signing in, whatever the operator says of the rest. Then it answers from memory alone,
    /// also while no database does, so that it may hold nothing that anybody must be kept from.
    const OPEN: bool = false;
    /// Whether its items are texts for somebody to find. What apps look up by its name instead, such as the word on a
    /// button, is found by no search, and no link leads to it.
    const IS_FOUND: bool = true;
    /// Whether other items name its items among their `media` and show them.
    const IS_SHOWN_BESIDE: bool = false;
    /// Filters of its own beside the facets of the header.
    const FILTERS: &'static [Filter] = &[];
    /// The member that holds numbered parts. In files they lie beside the item, one file each.
    const PARTS: Option<&'static str> = None;
    /// Singular of [`Kind::PARTS`]: the value of `kind` in the answers of a part.
    const PART: Option<&'static str> = None;

    /// What lists show of an item besides its header.
    type Brief: Serialize + ToSchema;

    fn brief(&self) -> Self::Brief;

    /// The words by which [`Kind::FILTERS`] find the item, each with its parameter. [`ANY`] fits every word.
    fn filtered_by(&self, _references: &References) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// A complete, publishable example for the document and for tests.
    fn example() -> Document<Self>;

    /// Own members in Markdown, each with its JSON Pointer.
    fn markdown(&self) -> Vec<(String, &str)>;

    /// Sets members that only the service sets, before an item is saved.
    fn settle(&mut self, _item: Id) {}

    /// Rules for every saved state, beyond what the schema says.
    fn check(&self, _header: &Header, _faults: &mut Vec<Fault>) {}

    /// Rules for publishing, beyond what is needed.
    fn check_publishable(&self, _header: &Header, _faults: &mut Vec<Fault>) {}

    /// The members as they are shown to people who must not be pushed towards contact, where that differs.
    fn without_outreach(&self) -> Option<Self> {
        None
    }

    /// Where the item stands in a list, whatever its order: all of a lower rank come first.
    fn rank(&self) -> u8 {
        0
    }

    /// The members as they are on a day (UTC), for what ages: the catalogue is built anew when the day changes.
    fn on_day(&self, _today: NaiveDate) -> OnDay<Self> {
        OnDay::Unchanged
    }

    /// The file that the item is about. It has to be stored before the item is published.
    fn file(&self) -> Option<&MediaFile> {
        None
    }

    /// What the items show of it that name it among their `media`, once it is complete.
    fn beside(&self) -> Option<Beside> {
        None
    }

    /// Parts that have an address of their own, in order.
    ///
    /// # Errors
    /// When a part cannot be written as JSON.
    fn parts(&self, _place: &Place, _header: &Header) -> Result<Vec<Part>, serde_json::Error> {
        Ok(Vec::new())
    }
}

/// A filter that only one kind has.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    pub parameter: &'static str,
    pub about: &'static str,
    pub example: &'static str,
    /// Whether it can be asked for that word.
    pub takes: fn(&str) -> bool,
}

/// The word that fits every word of its filter.
pub const ANY: &str = "*";

/// What a day makes of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDay<T> {
    /// It is shown as it was written.
    Unchanged,
    /// It is shown like this.
    Changed(T),
    /// Its time is over: it is not shown any more.
    Over,
}

/// Where an item stands in the published catalogue: the head of every answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Place {
    pub id: Id,
    /// The item's kind, singular.
    #[schema(max_length = 40, example = "tip")]
    pub kind: &'static str,
    /// Which state of the item this is.
    #[schema(minimum = 1, example = 3)]
    pub revision: i64,
    /// When this state was published.
    pub published_at: Timestamp,
    /// Whether the day on which somebody with a credential should have read it again has passed.
    pub is_review_overdue: bool,
}

/// A part of an item with an address of its own, such as a step of a program.
#[derive(Debug, Clone)]
pub struct Part {
    pub id: Id,
    /// What the filters see: the item's header with the part's own words and warnings.
    pub header: Header,
    /// What a read of the part answers.
    pub full: Box<RawValue>,
    /// What a list shows of it.
    pub summary: Box<RawValue>,
}
