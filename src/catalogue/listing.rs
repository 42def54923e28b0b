//! What a list is asked for: facets, ids, an order, and the position after which to go on.
//! Holds always: a parameter or a word that the list does not know is refused; a cursor works for its own question only.

use std::collections::BTreeSet;

use super::cursor;
use super::facets::{FACETS, Words};
use super::kind::{ANY, Filter};
use super::language::Wanted;
use super::shelf::{Entry, Shelf};
use crate::database::Id;
use crate::http::code::Code;
use crate::http::page::{MAX_LIMIT, PageQuery};
use crate::http::problem::Problem;
use crate::http::query;
use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;

/// The orders that a list offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    /// By title; parts by their item's title, then by position.
    #[default]
    Natural,
    Title,
    Minutes,
    PublishedAt,
}

impl Sort {
    /// How many orders there are.
    pub const COUNT: usize = 4;
    /// The orders that a request can name, each also with `-` in front.
    pub const NAMED: [(&'static str, Self); 3] =
        [("title", Self::Title), ("minutes", Self::Minutes), ("published_at", Self::PublishedAt)];

    /// The place of this order's key in [`Entry::keys`].
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Natural => 0,
            Self::Title => 1,
            Self::Minutes => 2,
            Self::PublishedAt => 3,
        }
    }
}

/// Where a page ended: the key of its last entry in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    key: Vec<u8>,
    id: Id,
}

impl Position {
    #[must_use]
    pub fn of(entry: &Entry, sort: Sort) -> Self {
        Self { key: entry.keys.get(sort.index()).cloned().unwrap_or_default(), id: entry.id }
    }

    #[must_use]
    pub fn as_ref(&self) -> (&[u8], Id) {
        (&self.key, self.id)
    }
}

/// A list's question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    pub words: Words,
    pub ids: BTreeSet<Id>,
    pub locales: BTreeSet<String>,
    /// Ids or slugs of the items whose parts are wanted.
    pub parents: BTreeSet<String>,
    /// Words asked of the kind's own filters, each with its parameter.
    pub filters: BTreeSet<(&'static str, String)>,
    pub sort: Sort,
    pub descending: bool,
    pub limit: usize,
    pub after: Option<Position>,
    /// The languages to look for, the best first; see [`Asked::prefer`].
    pub languages: Vec<String>,
    /// The language that the address names.
    pub(super) lang: Option<String>,
}

impl Asked {
    /// Reads the question. `list` names the list, `parent` the parameter by which parts are filtered by their item, `own`
    /// the filters that only this list has.
    pub fn read(request: &HttpRequest, list: &str, parent: Option<&str>, own: &[Filter]) -> Result<Self, Problem> {
        let mut pairs = query::pairs(request)?;
        let page: PageQuery = query::take(&mut pairs)?;
        let mut asked = Self::new(usize::try_from(page.limit.get()).unwrap_or(usize::MAX));
        let mut rest = Vec::new();
        for (name, value) in pairs {
            let taken = match own.iter().find(|filter| filter.parameter == name) {
                Some(filter) => Some((filter.takes)(&value) && asked.filter(filter.parameter, &value)),
                None => asked.take(&name, &value, parent),
            };
            match taken {
                Some(true) => {}
                Some(false) => return Err(wrong_value(&name)),
                None => rest.push((name, value)),
            }
        }
        query::finish(&rest)?;
        if let Some(cursor) = page.cursor {
            let (languages, position) = asked.open(list, &cursor).ok_or_else(|| Problem::new(Code::InvalidCursor))?;
            (asked.languages, asked.after) = (languages, Some(position));
        }
        Ok(asked)
    }

    fn filter(&mut self, parameter: &'static str, word: &str) -> bool {
        self.filters.insert((parameter, word.to_owned()));
        self.filters.len() <= 60
    }

