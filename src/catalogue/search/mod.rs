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
    /// The member with the parts that the item holds, which are rows of their own.
    parts: Option<&'static str>,
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
        let mut spoken: BTreeMap<&str, Vec<(i64, &Row)>> = BTreeMap::new();
        for (number, row) in (0_i64..).zip(&rows) {
            let Some(locale) = row.locales().next() else { continue };
            spoken.entry(language_of(locale)).or_default().push((number, row));
        }
        let build = |(tag, rows): (&str, Vec<(i64, &Row)>)| {
            Language::build(tag, rows.into_iter().filter_map(|(number, row)| Some((number, row.texts()?))))
        };
        let languages = spoken.into_iter().map(build).collect::<QueryResult<_>>()?;
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
    for kind in kinds.all().filter(|kind| kind.is_found) {
        let whole = (kind.name, kind.singular, kind.parts);
        let part = kind.parts.zip(kind.part).map(|(name, singular)| (name, singular, None));
        for (name, singular, parts) in [whole].into_iter().chain(part) {
            let Some(shelf) = everything.get(name) else { continue };
            for entry in shelf.entries() {
                let narrowed = no_outreach.get(name).and_then(|shelf| shelf.by_id(entry.id));
                let tongues = [Some(shelf), no_outreach.get(name)].map(|shelf| tongues(shelf, entry));
                let row =
                    |entries| Row { place: place(entry), kind: singular, parts, entries, tongues: tongues.clone() };
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

impl Row {
    /// What is searched of it.
    fn texts(&self) -> Option<Texts> {
        let entry = self.entries.iter().flatten().next()?;
        let summary = Card::of(entry).and_then(|card| card.summary).unwrap_or_default();
        let body = text::prose(entry.full.json(), self.parts).unwrap_or_else(|error| {
            tracing::error!(id = %entry.id, cause = %error, "an item's text is not searched");
            String::new()
        });
        Some(Texts { title: text::line(&entry.title), summary: text::line(&summary), body })
    }
}
