//! The published catalogue in memory: every answer of every list and read, in two views, built once for each publication.
//! Holds always: the restricted view never shows an item that pushes towards contact, not by list, read, part or link.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use moka::sync::Cache;
use serde_json::value::RawValue;

use super::View;
use super::any_document::AnyDocument;
use super::document::Guard;
use super::kind::OnDay;
use super::kinds::Kinds;
use super::listing::Asked;
use super::media::Pictures;
use super::rendered::Rendered;
use super::search::Index;
use super::shelf::{Entry, Shelf};
use super::shelving::shelves;
use crate::database::{Id, Timestamp};

/// How many bytes of finished pages a snapshot keeps.
const PAGE_BYTES: u64 = 8 * 1024 * 1024;

/// A published item as it was loaded. Kept from one snapshot to the next while its revision stays.
pub struct Loaded {
    pub id: Id,
    /// The kind's plural name.
    pub kind: &'static str,
    pub singular: &'static str,
    pub revision: i64,
    pub published_at: Timestamp,
    pub document: Box<dyn AnyDocument>,
}

/// The published catalogue at one version.
pub struct Snapshot {
    version: i64,
    day: NaiveDate,
    loaded: Vec<Arc<Loaded>>,
    everything: HashMap<&'static str, Shelf>,
    no_outreach: HashMap<&'static str, Shelf>,
    pictures: Pictures,
    pages: Cache<(View, &'static str, Asked), Arc<Page>>,
    empty: Shelf,
    index: Option<Index>,
}

/// A page of a list, ready to be answered.
#[derive(Debug)]
pub struct Page {
    pub answer: Rendered,
    /// The cursor to the next page.
    pub next: Option<String>,
}

impl Snapshot {
    /// Builds both views as they are on the day `day` (UTC). An item that cannot be written as JSON is left out and logged: one bad row hides itself only.
    #[must_use]
    pub fn build(version: i64, kinds: &Kinds, loaded: Vec<Arc<Loaded>>, day: NaiveDate) -> Self {
        let current: Vec<_> = loaded.iter().filter_map(|item| on_day(item, day)).collect();
        let pictures = Pictures::of(&current);
        let everything = shelves(View::Everything, kinds, &current, (day, &pictures), None);
        let no_outreach = shelves(View::NoOutreach, kinds, &current, (day, &pictures), Some(&everything));
        let weigh =
            |_: &(View, &'static str, Asked), page: &Arc<Page>| u32::try_from(page.answer.size()).unwrap_or(u32::MAX);
        let pages = Cache::builder().max_capacity(PAGE_BYTES).weigher(weigh).build();
        let index = Index::build(kinds, &everything, &no_outreach);
        let index = index.inspect_err(|error| tracing::error!(cause = %error, "the catalogue cannot be searched"));
        let (index, empty) = (index.ok(), Shelf::default());
        Self { version, day, loaded, everything, no_outreach, pictures, pages, empty, index }
    }

    /// The catalogue's version that this shows.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The day (UTC) that it shows: what ages is shown as it is on that day.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        self.day
    }

    /// The items that went into it, those included whose time is over.
    #[must_use]
    pub fn loaded(&self) -> &[Arc<Loaded>] {
        &self.loaded
    }

    /// The items of a kind, or parts of a kind, in a view.
    #[must_use]
    pub fn shelf(&self, view: View, name: &str) -> &Shelf {
        let shelves = match view {
            View::Everything => &self.everything,
            View::NoOutreach => &self.no_outreach,
        };
        shelves.get(name).unwrap_or(&self.empty)
    }

    /// What guards this item in the view.
    #[must_use]
    pub fn guards(&self, view: View, id: Id) -> Vec<Guard> {
        self.entry(view, id).map(|(_, entry)| entry.guards.clone()).unwrap_or_default()
    }

    /// The entry of the view with this id, whatever its kind, and the name of its shelf.
    #[must_use]
    pub fn entry(&self, view: View, id: Id) -> Option<(&'static str, &Arc<Entry>)> {
        let shelves = match view {
            View::Everything => &self.everything,
            View::NoOutreach => &self.no_outreach,
        };
        shelves.iter().find_map(|(name, shelf)| Some((*name, shelf.by_id(id)?)))
    }

    /// The pictures that stand beside items.
    #[must_use]
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// What is searched of it; nothing where no index could be built.
    #[must_use]
    pub fn index(&self) -> Option<&Index> {
        self.index.as_ref()
    }

    /// One page of a list, for people who hid nothing; others have [`super::Sight::page`]. What was asked before is neither
    /// looked for nor written again.
    #[must_use]
    pub fn page(&self, view: View, list: &'static str, asked: Asked) -> Arc<Page> {
        let question = (view, list, asked);
        self.pages.get_with_by_ref(&question, || {
            let (view, list, asked) = &question;
            let (entries, next) = self.shelf(*view, list).page(asked);
            let next = next.map(|position| asked.cursor(list, &position));
            let summaries = entries.iter().map(|entry| entry.summary.as_ref());
            let languages = entries.iter().map(|entry| entry.locale.as_str());
            let answer = Rendered::new(write_page(summaries, next.as_deref())).in_languages(languages);
            Arc::new(Page { answer, next })
        })
    }
}

/// The item as it is on that day; nothing when its time is over.
fn on_day(item: &Arc<Loaded>, day: NaiveDate) -> Option<Arc<Loaded>> {
    match item.document.on_day(day) {
        OnDay::Unchanged => Some(Arc::clone(item)),
        OnDay::Changed(document) => Some(Arc::new(Loaded { document, ..**item })),
        OnDay::Over => None,
    }
}

/// A page whose items are JSON already.
pub(super) fn write_page<'a>(items: impl Iterator<Item = &'a RawValue>, next: Option<&str>) -> Vec<u8> {
    let items: Vec<&str> = items.map(RawValue::get).collect();
    // A cursor is URL-safe base64: nothing in it needs escaping.
    let next = next.map_or_else(|| "null".to_owned(), |cursor| format!("\"{cursor}\""));
    format!("{{\"items\":[{}],\"next_cursor\":{next}}}", items.join(",")).into_bytes()
}
