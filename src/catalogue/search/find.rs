//! Pages of what is found: group after group until the page is full.
//! Holds always: only rows in the reader's sight are looked at; the next page begins after the last row of this one, whatever
//! was published in between.

use std::collections::HashSet;
use std::sync::Arc;

use diesel::QueryResult;

use super::hit::{SearchHighlights, SearchHit};
use super::language::{Language, Reader, Wanted};
use super::marks::Marks;
use super::plan::{Group, Plan, Word};
use super::question::{Position, Question};
use super::{Index, Row, language_of, slot};
use crate::catalogue::language::chooses;
use crate::catalogue::shelf::Entry;
use crate::catalogue::{Sight, Snapshot, View};
use crate::http::page::Page;

/// A page of hits.
pub type Found = Page<SearchHit>;

/// One row that is shown.
struct Hit {
    group: Group,
    number: i64,
    highlights: SearchHighlights,
}

/// A language that is searched: what the words mean to it, and a connection.
struct Searched<'a> {
    language: &'a Language,
    plan: Plan,
    reader: Reader,
}

impl Index {
    /// The page that `question` asks for, as `sight` sees it. `snapshot` is the one that this index is of. Blocks for a
    /// moment.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn find(&self, sight: &Sight, snapshot: &Snapshot, question: &Question) -> QueryResult<Found> {
        let most = question.asked.limit + 1;
        let mut hits =
            if question.typed { self.by_words(sight, question, most)? } else { self.by_title(sight, question, most) };
        let more = hits.len() > question.asked.limit;
        hits.truncate(question.asked.limit);
        let next = hits.last().filter(|_| more).and_then(|last| {
            let place = self.row(last.number)?.place.clone();
            Some(question.cursor(&Position { group: last.group, place }))
        });
        let shown = |hit: Hit| SearchHit::of(sight, snapshot, self.row(hit.number)?.entry(sight.view)?, hit.highlights);
        Ok(Page { items: hits.into_iter().filter_map(shown).collect(), next_cursor: next })
    }

    fn by_title(&self, sight: &Sight, question: &Question, most: usize) -> Vec<Hit> {
        let after = self.after(question.after.as_ref());
        let fitting = (after + 1..).zip(self.rows.iter().skip(usize::try_from(after + 1).unwrap_or_default()));
        let fitting = fitting.filter(|(_, row)| row.fits(sight, question));
        let hit = |(number, row): (i64, &Row)| {
            let title = Marks::new(&[], Group::FIRST).whole(row.entry(sight.view).map_or("", |entry| &entry.title));
            Hit { group: Group::FIRST, number, highlights: SearchHighlights { title, ..SearchHighlights::default() } }
        };
        fitting.take(most).map(hit).collect()
    }

    fn by_words(&self, sight: &Sight, question: &Question, most: usize) -> QueryResult<Vec<Hit>> {
        let [first, last] = [false, true].map(|last_rank| self.wanted(sight, question, Some(last_rank)));
        let mut searched = self.searched(&self.wanted(sight, question, None), question)?;
        let mut hits: Vec<Hit> = Vec::new();
        let (begin, end) = match &question.after {
            Some(position) => (position.group, self.after(Some(position))),
            None => (Group::FIRST, -1),
        };
        for group in Group::all().filter(|group| *group >= begin && (self.is_ranked || !group.is_last_rank)) {
            let wanted = if group.is_last_rank { &last } else { &first };
            let (after, missing) = (if group == begin { end } else { -1 }, most - hits.len());
            let mut found: Vec<Hit> = Vec::new();
            for one in &mut searched {
                if let Some(expression) = one.plan.expression(group) {
                    one.reader.wants(wanted);
                    let numbers = one.reader.find(&expression, after, missing)?;
                    let marks = Marks::new(one.plan.words(), group);
                    found.extend(numbers.into_iter().filter_map(|number| {
                        let highlights = marks.of(&self.row(number)?.texts()?);
                        Some(Hit { group, number, highlights })
                    }));
                }
            }
            found.sort_by_key(|hit| hit.number);
            found.truncate(missing);
            hits.append(&mut found);
            if hits.len() == most {
                break;
            }
        }
        for one in searched {
            one.language.put_back(one.reader);
        }
        Ok(hits)
    }

    /// The languages asked for, and what the words mean to each.
    fn searched(&self, wanted: &Wanted, question: &Question) -> QueryResult<Vec<Searched<'_>>> {
        let Some(last) = question.words.len().checked_sub(1) else { return Ok(Vec::new()) };
        let asked: HashSet<&str> = question.asked.locales.iter().map(|locale| language_of(locale)).collect();
        let languages = self.languages.iter().filter(|one| asked.is_empty() || asked.contains(one.tag.as_str()));
        let mut found = Vec::new();
        for language in languages {
            let mut reader = language.reader()?;
            reader.wants(wanted);
            let words = question.words.iter().enumerate();
            let words = words.map(|(number, word)| Word::new(word, number == last, language, &mut reader));
            found.push((language, words.collect::<QueryResult<Vec<_>>>()?, reader));
        }
        // A word that somebody wrote, in any of the languages, was meant.
        for number in 0..=last {
            let mut is_known = false;
            for (_, words, reader) in &mut found {
                is_known = is_known || words.get(number).map_or(Ok(false), |word| word.is_known(reader))?;
            }
            if !is_known {
                let words =
                    found.iter_mut().filter_map(|(language, words, _)| Some((language, words.get_mut(number)?)));
                words.for_each(|(language, word)| word.mistyped(language));
            }
        }
        let plan = |(language, words, reader)| Searched { language, plan: Plan::new(words), reader };
        Ok(found.into_iter().map(plan).collect())
    }

    /// Decides inside the index which rows this question may find, of one rank or of any.
    fn wanted(&self, sight: &Sight, question: &Question, last_rank: Option<bool>) -> Wanted {
        let (rows, sight, question) = (Arc::clone(&self.rows), sight.clone(), question.clone());
        let of_rank = move |row: &Row| last_rank.is_none_or(|last_rank| row.is_of_last_rank() == last_rank);
        Arc::new(move |number| row_of(&rows, number).is_some_and(|row| of_rank(row) && row.fits(&sight, &question)))
    }

    /// The number of the last row that is not after `position`; -1 when all are.
    fn after(&self, position: Option<&Position>) -> i64 {
        let before = |position: &Position| self.rows.partition_point(|row| row.place <= position.place);
        position.and_then(|position| i64::try_from(before(position)).ok()).map_or(-1, |count| count - 1)
    }

    fn row(&self, number: i64) -> Option<&Row> {
        row_of(&self.rows, number)
    }
}

fn row_of(rows: &[Row], number: i64) -> Option<&Row> {
    rows.get(usize::try_from(number).ok()?)
}

impl Row {
    fn fits(&self, sight: &Sight, question: &Question) -> bool {
        let kind = question.kinds.is_empty() || question.kinds.contains(self.kind);
        let tongues = self.tongues.get(slot(sight.view)).map(Vec::as_slice).unwrap_or_default();
        let is_chosen =
            |entry: &Entry| question.asked.takes_all() || chooses(tongues, &question.asked.languages, entry);
        let fits = |entry: &Arc<Entry>| question.asked.fits(entry) && is_chosen(entry) && sight.lists(entry);
        kind && self.entry(sight.view).is_some_and(fits)
    }

    /// Whether it comes after all others, however well it fits.
    pub(super) fn is_of_last_rank(&self) -> bool {
        self.place.title.first().is_some_and(|rank| *rank > 0)
    }

    /// Its language, in each view.
    pub(super) fn locales(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().flatten().map(|entry| entry.locale.as_str())
    }

    /// What the view shows of this row.
    fn entry(&self, view: View) -> Option<&Arc<Entry>> {
        self.entries.get(slot(view))?.as_ref()
    }
}
