//! Scripts: words to borrow, with slots for what is one's own.
//! Holds always: a script only offers words; the service never says or sends them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind};
use crate::http::problem::Fault;
use crate::http::vocabulary;
use crate::resources::slots::{self, Slot};

/// What only scripts say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Script {
    /// What the words are for.
    pub purpose: Option<ScriptPurpose>,
    /// Lines to choose from; a `{slot}` is filled in by the reader.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub lines: Vec<Line>,
    /// What belongs into the slots.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub slots: Vec<Slot>,
    /// When and how to use them, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Say it once. You need not say it louder.")]
    pub body: Option<String>,
}

/// A line to borrow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScriptLine)]
pub struct Line {
    #[schema(min_length = 1, max_length = 600, example = "I would rather talk on {day}.")]
    pub text: String,
    /// How it sounds, or when this one fits.
    #[schema(min_length = 1, max_length = 120, example = "friendly and short")]
    pub tone: String,
}

vocabulary! {
    /// What the words of a script are for.
    pub enum ScriptPurpose {
        /// A first sign after a silence.
        Outreach = "outreach",
        /// Asking for an hour, or for a story.
        Opening = "opening",
        /// Not answering yet.
        Holding = "holding",
        SayingNo = "saying_no",
        /// Asking to be spoken to in another way.
        Respect = "respect",
        /// Ending a talk or a visit.
        Exit = "exit",
        /// Turning a talk elsewhere.
        Redirect = "redirect",
        /// Answering guilt.
        GuiltReply = "guilt_reply",
        /// Saying a wish with its reason.
        Request = "request",
        /// Owning one's part.
        Apology = "apology",
        /// Talking to oneself.
        SelfTalk = "self_talk",
    }
}

/// What a list shows of a script besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScriptBrief {
    #[schema(required = true)]
    pub purpose: Option<ScriptPurpose>,
    /// How many lines it has.
    #[schema(minimum = 0, example = 6)]
    pub line_count: usize,
}

impl Kind for Script {
    const NAME: &'static str = "scripts";
    const SINGULAR: &'static str = "script";
    const ABOUT: &'static str = "A script is words to borrow, with slots for what is one's own. Nobody has to say them.";
    const NEEDED: &'static [&'static str] = &["/purpose", "/lines", "/body"];
    type Brief = ScriptBrief;

    fn brief(&self) -> ScriptBrief {
        ScriptBrief { purpose: self.purpose, line_count: self.lines.len() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        let lines = self.lines.iter().enumerate();
        let texts: Vec<_> = lines.map(|(index, line)| (format!("/lines/{index}/text"), line.text.as_str())).collect();
        slots::check(&self.slots, &texts, faults);
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header { slug: "another-day".to_owned(), title: "Another day".to_owned(), ..header };
        let line = Line { text: "I would rather talk on {day}.".to_owned(), tone: "friendly and short".to_owned() };
        let own = Self {
            purpose: Some(ScriptPurpose::Holding),
            lines: vec![line],
            slots: vec![Slot::example()],
            body: Some("Say it once. You need not say it louder.".to_owned()),
        };
        Document { header, references, own }
    }
}
