//! Search over everything published: full text and facets, built from the snapshot and swapped together with it.
//! Holds always: a row that its reader must not meet is left out inside the query, so that no page, no order and no mark
//! tells of it; the same questions get the same answers on both databases, since the index is in memory.
//!
//! `language.rs` holds the index of one language (SQLite FTS5), `plan.rs` says what a question means to it, `find.rs` pages
//! through what is found, `question.rs` reads the request, `hit.rs` writes the answer.
//!
//! Why not FTS5's own rank: `bm25` looks at every row that fits before the first is known, which takes over 10 ms for a
//! frequent word among 10,000 items; and it depends on all other items, so that a page after a publication would repeat some
//! and miss others. Kinds of matches, one after the other, stop as soon as the page is full.

mod find;
mod hit;
mod language;
mod marks;
mod operation;
mod plan;
mod question;
mod text;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use diesel::QueryResult;

use super::View;
use super::card::Card;
use super::kinds::Kinds;
use super::listing::Sort;
use super::shelf::{Entry, Shelf};
use crate::database::Id;
use language::{Language, Texts};

pub use find::Found;
pub use hit::SearchHit;
pub(super) use operation::places;
pub use operation::routes;
pub use question::Question;

/// Bytes of the title by which rows are ordered; the rest of a tie goes by id.
const TITLE_BYTES: usize = 24;

/// What is searched of one snapshot.
pub struct Index {
    rows: Arc<Vec<Row>>,
    languages: Vec<Language>,
    /// Every language with its region, as in `en-GB`.
    locales: Vec<String>,
    /// Whether any row comes after all others however well it fits.
    is_ranked: bool,
}

/// One item or part, as the views that share its bytes show it.
struct Row {
    place: Place,
    /// The kind, singular.
    kind: &'static str,
    /// By [`slot`]: the entry of each view that shows exactly this.
    entries: [Option<Arc<Entry>>; 2],
    /// By [`slot`]: the languages that it is there in, the original's first; empty when there is one only.
    tongues: [Vec<String>; 2],
}

/// Where a row stands among the others of its group: by rank and title, then by id. It depends on the item alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Place {
    title: Vec<u8>,
    id: Id,
}

/// The shelves of both views, by name.
pub(super) type Shelves = HashMap<&'static str, Shelf>;

impl Index {
    /// Indexes every entry of the shelves, those that both views share once.
    ///
    /// # Errors
    /// When SQLite fails, which in memory means that there is no more of it.
    pub(super) fn build(kinds: &Kinds, everything: &Shelves, no_outreach: &Shelves) -> QueryResult<Self> {
        let mut rows = rows(kinds, everything, no_outreach);
        rows.sort_by(|one, other| one.place.cmp(&other.place));
        let parts: HashMap<&str, &str> = kinds.all().filter_map(|kind| Some((kind.singular, kind.parts?))).collect();
        let mut texts: BTreeMap<String, Vec<Texts>> = BTreeMap::new();
        for (number, row) in (0_i64..).zip(&rows) {
            let Some(entry) = row.entries.iter().flatten().next() else { continue };
            let found = texts_of(number, entry, parts.get(row.kind).copied());
            texts.entry(language_of(&entry.locale).to_owned()).or_default().push(found);
        }
        let languages =
            texts.into_iter().map(|(tag, texts)| Language::build(&tag, texts)).collect::<QueryResult<_>>()?;
        let is_ranked = rows.iter().any(Row::is_of_last_rank);
        let locales: BTreeSet<&str> = rows.iter().flat_map(Row::locales).collect();
        let locales = locales.into_iter().map(str::to_owned).collect();
        Ok(Self { rows: Arc::new(rows), languages, locales, is_ranked })
    }
}

/// `en` of `en-GB`.
fn language_of(locale: &str) -> &str {
    locale.split('-').next().unwrap_or_default()
}

/// The place of a view's entry in a row.
const fn slot(view: View) -> usize {
    match view {
        View::Everything => 0,
        View::NoOutreach => 1,
    }
}

fn rows(kinds: &Kinds, everything: &Shelves, no_outreach: &Shelves) -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in kinds.all() {
        let shelves = [(kind.name, kind.singular)].into_iter().chain(kind.parts.zip(kind.part));
        for (name, singular) in shelves {
            let Some(shelf) = everything.get(name) else { continue };
            for entry in shelf.entries() {
                let narrowed = no_outreach.get(name).and_then(|shelf| shelf.by_id(entry.id));
                let tongues = [Some(shelf), no_outreach.get(name)].map(|shelf| tongues(shelf, entry));
                let row = |entries| Row { place: place(entry), kind: singular, entries, tongues: tongues.clone() };
                match narrowed {
                    Some(same) if Arc::ptr_eq(same, entry) => {
                        rows.push(row([Some(Arc::clone(entry)), Some(Arc::clone(entry))]));
                    }
                    other => {
                        rows.push(row([Some(Arc::clone(entry)), None]));
                        rows.extend(other.map(|other| row([None, Some(Arc::clone(other))])));
                    }
                }
            }
        }
    }
    rows
}

/// The languages of a shelf that say the same as `entry`, when there are several.
fn tongues(shelf: Option<&Shelf>, entry: &Entry) -> Vec<String> {
    shelf.map(|shelf| shelf.group(entry)).filter(|group| group.len() > 1).map(<[String]>::to_vec).unwrap_or_default()
}

fn place(entry: &Entry) -> Place {
    let title = entry.keys.get(Sort::Title.index()).map(Vec::as_slice).unwrap_or_default();
    Place { title: title.get(..TITLE_BYTES).unwrap_or(title).to_vec(), id: entry.id }
}

fn texts_of(number: i64, entry: &Entry, parts: Option<&str>) -> Texts {
    let summary = Card::of(entry).and_then(|card| card.summary).unwrap_or_default();
    let body = text::prose(entry.full.json(), parts).unwrap_or_else(|error| {
        tracing::error!(id = %entry.id, cause = %error, "an item's text is not searched");
        String::new()
    });
    Texts { number, title: text::line(&entry.title), summary: text::line(&summary), body }
}
