//! Affirmations: one sentence to keep, for whoever can believe it today.
//! Holds always: an affirmation promises nothing and asks for nothing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind};

/// What only affirmations say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Affirmation {
    /// The sentence, in the first person.
    #[schema(min_length = 1, max_length = 280, example = "I am enough on a day without her call.")]
    pub sentence: Option<String>,
    /// When it may do good, or ring hollow; in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "For the evening after.")]
    pub body: Option<String>,
}

/// What a list shows of an affirmation besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct AffirmationBrief {
    #[schema(max_length = 280, example = "I am enough on a day without her call.")]
    pub sentence: String,
}

impl Kind for Affirmation {
    const NAME: &'static str = "affirmations";
    const SINGULAR: &'static str = "affirmation";
    const ABOUT: &'static str = "An affirmation is one sentence to keep, for whoever can believe it today.";
    const NEEDED: &'static [&'static str] = &["/sentence", "/body"];
    type Brief = AffirmationBrief;

    fn brief(&self) -> AffirmationBrief {
        AffirmationBrief { sentence: self.sentence.clone().unwrap_or_default() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header { slug: "enough-today".to_owned(), title: "Enough today".to_owned(), ..header };
        let sentence = "I am enough on a day without her call.";
        let own = Self { sentence: Some(sentence.to_owned()), body: Some("For the evening after.".to_owned()) };
        Document { header, references, own }
    }
}
