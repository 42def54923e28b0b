//! Questions with typed answers: the exercises of steps, the questions to ask her, the statements of self-checks.
//! Holds always: an answer names its question by a key that is unique within its item, and has the question's form.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::Line;
use crate::catalogue::rules::fault;
use crate::http::problem::Fault;
use crate::http::vocabulary;

/// A question and the form of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QuestionInput)]
pub struct Question {
    /// Names the question within its item; what was answered hangs on it, so keep it.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9]+(?:-[a-z0-9]+)*$", example = "how-present")]
    pub key: String,
    pub form: AnswerForm,
    #[schema(min_length = 1, max_length = 400, example = "How present was I?")]
    pub prompt: String,
    /// What may help with the answer, or make it easier not to give one.
    #[schema(min_length = 1, max_length = 400, example = "A guess is enough.")]
    pub note: Option<String>,
    /// What can be chosen; for `choice` and `choices` only.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub options: Vec<Choice>,
    /// The ends of the scale; for `rating` only.
    pub scale: Option<Scale>,
    /// The headings of the two columns; for `two_columns` only.
    #[serde(default)]
    #[schema(max_items = 2)]
    pub columns: Vec<Heading>,
    /// How many entries or choices an answer has at most; null when the form's own limit is enough.
    #[schema(minimum = 1, maximum = 30, example = 3)]
    pub most: Option<i32>,
}

/// The heading of a column.
pub type Heading = Line<80>;

vocabulary! {
    /// The form of an answer.
    pub enum AnswerForm {
        /// Running text.
        Text = "text",
        /// A letter, which the service never sends.
        Letter = "letter",
        /// A number on a scale.
        Rating = "rating",
        /// One of several options.
        Choice = "choice",
        /// Some of several options.
        Choices = "choices",
        /// Entries in the writer's order.
        List = "list",
        /// Entries under two headings.
        TwoColumns = "two_columns",
    }
}

/// One option of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QuestionOption)]
pub struct Choice {
    /// Names the option within its question; keep it.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9]+(?:-[a-z0-9]+)*$", example = "not-yet")]
    pub value: String,
    #[schema(min_length = 1, max_length = 200, example = "Not yet")]
    pub label: String,
}

/// The ends of a scale and what they mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QuestionScale)]
pub struct Scale {
    #[schema(minimum = 0, maximum = 10, example = 1)]
    pub lowest: i32,
    #[schema(minimum = 1, maximum = 10, example = 5)]
    pub highest: i32,
    #[schema(min_length = 1, max_length = 80, example = "hardly")]
    pub lowest_means: String,
    #[schema(min_length = 1, max_length = 80, example = "fully")]
    pub highest_means: String,
}

impl Question {
    /// A question for the document's examples.
    #[must_use]
    pub fn example() -> Self {
        Self {
            key: "how-present".to_owned(),
            form: AnswerForm::Rating,
            prompt: "How present was I?".to_owned(),
            note: Some("A guess is enough.".to_owned()),
            options: Vec::new(),
            scale: Some(Scale {
                lowest: 1,
                highest: 5,
                lowest_means: "hardly".to_owned(),
                highest_means: "fully".to_owned(),
            }),
            columns: Vec::new(),
            most: None,
        }
    }

    /// Notes what does not fit the question's form; `pointer` is where the question stands.
    fn check(&self, pointer: &str, faults: &mut Vec<Fault>) {
        let chosen = matches!(self.form, AnswerForm::Choice | AnswerForm::Choices);
        let wrong = [
            (
                "options",
                chosen != (self.options.len() >= 2),
                "A choice has two options or more, other forms have none.",
            ),
            (
                "scale",
                (self.form == AnswerForm::Rating) != self.scale.is_some(),
                "A rating has a scale, nothing else has.",
            ),
            (
                "columns",
                (self.form == AnswerForm::TwoColumns) != (self.columns.len() == 2),
                "Two columns have two headings, other forms have none.",
            ),
        ];
        let mismatch = |member, detail| fault(format!("{pointer}/{member}"), "wrong_for_form", detail);
        faults
            .extend(wrong.into_iter().filter(|(_, is_wrong, _)| *is_wrong).map(|(name, _, text)| mismatch(name, text)));
        if self.scale.as_ref().is_some_and(|scale| scale.lowest >= scale.highest) {
            faults.push(mismatch("scale", "The scale's lowest number is below its highest."));
        }
        let mut values = HashSet::new();
        for (index, option) in self.options.iter().enumerate() {
            if !values.insert(&option.value) {
                let place = format!("{pointer}/options/{index}/value");
                faults.push(fault(place, "repeated", "Another option of this question has this value."));
            }
        }
    }
}

/// Notes what is wrong with a list of questions that stands at `pointer`.
pub fn check(pointer: &str, questions: &[Question], faults: &mut Vec<Fault>) {
    let mut keys = HashSet::new();
    for (index, question) in questions.iter().enumerate() {
        let place = format!("{pointer}/{index}");
        if !keys.insert(&question.key) {
            faults.push(fault(format!("{place}/key"), "repeated", "Another question of this item has this key."));
        }
        question.check(&place, faults);
    }
}