    /// Everything, in the natural order.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            words: Words::default(),
            ids: BTreeSet::new(),
            locales: BTreeSet::new(),
            parents: BTreeSet::new(),
            filters: BTreeSet::new(),
            sort: Sort::default(),
            descending: false,
            limit,
            after: None,
            languages: Vec::new(),
            lang: None,
        }
    }

    /// Takes one parameter. `None`: the list has none of that name. `Some(false)`: it cannot have that value.
    pub(super) fn take(&mut self, name: &str, value: &str, parent: Option<&str>) -> Option<bool> {
        match name {
            "id" => Some(value.parse().is_ok_and(|id| {
                self.ids.insert(id);
                self.ids.len() <= usize::try_from(MAX_LIMIT).unwrap_or(usize::MAX)
            })),
            "locale" => {
                self.locales.insert(value.to_owned());
                Some((2..=16).contains(&value.len()) && self.locales.len() <= 20)
            }
            "lang" => Some((2..=35).contains(&value.len()) && self.lang.replace(value.to_owned()).is_none()),
            "sort" => Some(self.sort == Sort::Natural && self.sort_by(value)),
            _ if parent == Some(name) => {
                self.parents.insert(value.to_owned());
                Some(!value.is_empty() && value.len() <= 60 && self.parents.len() <= 20)
            }
            _ => self.words.ask(name, value),
        }
    }

    fn sort_by(&mut self, value: &str) -> bool {
        let (name, descending) = value.strip_prefix('-').map_or((value, false), |name| (name, true));
        let found = Sort::NAMED.iter().find(|(known, _)| *known == name);
        self.descending = descending;
        self.sort = found.map_or(self.sort, |(_, sort)| *sort);
        found.is_some()
    }

    /// Settles in which languages the list is shown: those that the first page began with, else those wanted now. So a list
    /// stays the same from page to page, whatever is published or wished for meanwhile.
    pub fn prefer(&mut self, headers: &HeaderMap, list: &Shelf) {
        let wanted = Wanted::of(headers, self.lang.take().as_deref());
        if self.after.is_none() {
            self.languages = list.languages(&wanted);
        }
    }

    /// Whether every language is asked for: certain items, or certain languages.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        !(self.ids.is_empty() && self.locales.is_empty())
            || self.parents.iter().any(|parent| parent.parse::<Id>().is_ok())
    }

    /// Whether an entry is asked for.
    #[must_use]
    pub fn fits(&self, entry: &Entry) -> bool {
        self.words.fits(&entry.words)
            && (self.ids.is_empty() || self.ids.contains(&entry.id))
            && (self.locales.is_empty() || self.locales.contains(&entry.locale))
            && self.fits_filters(entry)
            && (self.parents.is_empty()
                || entry
                    .parent
                    .as_ref()
                    .is_some_and(|(id, slug)| self.parents.contains(slug) || self.parents.contains(&id.to_string())))
    }

    /// Whether an entry has, for each filter asked for, one of the words, or the one that fits any.
    fn fits_filters(&self, entry: &Entry) -> bool {
        self.filters.iter().all(|(parameter, _)| {
            let own = entry.filtered_by.iter().filter(|(known, _)| known == parameter);
            own.into_iter().any(|(_, word)| word == ANY || self.filters.contains(&(*parameter, word.clone())))
        })
    }

    /// The cursor that goes on after `position`.
    #[must_use]
    pub fn cursor(&self, list: &str, position: &Position) -> String {
        let mut bytes = self.languages.join(",").into_bytes();
        bytes.push(0);
        bytes.extend_from_slice(position.id.as_bytes());
        bytes.extend_from_slice(&position.key);
        self.with_question(list, |question| cursor::write(question, &bytes))
    }

    fn open(&self, list: &str, text: &str) -> Option<(Vec<String>, Position)> {
        let bytes = self.with_question(list, |question| cursor::read(question, text))?;
        let end = bytes.iter().position(|byte| *byte == 0)?;
        let (languages, rest) = (std::str::from_utf8(bytes.get(..end)?).ok()?, bytes.get(end + 1..)?);
        let (id, key) = rest.split_first_chunk::<16>()?;
        let languages = languages.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Some((languages, Position { key: key.to_vec(), id: Id::from_bytes(*id) }))
    }

    /// What tells this question from others, whatever its limit.
    fn with_question<T>(&self, list: &str, use_it: impl FnOnce(&[&[u8]]) -> T) -> T {
        let (words, order) = (self.words.to_bytes(), self.sort.index().to_be_bytes());
        let mut question: Vec<&[u8]> = vec![list.as_bytes(), &words, &order, if self.descending { b"-" } else { b"+" }];
        question.extend(self.locales.iter().chain(&self.parents).map(String::as_bytes));
        question.extend(self.filters.iter().flat_map(|(parameter, word)| [parameter.as_bytes(), word.as_bytes()]));
        question.extend(self.ids.iter().map(|id| id.as_bytes().as_slice()));
        use_it(&question)
    }
}

/// The refusal of a parameter whose value it cannot have.
pub(super) fn wrong_value(name: &str) -> Problem {
    let allowed = FACETS.iter().find(|facet| facet.parameter == name).map(|facet| facet.words.join(", "));
    let detail = match allowed {
        Some(words) => format!("One of: {words}."),
        None if name == "sort" => {
            "One of: title, minutes, published_at, each also with - in front, and once.".to_owned()
        }
        None => "Not a value that this parameter can have, or too many of them.".to_owned(),
    };
    Problem::new(Code::InvalidQuery).at(format!("?{name}"), "wrong_value", detail)
}
