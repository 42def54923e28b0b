//! Passwords: how they are read, and which ones are refused.
//! Holds always: a password is brought to NFC, is never cut, and never prints; the verdict depends on what was sent and on
//! nothing that is stored, so that it is the same for known and unknown addresses.

use std::fmt;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

use super::{Email, Fault};

/// The fewest characters of a password.
const MIN_CHARACTERS: usize = 15;
/// The most bytes of a password.
const MAX_BYTES: usize = 1024;

/// How much of each end of a password is estimated.
const ESTIMATED_CHARACTERS: usize = 32;
/// What a password must add to words that everybody can guess.
const MIN_OWN_CHARACTERS: usize = 8;
/// Shorter words are left alone: they occur in other words.
const MIN_WORD_CHARACTERS: usize = 4;
const PRODUCT_NAME: &str = "mend";

/// A password in NFC. Prints as `[private]` and is wiped from memory.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Password(Zeroizing<String>);

impl From<String> for Password {
    fn from(text: String) -> Self {
        let text = Zeroizing::new(text);
        Self(Zeroizing::new(text.nfc().collect()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

/// What a guesser knows about the person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) email: &'a Email,
    /// The display name.
    pub(super) name: Option<&'a str>,
}

impl Password {
    /// The bytes that are hashed.
    #[must_use]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Holds the password against the policy: every fault, at `pointer`; empty when it is good.
    /// Estimating can cost as much as a hash: call it behind the same gate.
    #[must_use]
    pub(super) fn faults(&self, pointer: &'static str, known: Known<'_>) -> Vec<Fault> {
        let fault = |(code, detail)| vec![Fault { pointer, code, detail }];
        if let Some(wrong_length) = self.length_fault() {
            return fault(wrong_length);
        }
        let words = [
            (PRODUCT_NAME, "product_name", "Too little is left without the name of this service. Add other words."),
            (known.email.local_part(), "own_email", "Too little is left without your e-mail address. Add other words."),
            (known.name.unwrap_or_default(), "own_name", "Too little is left without your name. Add other words."),
        ];
        let faults: Vec<Fault> = words
            .into_iter()
            .filter(|(word, _, _)| self.leans_on(word))
            .flat_map(|(_, code, detail)| fault((code, detail)))
            .collect();
        if faults.is_empty() && self.is_guessable(known) {
            return fault((
                "too_common",
                "This is easy to guess. Take four or five words that do not belong together.",
            ));
        }
        faults
    }

    fn length_fault(&self) -> Option<(&'static str, &'static str)> {
        if self.0.chars().count() < MIN_CHARACTERS {
            Some(("too_short", "Use at least 15 characters."))
        } else if self.0.len() > MAX_BYTES {
            Some(("too_long", "Use at most 1,024 bytes."))
        } else {
            None
        }
    }

    /// Whether the password is little more than `word`, however often and in whatever case it stands there.
    fn leans_on(&self, word: &str) -> bool {
        let word = letters(word);
        let own = letters(&self.0);
        word.chars().count() >= MIN_WORD_CHARACTERS
            && own.contains(&word)
            && own.replace(&word, "").chars().count() < MIN_OWN_CHARACTERS
    }

    /// Whether both the beginning and the end are easy to guess. What the estimator costs grows fast with the length.
    fn is_guessable(&self, known: Known<'_>) -> bool {
        let words = [PRODUCT_NAME, known.email.canonical(), known.email.local_part(), known.name.unwrap_or_default()];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let guessable = |part: &str| zxcvbn(part, &words).score() < Score::Three;
        let beginning = self.0.char_indices().nth(ESTIMATED_CHARACTERS).map_or(self.0.len(), |(end, _)| end);
        let end = self.0.char_indices().rev().nth(ESTIMATED_CHARACTERS - 1).map_or(0, |(start, _)| start);
        let parts = [self.0.get(..beginning), self.0.get(end..)];
        parts.into_iter().flatten().all(guessable)
    }
}

/// Letters and digits only, lower-cased.
fn letters(text: &str) -> String {
    text.nfc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<&'static str> {
        let email = Email::parse("asha.rao@example.org").unwrap();
        let known = Known { email: &email, name: Some("Rosalind Okonkwo") };
        Password::from(password.to_owned()).faults("/password", known).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn length_is_counted_in_characters_and_bytes() {
        assert_eq!(codes("kettle harbour"), ["too_short"]);
        assert_eq!(codes(&"\u{1f31b}\u{1f33b}".repeat(129)), ["too_long"]);
        assert_eq!(codes("kettle harbour seven violet"), <[&str; 0]>::default());
        // Decomposed, 15 code points; composed, 14.
        assert_eq!(codes("kettle harboe\u{301}r"), ["too_short"]);
    }

    #[test]
    fn what_everybody_guesses_is_refused() {
        for guessable in ["passwordpassword", "123456789012345", "qwertyuiopasdfgh", "aaaaaaaaaaaaaaaa"] {
            assert_eq!(codes(guessable), ["too_common"], "{guessable}");
        }
    }

    #[test]
    fn own_words_do_not_count() {
        assert_eq!(codes("mend-MEND-mend-99"), ["product_name"]);
        assert_eq!(codes("Asha.Rao.2024!!"), ["own_email"]);
        assert_eq!(codes("rosalind okonkwo 1"), ["own_name"]);
        for good in ["asha.rao walks past eleven kites", "a window over the quiet river", "recommended by nobody"] {
            assert_eq!(codes(good), <[&str; 0]>::default(), "{good}");
        }
    }

    #[test]
    fn estimating_stays_cheap() {
        // Each sign stands for several letters, so the estimator tries very many spellings of such a text.
        let costly = "4@8({[<3691!|0$57+%2".repeat(51);
        let started = std::time::Instant::now();
        codes(&costly);
        assert!(started.elapsed() < std::time::Duration::from_secs(10), "{:?}", started.elapsed());
    }

    #[test]
    fn a_strong_end_makes_up_for_a_weak_beginning() {
        let weak = "abcabcabcabcabcabcabcabcabcabcabcabc";
        assert_eq!(codes(weak), ["too_common"]);
        assert_eq!(codes(&format!("{weak} kettle harbour seven violet")), <[&str; 0]>::default());
        assert_eq!(codes(&format!("kettle harbour seven violet {weak}")), <[&str; 0]>::default());
    }

    #[test]
    fn both_spellings_of_an_accent_are_one_password() {
        let composed = Password::from("caf\u{e9}".to_owned());
        assert_eq!(composed.as_bytes(), Password::from("cafe\u{301}".to_owned()).as_bytes());
        assert_eq!(format!("{composed:?}"), "[private]");
    }
}
