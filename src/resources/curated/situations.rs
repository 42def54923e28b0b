//! Situations: what people find themselves in with their mothers, each a word of the vocabulary explained.
//! Holds always: a situation describes what happens, not what anybody is; it explains and excuses nothing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::rules::fault;
use crate::catalogue::vocabulary::Situation as Word;
use crate::catalogue::{Document, Header, Kind, Line};
use crate::http::problem::Fault;
use crate::http::vocabulary;

/// A sentence of a list.
pub type Sentence = Line<400>;

/// What only situations say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExplainedSituation)]
pub struct Situation {
    /// The word that it explains; it must be one of the item's `situations`.
    pub word: Option<Word>,
    /// Who is looking.
    pub seen_from: Option<SeenFrom>,
    /// How one may notice it.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub signs: Vec<Sentence>,
    /// Sentences that people hear in it.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub phrases: Vec<Sentence>,
    /// What may be behind it, which excuses nothing.
    #[schema(min_length = 1, max_length = 600, example = "She may be afraid of being forgotten.")]
    pub behind_it: Option<String>,
    /// The text, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Every visit ends with a sum of what she gave.")]
    pub body: Option<String>,
}

vocabulary! {
    /// Who is looking.
    pub enum SeenFrom {
        Child = "child",
        Parent = "parent",
        Both = "both",
    }
}

/// What a list shows of a situation besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct SituationBrief {
    #[schema(required = true)]
    pub word: Option<Word>,
    #[schema(required = true)]
    pub seen_from: Option<SeenFrom>,
}

impl Kind for Situation {
    const NAME: &'static str = "situations";
    const SINGULAR: &'static str = "situation";
    const ABOUT: &'static str = "A situation is what people find themselves in with their mothers, described without a verdict.";
    const NEEDED: &'static [&'static str] = &["/word", "/seen_from", "/signs", "/body"];
    const HEADER: &'static [&'static str] = &["/summary", "/evidence", "/not_for", "/guard", "/sources"];
    type Brief = SituationBrief;

    fn brief(&self) -> SituationBrief {
        SituationBrief { word: self.word, seen_from: self.seen_from }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check_publishable(&self, header: &Header, faults: &mut Vec<Fault>) {
        if self.word.is_some_and(|word| !header.situations.contains(&word)) {
            faults.push(fault("/situations", "word_missing", "The item's situations name the word that it explains."));
        }
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "the-long-bill".to_owned(),
            title: "The long bill".to_owned(),
            situations: vec![Word::Sacrifice],
            ..header
        };
        let own = Self {
            word: Some(Word::Sacrifice),
            seen_from: Some(SeenFrom::Child),
            signs: vec![Line::sample("You feel that you owe something you never ordered.")],
            phrases: vec![Line::sample("After all those years.")],
            behind_it: Some("She may be afraid of being forgotten.".to_owned()),
            body: Some("Every visit ends with a sum of what she gave.".to_owned()),
        };
        Document { header, references, own }
    }
}
