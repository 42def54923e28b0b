//! The published items of one kind in one view, ready to be answered, in every order that a list offers.
//! Holds always: a shelf never changes; what may not be seen in its view was never put on it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::document::Guard;
use super::facets::Words;
use super::language::{Tongues, Wanted};
use super::listing::{Asked, Position, Sort};
use super::related::Relation;
use super::rendered::Rendered;
use crate::database::{Id, Timestamp};

/// One published item or part as a view shows it.
#[derive(Debug)]
pub struct Entry {
    pub id: Id,
    pub slug: String,
    pub locale: String,
    pub title: String,
    pub revision: i64,
    /// The item that this is a part of, by id and slug.
    pub parent: Option<(Id, String)>,
    /// What it says the same as in another language: the slug that the original has, or its item's has.
    pub group: String,
    /// Whether it is no translation.
    pub is_original: bool,
    pub words: Words,
    /// The links of the item and those of others to it, as far as the view shows them.
    pub relations: Vec<Relation>,
    /// What guards it, as far as the view shows that.
    pub guards: Vec<Guard>,
    /// The words of the kind's own filters, each with its parameter.
    pub filtered_by: Vec<(&'static str, String)>,
    /// Where it stands in each order of [`Sort`].
    pub keys: [Vec<u8>; Sort::COUNT],
    pub summary: Box<RawValue>,
    pub full: Rendered,
}

/// What the orders of an entry are made from.
pub struct Standing<'a> {
    /// All of a lower rank come first, in every order and its reverse.
    pub rank: u8,
    /// Position among the parts of its item; 0 for items.
    pub position: usize,
    /// The title of the item that it is a part of, or its own.
    pub leading_title: &'a str,
    pub title: &'a str,
    pub minutes: Option<i32>,
    pub published_at: Timestamp,
}

impl Standing<'_> {
    /// Keys that sort as bytes, in the order of [`Sort`], the rank in front.
    #[must_use]
    pub fn keys(&self) -> [Vec<u8>; Sort::COUNT] {
        let mut natural = self.leading_title.to_lowercase().into_bytes();
        natural.push(0);
        natural.extend_from_slice(&self.position.to_be_bytes());
        let minutes = self.minutes.map_or(u32::MAX, i32::unsigned_abs);
        // Instants before 1970 do not occur, so that the sign needs no care.
        let published = self.published_at.as_micros().to_be_bytes().to_vec();
        let keys = [natural, self.title.to_lowercase().into_bytes(), minutes.to_be_bytes().to_vec(), published];
        keys.map(|key| [&[self.rank], key.as_slice()].concat())
    }
}

/// All entries of one kind in one view.
#[derive(Debug, Default)]
pub struct Shelf {
    entries: Vec<Arc<Entry>>,
    ids: HashMap<Id, usize>,
    /// By slug: one place a language.
    slugs: HashMap<String, Vec<usize>>,
    ascending: [Vec<usize>; Sort::COUNT],
    descending: [Vec<usize>; Sort::COUNT],
    tongues: Tongues,
}

impl Shelf {
    #[must_use]
    pub fn new(entries: Vec<Arc<Entry>>) -> Self {
        let mut shelf = Self::default();
        for (index, entry) in entries.iter().enumerate() {
            shelf.ids.insert(entry.id, index);
            // Parts have slugs of their own item only, so they are found by id.
            if entry.parent.is_none() {
                shelf.slugs.entry(entry.slug.clone()).or_default().push(index);
            }
        }
        for (which, (up, down)) in shelf.ascending.iter_mut().zip(&mut shelf.descending).enumerate() {
            let place = |index: &usize| entries.get(*index).map(|entry| (key(entry, which), entry.id));
            *up = (0..entries.len()).collect();
            up.sort_by_key(place);
            down.clone_from(up);
            down.sort_by_key(|index| place(index).map(downwards));
        }
        shelf.tongues = Tongues::of(entries.iter().map(AsRef::as_ref));
        shelf.entries = entries;
        shelf
    }

    #[must_use]
    pub fn by_id(&self, id: Id) -> Option<&Arc<Entry>> {
        self.entries.get(*self.ids.get(&id)?)
    }

    /// The entry with this id or slug; of several languages that share a slug, the original.
    #[must_use]
    pub fn find(&self, id_or_slug: &str) -> Option<&Arc<Entry>> {
        match id_or_slug.parse::<Id>() {
            Ok(id) => self.by_id(id),
            Err(_) => self.called(id_or_slug),
        }
    }

    /// The entry with this id or slug in the wanted language, where it is there; an id means its own language, unless
    /// `translate` says that it stands for its translations too.
    #[must_use]
    pub fn find_in(&self, id_or_slug: &str, wanted: &Wanted, translate: bool) -> Option<&Arc<Entry>> {
        let found = self.find(id_or_slug)?;
        let means_itself = wanted.is_empty() || (!translate && id_or_slug.parse::<Id>().is_ok());
        if means_itself || self.tongues.is_alone(found) {
            return Some(found);
        }
        let languages = self.languages(wanted);
        let same = self.entries.iter().filter(|entry| entry.group == found.group);
        let mut chosen = same.filter(|entry| entry.parent.is_none() && self.is_chosen(&languages, entry));
        Some(chosen.next().unwrap_or(found))
    }

