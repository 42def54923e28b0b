//! Self-checks: questions to oneself with texts that answer them. Never a test, never a diagnosis.
//! Holds always: there is a text for whatever was answered; the texts have an edition, so that an old answer keeps its own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::rules::fault;
use crate::catalogue::{Document, Header, Kind, Line};
use crate::http::problem::Fault;
use crate::resources::answers::GivenAnswer;
use crate::resources::questions::{self, AnswerForm, Question};
use crate::resources::responses::Asks;

/// What only self-checks say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SelfCheck {
    /// Which edition of questions and texts this is; raise it when their meaning changes.
    #[schema(minimum = 1, maximum = 1_000, example = 1)]
    pub edition: Option<i32>,
    /// What the check is not, in words. Show it before the first question.
    #[schema(min_length = 1, max_length = 400, example = "This is no test and finds no illness.")]
    pub not_a_diagnosis: Option<String>,
    #[serde(default)]
    #[schema(max_items = 30)]
    pub questions: Vec<Question>,
    /// Texts that answer what was chosen: the first one whose conditions all hold. The last has none.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub results: Vec<ResultText>,
    /// What the check is about, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Seven lines about how you talk to yourself.")]
    pub body: Option<String>,
}

/// A text that answers a self-check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ResultTextInput)]
pub struct ResultText {
    /// Names the text within its check.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9]+(?:-[a-z0-9]+)*$", example = "most-of-them")]
    pub key: String,
    /// When it is shown: all of these hold.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub when: Vec<Condition>,
    #[schema(min_length = 1, max_length = 2_000, example = "You have a kind voice in you. Listen to it tonight.")]
    pub text: String,
}

/// What an answer must be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ResultConditionInput)]
pub struct Condition {
    /// The question's key.
    #[schema(min_length = 1, max_length = 40, example = "lines")]
    pub question: String,
    /// One of these options was chosen; empty for any of them.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub any_of: Vec<ChosenValue>,
    /// So many of these options were chosen at least, or this number of the scale.
    #[schema(minimum = 0, maximum = 30, example = 4)]
    pub at_least: Option<i32>,
}

/// The value of an option.
pub type ChosenValue = Line<40>;

/// What a list shows of a self-check besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelfCheckBrief {
    #[schema(minimum = 1, required = true, example = 1)]
    pub edition: Option<i32>,
    #[schema(max_length = 400, example = "This is no test and finds no illness.")]
    pub not_a_diagnosis: String,
    #[schema(minimum = 0, example = 2)]
    pub question_count: usize,
}

impl Asks for SelfCheck {
    fn questions(&self) -> &[Question] {
        &self.questions
    }
}

impl Kind for SelfCheck {
    const NAME: &'static str = "self-checks";
    const SINGULAR: &'static str = "self_check";
    const ABOUT: &'static str = "A self-check is questions to oneself with texts that answer them. It diagnoses nothing; \
        what was answered stays with the person.";
    const NEEDED: &'static [&'static str] = &["/edition", "/not_a_diagnosis", "/questions", "/results", "/body"];
    type Brief = SelfCheckBrief;

    fn brief(&self) -> SelfCheckBrief {
        SelfCheckBrief {
            edition: self.edition,
            not_a_diagnosis: self.not_a_diagnosis.clone().unwrap_or_default(),
            question_count: self.questions.len(),
        }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        questions::check("/questions", &self.questions, faults);
        for (index, result) in self.results.iter().enumerate() {
            for (number, condition) in result.when.iter().enumerate() {
                let place = format!("/results/{index}/when/{number}");
                self.check_condition(condition, &place, faults);
            }
        }
    }

    fn check_publishable(&self, _header: &Header, faults: &mut Vec<Fault>) {
        let last = self.results.len().saturating_sub(1);
        for (index, result) in self.results.iter().enumerate() {
            if result.when.is_empty() != (index == last) {
                let detail = "The last text, and only that one, is for whatever else was answered.";
                faults.push(fault(format!("/results/{index}/when"), "not_every_answer", detail));
            }
        }
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header { slug: "the-voice-inside".to_owned(), title: "The voice inside".to_owned(), ..header };
        let kind = Condition { question: "how-present".to_owned(), any_of: Vec::new(), at_least: Some(4) };
        let text = |key: &str, when: Vec<Condition>, text: &str| ResultText { key: key.to_owned(), when, text: text.to_owned() };
        let own = Self {
            edition: Some(1),
            not_a_diagnosis: Some("This is no test and finds no illness.".to_owned()),
            questions: vec![Question::example()],
            results: vec![
                text("mostly", vec![kind], "You have a kind voice in you. Listen to it tonight."),
                text("else", Vec::new(), "However it was, you noticed it."),
            ],
            body: Some("One question about how it was.".to_owned()),
        };
        Document { header, references, own }
    }
}

impl SelfCheck {
    /// The text that answers these answers; nothing while there are none.
    #[must_use]
    pub fn result_of(&self, answers: &[GivenAnswer]) -> Option<&ResultText> {
        let holds = |result: &&ResultText| result.when.iter().all(|condition| condition.holds(answers));
        self.results.iter().find(holds).filter(|_| !answers.is_empty())
    }

    /// A condition speaks of a question that is there, in a way that its form allows.
    fn check_condition(&self, condition: &Condition, place: &str, faults: &mut Vec<Fault>) {
        let Some(question) = self.questions.iter().find(|question| question.key == condition.question) else {
            faults.push(fault(format!("{place}/question"), "unknown_question", "No question has this key."));
            return;
        };
        let is_known = |value: &ChosenValue| question.options.iter().any(|option| *option.value == **value);
        if !condition.any_of.iter().all(is_known) {
            faults.push(fault(format!("{place}/any_of"), "unknown_option", "The question has no such option."));
        }
        let counts = matches!(question.form, AnswerForm::Choice | AnswerForm::Choices | AnswerForm::Rating);
        if !counts || (condition.any_of.is_empty() && condition.at_least.is_none()) {
            let detail = "A condition names options, or how many, of a question that is chosen from or rated.";
            faults.push(fault(place, "empty_condition", detail));
        }
    }
}

impl Condition {
    /// Whether it holds for these answers, which have the forms of their questions.
    fn holds(&self, answers: &[GivenAnswer]) -> bool {
        let given = answers.iter().find(|given| given.question.as_str() == self.question);
        let least = self.at_least.unwrap_or(1);
        if let Some(rating) = given.and_then(|given| given.rating) {
            return rating >= least;
        }
        let meant = |value: &str| self.any_of.is_empty() || self.any_of.iter().any(|known| **known == *value);
        let chosen = given.map_or(0, |given| given.chosen.iter().filter(|value| meant(value.as_str())).count());
        i32::try_from(chosen).is_ok_and(|chosen| chosen >= least)
    }
}
