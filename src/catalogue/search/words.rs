//! The words of a question, and the words of a language that they may have been meant as.
//! Holds always: a word is letters and digits only, so that no text becomes an operator of the index.

use unicode_normalization::UnicodeNormalization as _;

/// So many words of a question count; more make no answer better.
pub(super) const MOST_WORDS: usize = 8;
/// So many words of the language may stand in for one that was mistyped.
const MOST_NEAR: usize = 32;
/// Words that tell nothing of what is meant; a question of nothing else keeps them.
const SMALL_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "d", "did", "do", "does", "for",
    "from", "had", "has", "have", "he", "her", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "just", "ll", "m", "me", "my", "of", "on", "or", "our", "re", "s", "she", "should", "so", "t", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "us", "ve", "was", "we", "were",
    "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
];

/// The distinct words of a text as the index has them: small letters without accents.
pub(super) fn of(text: &str) -> Vec<String> {
    let folded = folded(text);
    let mut words: Vec<&str> = Vec::new();
    for word in folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let telling: Vec<&str> = words.iter().copied().filter(|word| !SMALL_WORDS.contains(word)).collect();
    let kept = if telling.is_empty() { words } else { telling };
    kept.into_iter().take(MOST_WORDS).map(str::to_owned).collect()
}

/// Small letters, accents taken off, the rest composed.
pub(super) fn folded(text: &str) -> String {
    let bare = text.to_lowercase().nfd().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).collect::<String>();
    bare.nfc().collect()
}

/// Every word of a language in the catalogue.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(Vec<Word>);

#[derive(Debug)]
struct Word {
    text: Box<str>,
    letters: u32,
    length: usize,
}

impl Vocabulary {
    pub(super) fn new(words: Vec<String>) -> Self {
        let word = |text: String| Word { letters: letters(&text), length: text.chars().count(), text: text.into() };
        Self(words.into_iter().map(word).collect())
    }

    pub(super) fn get(&self, number: usize) -> Option<&str> {
        self.0.get(number).map(|word| &*word.text)
    }

    /// Words that differ from `word` by a slip of the hand: one letter missing, added, wrong or swapped with its
    /// neighbour, two in a long word, none in a short one. The nearest first.
    pub(super) fn near(&self, word: &str) -> Vec<&str> {
        let length = word.chars().count();
        let most = slips(length);
        if most == 0 {
            return Vec::new();
        }
        let own = letters(word);
        let mut near: Vec<(usize, &str)> = Vec::new();
        for known in &self.0 {
            // Each slip changes the length by one and the set of letters by two at most: cheap to see, and seldom true.
            let comparable = known.length.abs_diff(length) <= most;
            if comparable && usize::try_from((known.letters ^ own).count_ones()).is_ok_and(|other| other <= 2 * most) {
                let distance = strsim::osa_distance(word, &known.text);
                if (1..=most).contains(&distance) {
                    near.push((distance, &known.text));
                }
            }
        }
        near.sort_unstable();
        near.truncate(MOST_NEAR);
        near.into_iter().map(|(_, word)| word).collect()
    }
}

/// How many slips a word of that many letters may have.
const fn slips(length: usize) -> usize {
    match length {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// Which letters a word has, one bit a letter; letters beyond the first 32 share bits.
fn letters(word: &str) -> u32 {
    word.chars().fold(0, |all, letter| all | 1_u32.wrapping_shl(u32::from(letter) & 31))
}

#[cfg(test)]
mod tests {
    use super::{Vocabulary, of};

    #[test]
    fn words_are_letters_and_digits() {
        assert_eq!(of("Forgiveness, and \"Déjà vu\" (NEAR OR *)!"), ["forgiveness", "deja", "vu", "near"]);
        assert_eq!(of("Don't call her: body:x \u{0}^x -y"), ["don", "call", "body", "x", "y"]);
        assert_eq!(of("how to be with her"), ["how", "to", "be", "with", "her"], "nothing else was said");
        assert_eq!(of("cafe\u{301} Straße 한국"), ["cafe", "straße", "한국"]);
        assert_eq!(of("*** \"\" ()"), Vec::<String>::new());
        assert_eq!(of(&"x1 x2 x3 x4 x5 x6 x7 x8 x9 x10".repeat(100)).len(), super::MOST_WORDS);
    }

    #[test]
    fn near_words_are_a_slip_away() {
        let words = ["anger", "angle", "boundary", "boundaries", "calm", "no", "forgiveness", "danger"];
        let vocabulary = Vocabulary::new(words.map(str::to_owned).to_vec());
        assert_eq!(vocabulary.near("agner"), ["anger"], "swapped");
        assert_eq!(vocabulary.near("anger"), ["danger"], "itself is not near");
        assert_eq!(vocabulary.near("boundry"), ["boundary"], "missing");
        assert_eq!(vocabulary.near("forgivness"), ["forgiveness"]);
        assert_eq!(vocabulary.near("forgifness"), ["forgiveness"], "two in a long word");
        assert_eq!(vocabulary.near("na"), Vec::<&str>::new(), "short words are meant as they are");
        assert_eq!(vocabulary.near("xyzxyz"), Vec::<&str>::new());
    }
}
