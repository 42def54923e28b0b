//! How far the steps of a run have come, inside the run's own document.
//! Holds always: any state follows any other; what was written for a step stays until its writer changes it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::database::{Id, Timestamp};
use crate::http::problem::Problem;
use crate::http::vocabulary;
use crate::privacy::Text;
use crate::records::{Faults, example_id};
use crate::resources::answers::{self, GivenAnswer};
use crate::resources::questions::Question;

use super::ProgramRun;

/// A run with all that was written for its steps takes at most this many bytes as JSON, like every record.
const RUN_BYTES: usize = 256 * 1024;

/// One step of a run (C2, C5).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StepProgress {
    /// The step in the catalogue (C1).
    pub step_id: Id,
    /// How far it has come (C2).
    pub state: StepState,
    /// What the writer noted on it, Markdown (C2).
    pub note: Option<Text<4000>>,
    /// What the writer answered to its exercise (C5).
    pub answer: Option<StepAnswer>,
    /// When it was last done; stays while it is taken up again, null once it is open or skipped (C2).
    pub completed_at: Option<Timestamp>,
    /// When anything about it last changed; null when nothing has (C2).
    pub updated_at: Option<Timestamp>,
}

vocabulary! {
    /// How far a step has come; every state can follow every other (C2).
    pub enum StepState {
        /// Not taken up, or put back.
        Open = "open",
        /// Done as far as the writer wanted to.
        Done = "done",
        /// Left out, which costs nothing.
        Skipped = "skipped",
        /// To be taken up again.
        Revisit = "revisit",
    }
}

/// An answer to a step's exercise: running text, a list, answers to its questions, or some of these (C5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepAnswer {
    /// Running text, Markdown (C5).
    #[serde(default)]
    pub text: Option<Text<10000>>,
    /// A list, in the writer's order (C5).
    #[serde(default)]
    #[schema(max_items = 30)]
    pub items: Vec<Text<500>>,
    /// Answers to the exercise's questions, each in its question's form; any of them may be left out (C5).
    #[serde(default)]
    #[schema(max_items = 12)]
    pub answers: Vec<GivenAnswer>,
}

/// What a step is set to. It replaces what was there: an absent note or answer is cleared.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = StepProgressInput)]
pub struct StepInput {
    /// How far the step has come (C2).
    pub state: StepState,
    /// A note on it, Markdown (C2).
    #[serde(default)]
    pub note: Option<Text<4000>>,
    /// An answer to its exercise (C5).
    #[serde(default)]
    pub answer: Option<StepAnswer>,
}

impl StepProgress {
    /// A step nobody has touched yet.
    pub(super) const fn untouched(step_id: Id) -> Self {
        Self { step_id, state: StepState::Open, note: None, answer: None, completed_at: None, updated_at: None }
    }

    pub(super) fn sample() -> Self {
        let note = Some(Text::sample("It was easier in the morning."));
        let answer =
            StepAnswer { text: Some(Text::sample("She moved house four times as a child.")), items: Vec::new(), answers: Vec::new() };
        Self { state: StepState::Revisit, note, answer: Some(answer), ..Self::untouched(example_id()) }
    }

    fn set(&mut self, input: StepInput, now: Timestamp) {
        let is_same = self.state == input.state && self.note == input.note && self.answer == input.answer;
        if is_same {
            return;
        }
        self.completed_at = match (input.state, self.state) {
            (StepState::Done, StepState::Done) | (StepState::Revisit, _) => self.completed_at,
            (StepState::Done, _) => Some(now),
            (StepState::Open | StepState::Skipped, _) => None,
        };
        self.updated_at = Some(now);
        StepInput { state: self.state, note: self.note, answer: self.answer } = input;
    }
}

impl StepInput {
    /// Rules that the schema cannot say.
    ///
    /// # Errors
    /// 422 with a pointer.
    pub(super) fn check(&self) -> Result<(), Problem> {
        let mut faults = Faults::default();
        let is_empty = |answer: &StepAnswer| answer.text.is_none() && answer.items.is_empty() && answer.answers.is_empty();
        if self.answer.as_ref().is_some_and(is_empty) {
            faults.clash("/answer", "An answer has `text`, `items` or `answers`; leave it out when there is none.");
        }
        faults.into_result()
    }

    /// Holds the answers to the forms of the step's questions.
    ///
    /// # Errors
    /// 422 with a pointer for each answer that has no question, or another form.
    pub(super) fn check_against(&self, questions: &[Question]) -> Result<(), Problem> {
        let mut faults = Faults::default();
        let given = self.answer.iter().flat_map(|answer| &answer.answers);
        answers::check("/answer/answers", given, questions, &mut faults);
        faults.into_result()
    }
}

impl ProgramRun {
    /// This run with one step set.
    ///
    /// # Errors
    /// 404 when the revision that the run is pinned to has no such step, 422 when the run becomes too large.
    pub(super) fn with_step(mut self, step_id: Id, input: StepInput, now: Timestamp) -> Result<Self, Problem> {
        let step = self.steps.iter_mut().find(|step| step.step_id == step_id).ok_or_else(Problem::not_found)?;
        step.set(input, now);
        let is_too_large = serde_json::to_vec(&self).map_or(true, |bytes| bytes.len() > RUN_BYTES);
        if is_too_large {
            return Err(Problem::invalid("", "too_long", "The run holds more text than a record may."));
        }
        Ok(self)
    }
}
