//! Question sets: questions to ask her, or oneself, whose answers can be kept.
//! Holds always: a set says how to begin, and that every question may stay unanswered, in its guard.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind};
use crate::http::problem::Fault;
use crate::http::vocabulary;
use crate::resources::questions::{self, Question};
use crate::resources::responses::Asks;

/// What only question sets say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuestionSet {
    /// Who is asked.
    pub asked_of: Option<AskedOf>,
    /// Words to begin with.
    #[schema(min_length = 1, max_length = 600, example = "I know so little about you as a child.")]
    pub opening: Option<String>,
    /// The questions, the lighter ones first.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub questions: Vec<Question>,
    /// How to ask, and what to do with the answers, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Ask one, and wait.")]
    pub body: Option<String>,
}

vocabulary! {
    /// Who is asked.
    pub enum AskedOf {
        /// The mother, or whoever was one.
        Her = "her",
        /// Oneself.
        Oneself = "oneself",
        /// Somebody who knew her.
        SomeoneElse = "someone_else",
    }
}

/// What a list shows of a question set besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionSetBrief {
    #[schema(required = true)]
    pub asked_of: Option<AskedOf>,
    /// How many questions it has.
    #[schema(minimum = 0, example = 7)]
    pub question_count: usize,
}

impl Asks for QuestionSet {
    fn questions(&self) -> &[Question] {
        &self.questions
    }
}

impl Kind for QuestionSet {
    const NAME: &'static str = "question-sets";
    const SINGULAR: &'static str = "question_set";
    const ABOUT: &'static str = "A question set is questions to ask her, or oneself. Any of them may stay unanswered.";
    const NEEDED: &'static [&'static str] = &["/asked_of", "/opening", "/questions", "/body"];
    type Brief = QuestionSetBrief;

    fn brief(&self) -> QuestionSetBrief {
        QuestionSetBrief { asked_of: self.asked_of, question_count: self.questions.len() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        questions::check("/questions", &self.questions, faults);
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header { slug: "who-she-was".to_owned(), title: "Who she was".to_owned(), ..header };
        let own = Self {
            asked_of: Some(AskedOf::Her),
            opening: Some("I know so little about you as a child.".to_owned()),
            questions: vec![Question::example()],
            body: Some("Ask one, and wait.".to_owned()),
        };
        Document { header, references, own }
    }
}
