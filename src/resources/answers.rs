//! Answers to questions as people give them, and the check that each has its question's form.
//! Holds always: what was answered is private text, sealed with the record that holds it; a fault repeats none of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::questions::{AnswerForm, Question};
use crate::privacy::Text;
use crate::records::Faults;

/// Entries that a list holds at most, where its question names no smaller number.
const MOST: usize = 30;

/// An answer to one question (C5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GivenAnswer {
    /// The question's `key` (C5).
    #[schema(value_type = String, min_length = 1, max_length = 40, pattern = "^[a-z0-9]+(?:-[a-z0-9]+)*$", example = "how-present")]
    pub question: Text<40>,
    /// For `text` and `letter`, Markdown (C5).
    #[serde(default)]
    pub text: Option<Text<10000>>,
    /// For `rating`: a number of the question's scale (C5).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10)]
    pub rating: Option<i32>,
    /// For `choice` and `choices`: values of the question's options (C5).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub chosen: Vec<Text<40>>,
    /// For `list`, and the left one of `two_columns` (C5).
    #[serde(default)]
    #[schema(max_items = 30)]
    pub items: Vec<Text<500>>,
    /// The right one of `two_columns` (C5).
    #[serde(default)]
    #[schema(max_items = 30)]
    pub opposite: Vec<Text<500>>,
}

impl GivenAnswer {
    /// A text of our own, for examples.
    pub(super) fn sample(question: &'static str, text: &'static str) -> Self {
        Self {
            question: Text::sample(question),
            text: Some(Text::sample(text)),
            rating: None,
            chosen: Vec::new(),
            items: Vec::new(),
            opposite: Vec::new(),
        }
    }
}

/// Notes the answers, which stand in the list at `pointer`, that have no question or not its form.
pub fn check<'a>(
    pointer: &str,
    answers: impl Iterator<Item = &'a GivenAnswer>,
    questions: &[Question],
    faults: &mut Faults,
) {
    let mut seen = BTreeSet::new();
    for (index, answer) in answers.enumerate() {
        let place = format!("{pointer}/{index}");
        let key = answer.question.as_str();
        match questions.iter().find(|question| question.key == key) {
            None => faults.add(format!("{place}/question"), "unknown_question", "No question here has this key."),
            Some(_) if !seen.insert(key) => {
                faults.add(format!("{place}/question"), "repeated", "Another answer is for this question.");
            }
            Some(question) => check_form(&place, answer, question, faults),
        }
    }
}

/// Holds one answer to the form of its question: the members of that form are there, no others are.
fn check_form(place: &str, answer: &GivenAnswer, question: &Question, faults: &mut Faults) {
    let form = question.form;
    let writes = matches!(form, AnswerForm::Text | AnswerForm::Letter);
    let chooses = matches!(form, AnswerForm::Choice | AnswerForm::Choices);
    let lists = matches!(form, AnswerForm::List | AnswerForm::TwoColumns);
    for (member, is_there, belongs) in [
        ("text", answer.text.is_some(), writes),
        ("rating", answer.rating.is_some(), form == AnswerForm::Rating),
        ("chosen", !answer.chosen.is_empty(), chooses),
        ("items", !answer.items.is_empty(), lists),
        ("opposite", !answer.opposite.is_empty(), form == AnswerForm::TwoColumns),
    ] {
        if is_there && !belongs {
            faults.add(format!("{place}/{member}"), "wrong_form", "The question is answered in another form.");
        }
    }
    let is_empty = answer.items.is_empty() && answer.opposite.is_empty();
    let lacks = (writes && answer.text.is_none())
        || (form == AnswerForm::Rating && answer.rating.is_none())
        || (chooses && answer.chosen.is_empty())
        || (lists && is_empty);
    if lacks {
        faults.add(place, "no_answer", "Nothing here answers the question; leave it out instead.");
    }
    check_bounds(place, answer, question, faults);
}

/// Holds one answer to its question's scale, options and number of entries.
fn check_bounds(place: &str, answer: &GivenAnswer, question: &Question, faults: &mut Faults) {
    if let (Some(rating), Some(scale)) = (answer.rating, &question.scale)
        && !(scale.lowest..=scale.highest).contains(&rating)
    {
        faults.add(format!("{place}/rating"), "off_the_scale", "The question's scale does not have this number.");
    }
    let mut seen = BTreeSet::new();
    for (index, chosen) in answer.chosen.iter().enumerate() {
        let is_option = question.options.iter().any(|option| option.value == chosen.as_str());
        if !is_option || !seen.insert(chosen.as_str()) {
            let detail = "Not an option of the question, or chosen twice.";
            faults.add(format!("{place}/chosen/{index}"), "unknown_option", detail);
        }
    }
    let most = question.most.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST);
    let most_chosen = if question.form == AnswerForm::Choice { 1 } else { most };
    for (member, count, most) in [
        ("chosen", answer.chosen.len(), most_chosen),
        ("items", answer.items.len(), most),
        ("opposite", answer.opposite.len(), most),
    ] {
        if count > most {
            faults.add(format!("{place}/{member}"), "too_many", "More than the question asks for.");
        }
    }
}
