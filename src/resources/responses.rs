//! Responses: what people answer to the questions of a published item, pinned to the revision that they saw.
//! Holds always: an answer has the form that its question has in that revision, and none must be given; a later edit of the
//! item rewrites no response; an item that is withheld is refused like one that is not there (P3).

use chrono::NaiveDate;

use super::answers::{self, GivenAnswer};
use super::local;
use super::questions::Question;
use crate::catalogue::{Document, Kind, checking};
use crate::database::Id;
use crate::records::{Collection, Faults, Pin, Reference, Surroundings};

/// A curated kind that asks.
pub trait Asks: Kind {
    fn questions(&self) -> &[Question];
}

/// A record that answers an item of a kind that asks.
pub trait Response: Collection {
    type Asked: Asks;
    /// JSON Pointer to the item's id.
    const ITEM: &'static str;

    /// The members that every response has, whatever they are called.
    fn sheet(&self) -> Sheet<'_>;
}

/// What every response says.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    pub item: Id,
    /// 0 before it is settled.
    pub revision: i64,
    pub relationship: Option<Id>,
    pub day: NaiveDate,
    pub answers: &'a [GivenAnswer],
}

impl Sheet<'_> {
    /// Whether it is about one of the items and one of the relationships; none named means any.
    #[must_use]
    pub fn fits(&self, items: &[Id], relationships: &[Id]) -> bool {
        let about = |id| relationships.contains(&id);
        (items.is_empty() || items.contains(&self.item))
            && (relationships.is_empty() || self.relationship.is_some_and(about))
    }
}

/// The id of an item of the starter catalogue, for examples.
#[must_use]
pub fn example_item<K: Asks>(slug: &str) -> Id {
    checking::id_of(K::SINGULAR, "en", slug)
}

/// [`Collection::PIN`] of responses.
pub fn pin<R: Response>(response: &R) -> Pin {
    let Sheet { item, revision, .. } = response.sheet();
    Pin::to::<R::Asked>(item, revision)
}

/// [`Collection::references`] of responses.
pub fn references<R: Response>(response: &R) -> Vec<Reference> {
    let Sheet { item, relationship, .. } = response.sheet();
    let asked = Reference::item(R::ITEM, R::Asked::NAME, item);
    let person = relationship.map(|id| Reference::record("/relationship_id", "relationships", id));
    [asked].into_iter().chain(person).collect()
}

/// Holds a response to the item that it answers: gives the revision that it is pinned to and what that one says, or
/// nothing after a fault.
pub fn settle<'a, R: Response>(
    response: &R,
    before: Option<&R>,
    around: &'a Surroundings<'_>,
    faults: &mut Faults,
) -> Option<(i64, &'a Document<R::Asked>)> {
    let (sheet, before) = (response.sheet(), before.map(R::sheet));
    local::lived(faults, "/day", Some(sheet.day), around.now);
    if before.is_some_and(|before| before.item != sheet.item) {
        faults.add(R::ITEM, "immutable", "A response stays with what it answers; make another one instead.");
        return None;
    }
    let asked = around.pinned.as_ref().and_then(|pinned| Some((pinned.revision, pinned.document::<R::Asked>()?)));
    let Some((revision, document)) = asked else {
        faults.add(R::ITEM, "unknown_reference", "There is nothing with this id.");
        return None;
    };
    answers::check("/answers", sheet.answers.iter(), document.own.questions(), faults);
    Some((revision, document))
}
