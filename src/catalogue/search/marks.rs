//! Where the words of a question stand in a found text, as pieces of plain text.
//! Holds always: the pieces put together are the text, or a run of its words; no piece is markup.
//!
//! FTS5's `highlight` would do this, but loses marks in expressions with NOT (SQLite 3.40 to 3.53).

use serde::Serialize;
use utoipa::ToSchema;

use super::hit::SearchHighlights;
use super::language::Texts;
use super::plan::{Group, Word};
use super::words;

/// How many words of a long text are shown.
const SNIPPET_WORDS: usize = 24;
/// How many of them come before what was found.
const WORDS_BEFORE: usize = 6;

/// A piece of plain text.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct SearchPiece {
    #[schema(max_length = 20_000, example = "Say it while it is ")]
    text: String,
    /// Whether this piece is what was searched for.
    found: bool,
}

/// Tells which words of a text a question found.
pub(super) struct Marks<'a> {
    words: &'a [Word],
    group: Group,
}

impl<'a> Marks<'a> {
    pub(super) const fn new(words: &'a [Word], group: Group) -> Self {
        Self { words, group }
    }

    fn finds(&self, word: &str) -> bool {
        let folded = words::folded(word);
        self.words.iter().any(|asked| asked.stands_for(&folded, self.group))
    }

    /// In all the texts of a row.
    pub(super) fn of(&self, texts: &Texts) -> SearchHighlights {
        SearchHighlights {
            title: self.whole(&texts.title),
            summary: self.whole(&texts.summary),
            text: self.around(&texts.body),
        }
    }

    /// The whole text.
    pub(super) fn whole(&self, text: &str) -> Vec<SearchPiece> {
        self.pieces(&runs(text))
    }

    /// Some words around the first that was found; none when none was.
    pub(super) fn around(&self, text: &str) -> Vec<SearchPiece> {
        let runs = runs(text);
        let Some(first) = runs.iter().position(|run| is_word(run) && self.finds(run)) else { return Vec::new() };
        // Words and what stands between them take turns.
        let begin = first.saturating_sub(2 * WORDS_BEFORE);
        let end = runs.len().min(begin + 2 * SNIPPET_WORDS);
        let mut shown: Vec<&str> = runs.get(begin..end).unwrap_or_default().to_vec();
        if begin > 0 {
            shown.insert(0, "… ");
        }
        if end < runs.len() {
            shown.push("…");
        }
        self.pieces(&shown)
    }

    fn pieces(&self, runs: &[&str]) -> Vec<SearchPiece> {
        let mut pieces: Vec<SearchPiece> = Vec::new();
        for run in runs {
            let found = is_word(run) && self.finds(run);
            match pieces.last_mut() {
                Some(last) if last.found == found => last.text.push_str(run),
                _ => pieces.push(SearchPiece { text: (*run).to_owned(), found }),
            }
        }
        pieces
    }
}

/// The text cut into words and what stands between them.
fn runs(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = first.is_alphanumeric();
        let end = rest.find(|letter: char| letter.is_alphanumeric() != word).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        runs.push(run);
        rest = after;
    }
    runs
}

fn is_word(run: &str) -> bool {
    run.chars().next().is_some_and(char::is_alphanumeric)
}
