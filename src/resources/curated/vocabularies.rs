//! Texts for the words of the API: what an app shows on a button or a chip, and what the word means, in one language.
//! Holds always: what is published has exactly one text for each word of its vocabulary; everybody reads it, without
//! signing in and while no database answers, since a login screen needs it too.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::experts::plain;
use super::tips::Tip;
use crate::catalogue::document::References;
use crate::catalogue::rules::fault;
use crate::catalogue::vocabulary::Effort;
use crate::catalogue::{Document, Filter, Header, Kind};
use crate::http::problem::Fault;
use crate::http::vocabulary::{Vocabulary, described};
use crate::resources::vocabularies::{VOCABULARIES, named};

/// What only texts of a vocabulary say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VocabularyTexts {
    pub vocabulary: Option<VocabularyName>,
    /// Each word with its texts, in the order in which an app may offer them.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub words: Vec<WordText>,
}

/// A word of the API and how people are told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WordTextInput)]
pub struct WordText {
    /// The word on the wire.
    #[schema(min_length = 1, max_length = 64, example = "small")]
    pub word: String,
    /// What stands on a button or a chip; for a problem, its title.
    #[schema(min_length = 1, max_length = 48, example = "A little")]
    pub label: String,
    /// What it means, in a sentence or two; for a problem, what happened and what to do.
    #[schema(min_length = 1, max_length = 280, example = "Fits into a few minutes of an ordinary day.")]
    pub meaning: String,
}

/// What a list shows of it besides the header: all of it, so that one answer fills an app.
#[derive(Debug, Serialize, ToSchema)]
pub struct VocabularyTextsBrief {
    #[schema(required = true)]
    pub vocabulary: Option<VocabularyName>,
    #[schema(max_items = 100)]
    pub words: Vec<WordTextShown>,
}

/// A word of the API and how people are told it, in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordTextShown {
    /// The word on the wire.
    #[schema(max_length = 64, example = "small")]
    pub word: String,
    /// What stands on a button or a chip; for a problem, its title.
    #[schema(max_length = 48, example = "A little")]
    pub label: String,
    /// What it means.
    #[schema(max_length = 280, example = "Fits into a few minutes of an ordinary day.")]
    pub meaning: String,
}

/// The name of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VocabularyName(String);

impl PartialSchema for VocabularyName {
    fn schema() -> RefOr<Schema> {
        let about = "Whose words these are: a vocabulary of this document by the name of its schema, `ProblemCode` for the \
                     codes of problems, or `ItemKind` for what is found.";
        let words: Vec<(&'static str, &str)> = VOCABULARIES.iter().map(|known| (known.name, "")).collect();
        described(about, &words)
    }
}

impl ToSchema for VocabularyName {}

impl Kind for VocabularyTexts {
    const NAME: &'static str = "vocabularies";
    const SINGULAR: &'static str = "vocabulary";
    const ABOUT: &'static str =
        "Texts for the words of a vocabulary of this API: a label and a meaning for people, in one language.";
    const NEEDED: &'static [&'static str] = &["/vocabulary", "/words"];
    const HEADER: &'static [&'static str] = &["/summary"];
    const FOR_EVERYONE: bool = true;
    const OPEN: bool = true;
    const IS_FOUND: bool = false;
    const FILTERS: &'static [Filter] = &[Filter {
        parameter: "vocabulary",
        about: "Whose words they are, by the name of the vocabulary's schema.",
        example: "BoundaryStatus",
        takes: |name| named(name).is_some(),
    }];
    type Brief = VocabularyTextsBrief;

    fn brief(&self) -> VocabularyTextsBrief {
        let shown = |text: &WordText| {
            let WordText { word, label, meaning } = text.clone();
            WordTextShown { word, label, meaning }
        };
        VocabularyTextsBrief { vocabulary: self.vocabulary.clone(), words: self.words.iter().map(shown).collect() }
    }

    fn filtered_by(&self, _: &References) -> Vec<(&'static str, String)> {
        self.vocabulary.iter().map(|name| ("vocabulary", name.0.clone())).collect()
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        Vec::new()
    }

    fn check(&self, _: &Header, faults: &mut Vec<Fault>) {
        let mut seen = HashSet::new();
        for (index, text) in self.words.iter().enumerate() {
            if !seen.insert(&text.word) {
                faults.push(fault(format!("/words/{index}/word"), "repeated", "This word stands here twice."));
            }
        }
    }

    fn check_publishable(&self, _: &Header, faults: &mut Vec<Fault>) {
        let Some(words) = self.vocabulary.as_ref().and_then(|name| named(&name.0)) else { return };
        for (index, text) in self.words.iter().enumerate() {
            if !words.contains(&text.word.as_str()) {
                let pointer = format!("/words/{index}/word");
                faults.push(fault(pointer, "unknown_word", "The vocabulary has no such word."));
            }
        }
        for word in words.iter().filter(|word| self.words.iter().all(|text| text.word != **word)) {
            faults.push(fault("/words", "missing_word", format!("The word `{word}` has no text.")));
        }
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "effort".to_owned(),
            title: "How much it asks".to_owned(),
            summary: Some("What something asks of a person.".to_owned()),
            ..plain(header)
        };
        let text = |(word, label, meaning): (&str, &str, &str)| WordText {
            word: word.to_owned(),
            label: label.to_owned(),
            meaning: meaning.to_owned(),
        };
        let words = [
            ("small", "A little", "Fits into a few minutes of an ordinary day."),
            ("medium", "Some", "Wants an hour and some quiet."),
            ("large", "A lot", "Wants time, strength and perhaps somebody beside one."),
        ];
        let own = Self { vocabulary: Some(VocabularyName(Effort::NAME.to_owned())), words: words.map(text).into() };
        Document { header, references, own }
    }
}
