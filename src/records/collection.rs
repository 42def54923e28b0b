//! What a private resource declares of itself. One implementation of [`Collection`] is the whole resource: its routes,
//! its operations in the document, storage, history, trash, quotas and privacy declaration follow from it.
//! Holds always: a collection knows nothing of SQL, routes or sealing, and the engine knows nothing of its fields.

use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use crate::auth::Caller;
use crate::catalogue::signals::Signal;
use crate::catalogue::{Catalogue, Hidden};
use crate::database::{Id, Timestamp};
use crate::privacy::map::Keeping;

use super::faults::Faults;
use super::pin::{Pin, Pinned};

/// A kind of record that a person keeps for themselves.
///
/// Its serialised form is both what is sealed and what is answered (the engine adds `id`, `version`, `created_at` and
/// `updated_at`), so members are never skipped when empty: an absent value is `null`. Text that people write is
/// [`crate::privacy::Text`], which carries its limit into validation and into the document at once.
pub trait Collection: Serialize + DeserializeOwned + ToSchema + Clone + Send + Sync + 'static {
    /// Path segment and stored name, plural, e.g. `journal-entries`. Never changes: sealing binds it.
    const NAME: &'static str;
    /// For operation ids, e.g. `journal_entry`; the plural is [`Collection::NAME`] with underscores.
    const SINGULAR: &'static str;
    /// One or two sentences for the reader of the document.
    const ABOUT: &'static str;
    /// What the record is kept for, in words a person would accept, for the privacy manifest.
    const PURPOSE: &'static str;
    /// How long records stay, and what export and erasure do with them.
    const KEEPING: Keeping = Keeping::RECORD;
    /// Members that are kept otherwise, with whatever is inside them, by path (`harm.note`, `steps[].note`). What a member
    /// is for stands in its own documentation.
    const EXCEPTIONS: &'static [(&'static str, Keeping)] = &[];
    /// Version of the stored shape. Raise it when an older document needs more than serde's defaults to be read.
    const SHAPE: i16 = 1;
    /// The collection that records of this one belong to.
    const PARENT: Option<Parent> = None;
    /// Whether records have a day, which makes `from`, `to` and `sort=day` work.
    const DATED: bool = false;
    /// Members that only the server sets: shown, never taken from a request.
    const MANAGED: &'static [&'static str] = &[];
    /// Whether [`Collection::withholds_outreach`] decides about the account's plain flag.
    const GUARDS_OUTREACH: bool = false;
    /// Whether [`Collection::hide`] decides how their owner sees the catalogue.
    const SHAPES_SIGHT: bool = false;
    /// Whether records say something of items that is counted over everybody; see [`Collection::signal`].
    const SIGNALS: bool = false;
    /// The item that a record is pinned to. What the pinned revision says is read before [`Collection::settle`].
    const PIN: Option<fn(&Self) -> Pin> = None;
    /// Filters on sealed members; [`Everything`] when there are none.
    type Filter: Filter<Self>;

    /// A complete, valid example with invented content and no ids of other records: for the document, the access
    /// matrix and the canary scan. Where a parent or an item must be named, the id is [`example_id`]'s.
    fn example() -> Self;

    /// The id of the record this one belongs to and goes to the trash with.
    fn parent(&self) -> Option<Id> {
        None
    }

    /// The day the record is about, in the writer's zone.
    fn day(&self) -> Option<NaiveDate> {
        None
    }

    /// Every id inside the record with the member it stands in. New ones must exist when the record is written.
    fn references(&self) -> Vec<Reference> {
        Vec::new()
    }

    /// Rules that a schema cannot say: combinations of members that make no sense.
    fn check(&self, _faults: &mut Faults) {}

    /// Sets the members named in [`Collection::MANAGED`]; `before` is the stored record, absent on creation.
    fn settle(&mut self, _before: Option<&Self>, _around: &Surroundings<'_>, _faults: &mut Faults) {}

    /// Whether this record, live or in the trash, keeps content that pushes towards contact away from its owner.
    fn withholds_outreach(&self) -> bool {
        false
    }

    /// Whether this record says so for the first time, or says more than `before` did: then an opening ends that the
    /// owner had made by their own act.
    fn withholds_anew(&self, before: Option<&Self>) -> bool {
        self.withholds_outreach() && !before.is_some_and(Self::withholds_outreach)
    }

    /// What all live records of one owner together keep away from them.
    fn hide(_records: &[Self], _hidden: &mut Hidden) {}

    /// What this record says of an item.
    fn signal(&self) -> Option<Signal> {
        None
    }
}

/// A collection's parent: boundaries belong to a boundary list.
#[derive(Debug, Clone, Copy)]
pub struct Parent {
    /// Name of the member that holds the parent's id and of the query parameter, e.g. `list_id`.
    pub member: &'static str,
    /// The parent's [`Collection::NAME`].
    pub collection: &'static str,
}

/// What a record may look at while its managed members are set.
pub struct Surroundings<'a> {
    pub caller: &'a Caller,
    pub catalogue: &'a Catalogue,
    pub now: Timestamp,
    /// What [`Collection::PIN`] leads to; nothing when the caller is not shown what they would begin with.
    pub pinned: Option<Pinned>,
}

/// An id inside a record, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// JSON Pointer to the member.
    pub pointer: String,
    pub id: Id,
    pub target: Target,
}

/// What kind of thing an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A record of the same owner, by [`Collection::NAME`].
    Record(&'static str),
    /// A published item, by its kind's name, e.g. `tips`.
    Item(&'static str),
    /// A published item of any kind, or a part of one.
    Published,
}

impl Reference {
    /// A reference to one of the owner's own records.
    #[must_use]
    pub fn record(pointer: impl Into<String>, collection: &'static str, id: Id) -> Self {
        Self { pointer: pointer.into(), id, target: Target::Record(collection) }
    }

    /// A reference to a published catalogue item.
    #[must_use]
    pub fn item(pointer: impl Into<String>, kind: &'static str, id: Id) -> Self {
        Self { pointer: pointer.into(), id, target: Target::Item(kind) }
    }

    /// A reference to whatever is published, whichever its kind.
    #[must_use]
    pub fn published(pointer: impl Into<String>, id: Id) -> Self {
        Self { pointer: pointer.into(), id, target: Target::Published }
    }
}

/// The id that examples use for whatever they belong to.
#[must_use]
pub const fn example_id() -> Id {
    Id::from_bytes([0x01, 0x98, 0x0a, 0x5c, 0x7e, 0x1b, 0x7a, 0x44, 0x9d, 0x3e, 0x5b, 0x0c, 0x6f, 0x1d, 0x2e, 0x3f])
}

/// A filter on members that only an opened record shows. Each member is a query parameter.
pub trait Filter<C>: DeserializeOwned + IntoParams + Serialize + Send + 'static {
    /// Whether the request asked for nothing, so that no record needs to be opened for filtering.
    fn is_empty(&self) -> bool;
    fn matches(&self, record: &C) -> bool;
}

/// The filter of a collection that has none.
#[derive(Debug, Clone, Default, serde::Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Everything {}

impl<C> Filter<C> for Everything {
    fn is_empty(&self) -> bool {
        true
    }

    fn matches(&self, _record: &C) -> bool {
        true
    }
}
