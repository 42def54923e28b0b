//! The published items of one kind in one view, ready to be answered, in every order that a list offers.
//! Holds always: a shelf never changes; what may not be seen in its view was never put on it.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::facets::Words;
use super::listing::{Asked, Position, Sort};
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
    pub words: Words,
    /// Where it stands in each order of [`Sort`].
    pub keys: [Vec<u8>; Sort::COUNT],
    pub summary: Box<RawValue>,
    pub full: Rendered,
}

/// What the orders of an entry are made from.
pub struct Standing<'a> {
    /// Position among the parts of its item; 0 for items.
    pub position: usize,
    /// The title of the item that it is a part of, or its own.
    pub leading_title: &'a str,
    pub title: &'a str,
    pub minutes: Option<i32>,
    pub published_at: Timestamp,
}

impl Standing<'_> {
    /// Keys that sort as bytes, in the order of [`Sort`].
    #[must_use]
    pub fn keys(&self) -> [Vec<u8>; Sort::COUNT] {
        let mut natural = self.leading_title.to_lowercase().into_bytes();
        natural.push(0);
        natural.extend_from_slice(&self.position.to_be_bytes());
        let minutes = self.minutes.map_or(u32::MAX, i32::unsigned_abs);
        // Instants before 1970 do not occur, so that the sign needs no care.
        let published = self.published_at.as_micros().to_be_bytes().to_vec();
        [natural, self.title.to_lowercase().into_bytes(), minutes.to_be_bytes().to_vec(), published]
    }
}

/// All entries of one kind in one view.
#[derive(Debug, Default)]
pub struct Shelf {
    entries: Vec<Arc<Entry>>,
    ids: HashMap<Id, usize>,
    slugs: HashMap<String, usize>,
    orders: [Vec<usize>; Sort::COUNT],
}

impl Shelf {
    #[must_use]
    pub fn new(entries: Vec<Arc<Entry>>) -> Self {
        let mut shelf = Self::default();
        for (index, entry) in entries.iter().enumerate() {
            shelf.ids.insert(entry.id, index);
            // Parts have slugs of their own item only, so they are found by id.
            if entry.parent.is_none() {
                shelf.slugs.entry(entry.slug.clone()).or_insert(index);
            }
        }
        for (which, order) in shelf.orders.iter_mut().enumerate() {
            *order = (0..entries.len()).collect();
            order.sort_by_key(|index| entries.get(*index).map(|entry| (entry.keys.get(which), entry.id)));
        }
        shelf.entries = entries;
        shelf
    }

    #[must_use]
    pub fn by_id(&self, id: Id) -> Option<&Arc<Entry>> {
        self.entries.get(*self.ids.get(&id)?)
    }

    /// The entry with this id or slug.
    #[must_use]
    pub fn find(&self, id_or_slug: &str) -> Option<&Arc<Entry>> {
        match id_or_slug.parse::<Id>() {
            Ok(id) => self.by_id(id),
            Err(_) => self.entries.get(*self.slugs.get(id_or_slug)?),
        }
    }

    #[must_use]
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// The entries that fit, in the order asked for, after the position asked for; and where the next page starts.
    #[must_use]
    pub fn page(&self, asked: &Asked) -> (Vec<&Arc<Entry>>, Option<Position>) {
        let order = self.orders.get(asked.sort.index()).map(Vec::as_slice).unwrap_or_default();
        let place = |index: &usize| self.entries.get(*index).map(|entry| entry.position(asked.sort));
        let rest: Box<dyn Iterator<Item = &usize>> = match (&asked.after, asked.descending) {
            (None, false) => Box::new(order.iter()),
            (None, true) => Box::new(order.iter().rev()),
            (Some(after), false) => {
                let start = order.partition_point(|index| place(index).is_some_and(|place| place <= after.as_ref()));
                Box::new(order.iter().skip(start))
            }
            (Some(after), true) => {
                let end = order.partition_point(|index| place(index).is_some_and(|place| place < after.as_ref()));
                Box::new(order.iter().take(end).rev())
            }
        };
        let fitting = rest.filter_map(|index| self.entries.get(*index)).filter(|entry| asked.fits(entry));
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
        (self.keys.get(sort.index()).map(Vec::as_slice).unwrap_or_default(), self.id)
    }
}
