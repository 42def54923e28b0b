//! Concepts: words of psychology in plain language, with a question to think about.
//! Holds always: a concept explains a word; it says nothing about the reader.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind, Line};

/// Another name of a concept.
pub type OtherName = Line<80>;

/// What only concepts say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Concept {
    /// The idea in one plain sentence.
    #[schema(min_length = 1, max_length = 280, example = "The way you were spoken to may become your own voice.")]
    pub plainly: Option<String>,
    /// Other names it goes by.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub also_called: Vec<OtherName>,
    /// A question to think about, if one likes.
    #[schema(min_length = 1, max_length = 400, example = "Whose words do you use when something breaks?")]
    pub prompt: Option<String>,
    /// The text, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Children learn a voice before they learn words.")]
    pub body: Option<String>,
}

/// What a list shows of a concept besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConceptBrief {
    /// The idea in one plain sentence.
    #[schema(max_length = 280, example = "The way you were spoken to may become your own voice.")]
    pub plainly: String,
}

impl Kind for Concept {
    const NAME: &'static str = "concepts";
    const SINGULAR: &'static str = "concept";
    const ABOUT: &'static str = "A concept is a word of psychology in plain language. It says nothing about the reader.";
    const NEEDED: &'static [&'static str] = &["/plainly", "/body"];
    const HEADER: &'static [&'static str] = &["/summary", "/evidence", "/not_for", "/guard", "/sources"];
    type Brief = ConceptBrief;

    fn brief(&self) -> ConceptBrief {
        ConceptBrief { plainly: self.plainly.clone().unwrap_or_default() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header { slug: "inner-voice".to_owned(), title: "The inner voice".to_owned(), ..header };
        let own = Self {
            plainly: Some("The way you were spoken to may become your own voice.".to_owned()),
            also_called: vec![Line::sample("self-talk")],
            prompt: Some("Whose words do you use when something breaks?".to_owned()),
            body: Some("Children learn a voice before they learn words.".to_owned()),
        };
        Document { header, references, own }
    }
}
