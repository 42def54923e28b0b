//! What a question means to the index of one language: expressions from the best kind of match to the last resort.
//! Holds always: what a later expression finds, an earlier one did not; whether an item fits depends on its own words only,
//! so that its place among the others stays when something else is published.

use diesel::QueryResult;

use super::language::{Language, Reader};

/// How words may fit, the best first. Each takes in what fits better.
const TIERS: u8 = 4;
/// All words as they were typed.
const EXACT: u8 = 0;
/// Or with another ending.
const STEM: u8 = 1;
/// Or the last one as the beginning of a word.
const PREFIX: u8 = 2;
/// Or a word that nobody wrote as one that is a slip away.
const NEAR: u8 = 3;
/// Not all words, but all except one.
const MOST: u8 = TIERS;

/// Where the words stand, the best first.
const PLACES: [&str; 3] = ["{title} : ", "{title summary} : ", ""];

/// A shorter beginning fits too much to mean anything.
const SHORTEST_PREFIX: usize = 2;

/// A kind of match: how the words fit and where they stand. Sorts from the best to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    /// Whether these are the rows of a lower rank, which come after all others however well they fit.
    pub(super) is_last_rank: bool,
    tier: u8,
    place: u8,
}

impl Group {
    pub(super) const FIRST: Self = Self { is_last_rank: false, tier: EXACT, place: 0 };

    /// Every group in order.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        [false, true].into_iter().flat_map(|is_last_rank| {
            let group = move |tier, place| Self { is_last_rank, tier, place };
            (EXACT..TIERS).flat_map(move |tier| (0_u8..3).map(move |place| group(tier, place))).chain([group(MOST, 0)])
        })
    }

    pub(super) const fn to_byte(self) -> u8 {
        if self.is_last_rank { 64 + self.tier * 8 + self.place } else { self.tier * 8 + self.place }
    }

    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        Self::all().find(|group| group.to_byte() == byte)
    }
}

/// One word of the question and what may stand for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    typed: String,
    stems: Vec<String>,
    is_last: bool,
    near: Vec<String>,
}

impl Word {
    /// The word with its stems. Which words are near is added once it is known that nobody wrote this one.
    pub(super) fn new(typed: &str, is_last: bool, language: &Language, reader: &mut Reader) -> QueryResult<Self> {
        let stems = language.same_stem(reader, typed)?.into_iter().map(str::to_owned).collect();
        Ok(Self { typed: typed.to_owned(), stems, is_last, near: Vec::new() })
    }

    /// Whether some row that is wanted has this word, in any form that is no slip.
    pub(super) fn is_known(&self, reader: &mut Reader) -> QueryResult<bool> {
        reader.any(&self.expression(PREFIX))
    }

    pub(super) fn mistyped(&mut self, language: &Language) {
        self.near = language.vocabulary.near(&self.typed).into_iter().map(str::to_owned).collect();
    }

    fn has_prefix(&self) -> bool {
        self.is_last && self.typed.chars().count() >= SHORTEST_PREFIX
    }

    /// Whether `tier` adds anything to the tiers before it.
    fn widens(&self, tier: u8) -> bool {
        match tier {
            STEM => !self.stems.is_empty(),
            PREFIX => self.has_prefix(),
            NEAR => !self.near.is_empty(),
            _ => true,
        }
    }

    /// Whether this word is meant by a word of a text that was found in `group`.
    pub(super) fn stands_for(&self, word: &str, group: Group) -> bool {
        let is = |form: &String| form == word;
        is(&self.typed)
            || self.stems.iter().any(is)
            || (self.has_prefix() && word.starts_with(&self.typed))
            || (group.tier >= NEAR && self.near.iter().any(is))
    }

    fn expression(&self, tier: u8) -> String {
        let mut forms = vec![quoted(&self.typed)];
        if tier >= STEM {
            forms.extend(self.stems.iter().map(|word| quoted(word)));
        }
        if tier >= PREFIX && self.has_prefix() {
            forms.push(format!("{} *", quoted(&self.typed)));
        }
        if tier >= NEAR {
            forms.extend(self.near.iter().map(|word| quoted(word)));
        }
        format!("({})", forms.join(" OR "))
    }
}

/// Words are letters and digits, so that no quote needs doubling.
fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

/// The expressions of a question in one language.
#[derive(Debug)]
pub(super) struct Plan {
    words: Vec<Word>,
}

impl Plan {
    pub(super) const fn new(words: Vec<Word>) -> Self {
        Self { words }
    }

    /// The expression of a group without what better groups find; nothing when better groups find all of it.
    pub(super) fn expression(&self, group: Group) -> Option<String> {
        if group.tier == MOST {
            return self.all_but_one().map(|expression| format!("({expression}) NOT ({})", self.all(NEAR)));
        }
        if group.tier > EXACT && !self.words.iter().any(|word| word.widens(group.tier)) {
            return None;
        }
        let all = self.all(group.tier);
        let place = PLACES.get(usize::from(group.place))?;
        let mut expression = if place.is_empty() { all.clone() } else { format!("{place} ({all})") };
        if let Some(better) = usize::from(group.place).checked_sub(1).and_then(|place| PLACES.get(place)) {
            expression = format!("({expression}) NOT ({better} ({all}))");
        }
        if let Some(better) = group.tier.checked_sub(1) {
            expression = format!("({expression}) NOT ({})", self.all(better));
        }
        Some(expression)
    }

    /// The words, to see where they stand in a text.
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// All words, each as `tier` lets it fit.
    fn all(&self, tier: u8) -> String {
        self.words.iter().map(|word| word.expression(tier)).collect::<Vec<_>>().join(" AND ")
    }

    fn all_but_one(&self) -> Option<String> {
        let forms: Vec<String> = self.words.iter().map(|word| word.expression(NEAR)).collect();
        let without = |left_out: usize| {
            let others = forms.iter().enumerate().filter(|(number, _)| *number != left_out);
            format!("({})", others.map(|(_, form)| form.as_str()).collect::<Vec<_>>().join(" AND "))
        };
        (forms.len() > 1).then(|| (0..forms.len()).map(without).collect::<Vec<_>>().join(" OR "))
    }
}