    /// When parts are asked for by their item's slug: the one language of those items to show.
    fn language_of_parts<'a>(&'a self, asked: &'a Asked) -> Option<&'a str> {
        if asked.parents.is_empty() || asked.takes_all() {
            return None;
        }
        let fits = |entry: &&Arc<Entry>| entry.parent.as_ref().is_some_and(|(_, slug)| asked.parents.contains(slug));
        let there: Vec<&Arc<Entry>> = self.entries.iter().filter(fits).collect();
        let wanted = asked.languages.iter().find(|language| there.iter().any(|entry| entry.locale == **language));
        let original = || there.iter().find(|entry| entry.is_original).or(there.first());
        wanted.map(String::as_str).or_else(|| original().map(|entry| entry.locale.as_str()))
    }

    /// The item of that slug and language.
    #[must_use]
    pub fn at(&self, slug: &str, locale: &str) -> Option<&Arc<Entry>> {
        let mut places = self.slugs.get(slug)?.iter().filter_map(|index| self.entries.get(*index));
        places.find(|entry| entry.locale == locale)
    }

    fn called(&self, slug: &str) -> Option<&Arc<Entry>> {
        let mut places = self.slugs.get(slug)?.iter().filter_map(|index| self.entries.get(*index));
        let first = places.next()?;
        if first.is_original { Some(first) } else { Some(places.find(|entry| entry.is_original).unwrap_or(first)) }
    }

    /// The languages to look for on this shelf, the best first.
    #[must_use]
    pub fn languages(&self, wanted: &Wanted) -> Vec<String> {
        self.tongues.wanted(wanted)
    }

    /// Whether of the languages that an entry is there in, it is the one to show.
    #[must_use]
    pub fn is_chosen(&self, languages: &[String], entry: &Entry) -> bool {
        self.tongues.chooses(languages, entry)
    }

    /// The languages that what an entry says is there in, the original's first.
    #[must_use]
    pub fn group(&self, entry: &Entry) -> &[String] {
        self.tongues.group(entry)
    }

    #[must_use]
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// The entries in the order of their list.
    pub fn in_order(&self) -> impl Iterator<Item = &Arc<Entry>> {
        let order = self.ascending.get(Sort::default().index()).map(Vec::as_slice).unwrap_or_default();
        order.iter().filter_map(|index| self.entries.get(*index))
    }

    /// The entries that fit, in the order asked for, after the position asked for; and where the next page starts.
    #[must_use]
    pub fn page(&self, asked: &Asked) -> (Vec<&Arc<Entry>>, Option<Position>) {
        self.page_where(asked, |_| true)
    }

    /// The same of those entries only that `kept` keeps, so that the pages stay full.
    #[must_use]
    pub fn page_where(&self, asked: &Asked, kept: impl Fn(&Entry) -> bool) -> (Vec<&Arc<Entry>>, Option<Position>) {
        let orders = if asked.descending { &self.descending } else { &self.ascending };
        let order = orders.get(asked.sort.index()).map(Vec::as_slice).unwrap_or_default();
        let place = |index: &usize| self.entries.get(*index).map(|entry| entry.position(asked.sort));
        let is_before = |index: &usize, after: &Position| match place(index) {
            Some(place) if asked.descending => downwards(place) <= downwards(after.as_ref()),
            Some(place) => place <= after.as_ref(),
            None => false,
        };
        let start = asked.after.as_ref().map_or(0, |after| order.partition_point(|index| is_before(index, after)));
        let rest = order.iter().skip(start);
        let fitting =
            rest.filter_map(|index| self.entries.get(*index)).filter(|entry| asked.fits(entry) && kept(entry));
        let (all, one) = (asked.takes_all(), self.language_of_parts(asked));
        let fitting = fitting.filter(|entry| match one {
            Some(language) => entry.locale == language,
            None => all || self.is_chosen(&asked.languages, entry),
        });
        let mut found: Vec<&Arc<Entry>> = fitting.take(asked.limit + 1).collect();
        let more = found.len() > asked.limit;
        found.truncate(asked.limit);
        let next = found.last().filter(|_| more).map(|last| Position::of(last, asked.sort));
        (found, next)
    }
}

impl Entry {
    /// Where the entry stands in an order, without copying its key.
    fn position(&self, sort: Sort) -> (&[u8], Id) {
        (key(self, sort.index()), self.id)
    }
}

fn key(entry: &Entry, which: usize) -> &[u8] {
    entry.keys.get(which).map(Vec::as_slice).unwrap_or_default()
}

/// What sorts a place in a descending order: the rank, which is the key's first byte, still ascends.
fn downwards((key, id): (&[u8], Id)) -> (Option<u8>, Reverse<(&[u8], Id)>) {
    (key.first().copied(), Reverse((key, id)))
}
