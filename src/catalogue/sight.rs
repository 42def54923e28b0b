//! How one person sees the catalogue: their account's view, without what they hid, reported, or must not be shown.
//! Holds always: what somebody hid leaves every list, link and part that is answered to them; people who hid nothing are
//! answered with the ready bytes that everybody shares.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::View;
use super::card::Card;
use super::document::Header;
use super::facets::{self, Words};
use super::listing::Asked;
use super::rendered::Rendered;
use super::shelf::Entry;
use super::snapshot::{Page, Snapshot, write_page};
use super::vocabulary::{Contraindication, Nudge, Topic};
use crate::database::Id;

/// What is kept away from one person beyond their account's view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Items and parts, each with the parts of it.
    pub ids: HashSet<Id>,
    /// Topics that leave every list; an item is still read by its own address.
    topics: Words,
    /// Nudges and contraindications that make an item wrong for this person.
    wrong: Words,
}

impl Hidden {
    /// Keeps a topic out of every list.
    pub fn topic(&mut self, topic: Topic) {
        self.topics.ask("topics", topic.as_str());
    }

    /// Keeps away what pushes towards this.
    pub fn nudge(&mut self, nudge: Nudge) {
        self.wrong.ask("nudges", nudge.as_str());
    }

    /// Keeps away what is wrong for people like this.
    pub fn contraindication(&mut self, contraindication: Contraindication) {
        self.wrong.ask("contraindications", contraindication.as_str());
    }

    /// Takes in the same in every other language.
    pub fn translated(&mut self, snapshot: &Snapshot) {
        let named: Vec<Id> = self.ids.iter().copied().collect();
        for id in named {
            let Some((list, one)) = snapshot.entry(View::Everything, id) else { continue };
            let says_the_same =
                |other: &&Arc<Entry>| other.group == one.group && (other.parent.is_none() || other.slug == one.slug);
            self.ids.extend(
                snapshot.shelf(View::Everything, list).entries().iter().filter(says_the_same).map(|other| other.id),
            );
        }
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// How one person sees the catalogue.
#[derive(Debug, Clone)]
pub struct Sight {
    pub view: View,
    hidden: Option<Arc<Hidden>>,
}

impl Sight {
    /// Somebody who hid nothing.
    #[must_use]
    pub const fn of(view: View) -> Self {
        Self { view, hidden: None }
    }

    /// Somebody with what is kept away from them.
    #[must_use]
    pub fn without(view: View, hidden: &Arc<Hidden>) -> Self {
        Self { view, hidden: (!hidden.is_nothing()).then(|| Arc::clone(hidden)) }
    }

    /// Whether this is how everybody with this view sees it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.hidden.is_none()
    }

    /// Whether an entry of the view may be read by its address.
    #[must_use]
    pub fn opens(&self, entry: &Entry) -> bool {
        let Some(hidden) = &self.hidden else { return true };
        let named = hidden.ids.contains(&entry.id)
            || entry.parent.as_ref().is_some_and(|(parent, _)| hidden.ids.contains(parent));
        !named && !hidden.wrong.touches(&entry.words)
    }

    /// Whether something with this header may be read that stands on no shelf, such as a step of an earlier revision.
    #[must_use]
    pub fn allows(&self, id: Id, parent: Option<Id>, header: &Header) -> bool {
        let hides = |hidden: &Arc<Hidden>| {
            hidden.ids.contains(&id)
                || parent.is_some_and(|parent| hidden.ids.contains(&parent))
                || hidden.wrong.touches(&facets::of(header))
        };
        self.view.shows(header) && !self.hidden.as_ref().is_some_and(hides)
    }

    /// Whether an entry of the view may stand in a list, be found or be recommended.
    #[must_use]
    pub fn lists(&self, entry: &Entry) -> bool {
        self.opens(entry) && self.hidden.as_ref().is_none_or(|hidden| !hidden.topics.touches(&entry.words))
    }

    /// The entry of that shelf with this id or slug, if this person may read it.
    #[must_use]
    pub fn find<'a>(&self, snapshot: &'a Snapshot, list: &str, key: &str) -> Option<&'a Arc<Entry>> {
        snapshot.shelf(self.view, list).find(key).filter(|entry| self.opens(entry))
    }

    /// The card of an entry, without what this person must not meet in it.
    #[must_use]
    pub fn card(&self, snapshot: &Snapshot, entry: &Entry) -> Option<Card> {
        let kept = |id: Id| snapshot.entry(self.view, id).is_none_or(|(_, entry)| self.opens(entry));
        let card = Card::of(entry)?;
        let whole = entry.parent.as_ref().and_then(|(id, _)| Card::of(snapshot.entry(self.view, *id)?.1));
        let card = if let Some(whole) = whole { card.within(whole) } else { card };
        Some(card.without(kept))
    }

    /// One page of a list.
    #[must_use]
    pub fn page(&self, snapshot: &Snapshot, list: &'static str, asked: Asked) -> Arc<Page> {
        if self.hidden.is_none() {
            return snapshot.page(self.view, list, asked);
        }
        let (entries, next) = snapshot.shelf(self.view, list).page_where(&asked, |entry| self.lists(entry));
        let next = next.map(|position| asked.cursor(list, &position));
        let bytes = write_page(entries.iter().map(|entry| entry.summary.as_ref()), next.as_deref());
        let answer = Rendered::new(self.narrowed(snapshot, &bytes).unwrap_or(bytes));
        Arc::new(Page { answer: answer.in_languages(entries.iter().map(|entry| entry.locale.as_str())), next })
    }

    /// An answer that names other items or holds parts, without those that this person must not meet; nothing when it
    /// stays as it is.
    #[must_use]
    pub fn narrowed(&self, snapshot: &Snapshot, json: &[u8]) -> Option<Vec<u8>> {
        self.hidden.as_ref()?;
        let mut value: Value = serde_json::from_slice(json).ok()?;
        let kept = |id: Id| snapshot.entry(self.view, id).is_none_or(|(_, entry)| self.opens(entry));
        drop_hidden(&mut value, &kept).then(|| serde_json::to_vec(&value).ok())?
    }
}

/// Takes objects whose `id` is not kept out of every list below `value`. Says whether any went.
fn drop_hidden(value: &mut Value, kept: &impl Fn(Id) -> bool) -> bool {
    match value {
        Value::Array(entries) => {
            let before = entries.len();
            entries.retain(|entry| {
                let id = entry.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
                id.is_none_or(kept)
            });
            let fewer = entries.len() < before;
            drop_below(entries.iter_mut(), kept) || fewer
        }
        Value::Object(members) => drop_below(members.values_mut(), kept),
        _ => false,
    }
}

/// The same below each of these. None is passed over because another one lost something.
fn drop_below<'a>(values: impl Iterator<Item = &'a mut Value>, kept: &impl Fn(Id) -> bool) -> bool {
    let mut any = false;
    for value in values {
        any |= drop_hidden(value, kept);
    }
    any
}
