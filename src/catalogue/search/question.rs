//! What somebody searches: words, kinds, and the facets of the lists.
//! Holds always: a parameter or a word that search does not know is refused; a cursor works for its own question only.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;

use super::plan::Group;
use super::{Index, Place, words};
use crate::catalogue::cursor;
use crate::catalogue::kinds::Kinds;
use crate::catalogue::language::Wanted;
use crate::catalogue::listing::{self, Asked};
use crate::database::Id;
use crate::http::code::Code;
use crate::http::page::PageQuery;
use crate::http::problem::Problem;
use crate::http::query;

/// How many characters somebody may search for.
pub(super) const MOST_LETTERS: usize = 200;
/// Orders and single ids belong to lists: search has its own order.
const OF_LISTS: [&str; 2] = ["sort", "id"];

/// What is searched.
#[derive(Debug, Clone)]
pub struct Question {
    /// The words; none means everything that fits the facets, by title.
    pub(super) words: Vec<String>,
    /// Kinds, singular; empty means any.
    pub(super) kinds: BTreeSet<&'static str>,
    /// Facets, languages and the size of the page.
    pub(super) asked: Asked,
    /// Whether anything was typed, be it words or not.
    pub(super) typed: bool,
    pub(super) after: Option<Position>,
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) group: Group,
    pub(super) place: Place,
}

impl Question {
    /// Reads the question of a request.
    ///
    /// # Errors
    /// 400 with a fault for each parameter that search does not have, or that cannot have its value.
    pub fn read(request: &HttpRequest, kinds: &Kinds) -> Result<Self, Problem> {
        let mut pairs = query::pairs(request)?;
        let page: PageQuery = query::take(&mut pairs)?;
        let asked = Asked::new(usize::try_from(page.limit.get()).unwrap_or(usize::MAX));
        let mut question = Self { words: Vec::new(), kinds: BTreeSet::new(), asked, typed: false, after: None };
        let mut rest = Vec::new();
        for (name, value) in pairs {
            match question.take(&name, &value, kinds) {
                Some(true) => {}
                Some(false) => return Err(wrong_value(&name, kinds)),
                None => rest.push((name, value)),
            }
        }
        query::finish(&rest)?;
        if let Some(cursor) = page.cursor {
            let opened = question.open(&cursor).ok_or_else(|| Problem::new(Code::InvalidCursor))?;
            (question.asked.languages, question.after) = (opened.0, Some(opened.1));
        }
        Ok(question)
    }

    /// Settles in which language an item is found that is there in several: in those that the first page began with, else in
    /// those wanted now.
    pub fn prefer(&mut self, headers: &HeaderMap, index: &Index) {
        let wanted = Wanted::of(headers, self.asked.lang.take().as_deref());
        if self.after.is_none() {
            self.asked.languages = wanted.among(&index.locales);
        }
    }

    /// Takes one parameter, in the manner of [`Asked::take`].
    fn take(&mut self, name: &str, value: &str, kinds: &Kinds) -> Option<bool> {
        match name {
            "q" => {
                let first = !std::mem::replace(&mut self.typed, true);
                self.words = words::of(value);
                Some(first && !value.is_empty() && value.chars().count() <= MOST_LETTERS)
            }
            "kind" => {
                let found = known(kinds).find(|kind| *kind == value);
                self.kinds.extend(found);
                Some(found.is_some())
            }
            _ if OF_LISTS.contains(&name) => None,
            _ => self.asked.take(name, value, None),
        }
    }

    /// The cursor that goes on after `position`.
    pub(super) fn cursor(&self, position: &Position) -> String {
        let mut bytes = self.asked.languages.join(",").into_bytes();
        bytes.extend([0, position.group.to_byte()]);
        bytes.extend_from_slice(position.place.id.as_bytes());
        bytes.extend_from_slice(&position.place.title);
        self.with_question(|question| cursor::write(question, &bytes))
    }

    fn open(&self, text: &str) -> Option<(Vec<String>, Position)> {
        let bytes = self.with_question(|question| cursor::read(question, text))?;
        let end = bytes.iter().position(|byte| *byte == 0)?;
        let (languages, rest) = (std::str::from_utf8(bytes.get(..end)?).ok()?, bytes.get(end + 1..)?);
        let languages = languages.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let (group, rest) = rest.split_first()?;
        let (id, title) = rest.split_first_chunk::<16>()?;
        let place = Place { title: title.to_vec(), id: Id::from_bytes(*id) };
        Some((languages, Position { group: Group::from_byte(*group)?, place }))
    }

    /// What tells this question from others, whatever its limit.
    fn with_question<T>(&self, use_it: impl FnOnce(&[&[u8]]) -> T) -> T {
        let facets = self.asked.words.to_bytes();
        let mut question: Vec<&[u8]> = vec![b"search", &facets, if self.typed { b"q" } else { b"-" }];
        question.extend(self.words.iter().map(String::as_bytes));
        question.push(b"kinds");
        question.extend(self.kinds.iter().map(|kind| kind.as_bytes()));
        question.push(b"locales");
        question.extend(self.asked.locales.iter().map(String::as_bytes));
        use_it(&question)
    }
}

/// Every kind that can be found, singular.
fn known(kinds: &Kinds) -> impl Iterator<Item = &'static str> {
    kinds.all().filter(|kind| kind.is_found).flat_map(|kind| [Some(kind.singular), kind.part]).flatten()
}

fn wrong_value(name: &str, kinds: &Kinds) -> Problem {
    let detail = match name {
        "q" => format!("1 to {MOST_LETTERS} characters, and once."),
        "kind" => format!("One of: {}.", known(kinds).collect::<Vec<_>>().join(", ")),
        _ => return listing::wrong_value(name),
    };
    Problem::new(Code::InvalidQuery).at(format!("?{name}"), "wrong_value", detail)
}
