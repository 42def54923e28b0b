//! Facets: the words by which items are found, each list packed into the bits of a number.
//! Holds always: an item fits a filter when, for each facet asked for, it has one of the words; no facet asked fits all.

use std::sync::LazyLock;

use super::document::Header;
use super::vocabulary::{
    Audience, ContactLevel, ContentWarning, Contraindication, Effort, EvidenceGrade, Nudge, ReviewStatus, Situation,
    Stance, Topic,
};

/// One facet: its query parameter, named like the member that it looks at.
pub struct Facet {
    pub parameter: &'static str,
    pub about: &'static str,
    /// Every word, at most 64.
    pub words: Vec<&'static str>,
    of: fn(&Header) -> Vec<&'static str>,
    /// A word that stands for all of them when an item has it.
    joker: Option<&'static str>,
}

/// How many facets there are.
pub const COUNT: usize = 11;

/// Which words an item has, or which a filter asks for: one number a facet, one bit a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Words([u64; COUNT]);

fn facet<T: Copy>(
    parameter: &'static str,
    about: &'static str,
    all: &[T],
    word: fn(T) -> &'static str,
    of: fn(&Header) -> Vec<&'static str>,
) -> Facet {
    Facet { parameter, about, words: words(all, word), of, joker: None }
}

/// Every facet, in the order of the document.
pub static FACETS: LazyLock<[Facet; COUNT]> = LazyLock::new(|| {
    [
        facet("stance", "Where the advice points.", Stance::ALL, Stance::as_str, |it| {
            words(&it.stance, Stance::as_str)
        }),
        facet("nudges", "What it pushes towards.", Nudge::ALL, Nudge::as_str, |it| words(&it.nudges, Nudge::as_str)),
        facet("topics", "What it is about.", Topic::ALL, Topic::as_str, |it| words(&it.topics, Topic::as_str)),
        facet("situations", "Which situation it fits.", Situation::ALL, Situation::as_str, |it| {
            words(&it.situations, Situation::as_str)
        }),
        Facet {
            joker: Some(Audience::Everyone.as_str()),
            ..facet(
                "audience",
                "Who is spoken to; what speaks to everyone fits any.",
                Audience::ALL,
                Audience::as_str,
                |it| words(&it.audience, Audience::as_str),
            )
        },
        facet("contact", "Which state of contact it fits.", ContactLevel::ALL, ContactLevel::as_str, |it| {
            words(&it.contact, ContactLevel::as_str)
        }),
        facet("effort", "How much it asks of a person.", Effort::ALL, Effort::as_str, |it| {
            words(&it.effort, Effort::as_str)
        }),
        facet("evidence", "What it rests on.", EvidenceGrade::ALL, EvidenceGrade::as_str, |it| {
            words(&it.evidence, EvidenceGrade::as_str)
        }),
        facet("content_warnings", "What it warns of.", ContentWarning::ALL, ContentWarning::as_str, |it| {
            words(&it.content_warnings, ContentWarning::as_str)
        }),
        facet("contraindications", "For whom it is wrong.", Contraindication::ALL, Contraindication::as_str, |it| {
            words(&it.contraindications, Contraindication::as_str)
        }),
        facet("review_status", "Whether it was reviewed.", ReviewStatus::ALL, ReviewStatus::as_str, |it| {
            vec![it.review.status.as_str()]
        }),
    ]
});

fn words<'a, T: Copy + 'a>(values: impl IntoIterator<Item = &'a T>, word: fn(T) -> &'static str) -> Vec<&'static str> {
    values.into_iter().copied().map(word).collect()
}

/// The words of an item.
#[must_use]
pub fn of(header: &Header) -> Words {
    let mut found = Words::default();
    for (facet, bits) in FACETS.iter().zip(&mut found.0) {
        let words = (facet.of)(header);
        let all = facet.joker.is_some_and(|joker| words.contains(&joker));
        *bits =
            if all { u64::MAX } else { words.iter().filter_map(|word| bit(facet, word)).fold(0, |all, one| all | one) };
    }
    found
}

impl Words {
    /// Adds `word` to what is asked of the facet called `parameter`. `None`: no facet has that name. `Some(false)`: the
    /// facet has no such word.
    pub fn ask(&mut self, parameter: &str, word: &str) -> Option<bool> {
        let (facet, bits) = FACETS.iter().zip(&mut self.0).find(|(facet, _)| facet.parameter == parameter)?;
        let bit = bit(facet, word);
        *bits |= bit.unwrap_or(0);
        Some(bit.is_some())
    }

    /// Whether an item with the words of `item` fits what is asked here.
    #[must_use]
    pub fn fits(&self, item: &Self) -> bool {
        self.0.iter().zip(&item.0).all(|(asked, there)| *asked == 0 || asked & there != 0)
    }

    /// Whether there is any word of this facet.
    #[must_use]
    pub fn says(&self, parameter: &str) -> bool {
        FACETS.iter().zip(&self.0).any(|(facet, bits)| facet.parameter == parameter && *bits != 0)
    }

    /// Whether an item with the words of `item` has any of these.
    #[must_use]
    pub fn touches(&self, item: &Self) -> bool {
        self.0.iter().zip(&item.0).any(|(these, there)| these & there != 0)
    }

    /// The bytes of the filter, for a cursor's fingerprint.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|bits| bits.to_be_bytes()).collect()
    }
}

fn bit(facet: &Facet, word: &str) -> Option<u64> {
    let place = facet.words.iter().position(|known| *known == word)?;
    1_u64.checked_shl(u32::try_from(place).ok()?)
}

#[cfg(test)]
mod tests {
    use super::FACETS;

    #[test]
    fn every_vocabulary_fits_into_a_number() {
        for facet in FACETS.iter() {
            assert!(facet.words.len() <= 64, "{}", facet.parameter);
        }
    }
}
