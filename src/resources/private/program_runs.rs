//! Program runs: somebody's way through a program, pinned to the revision that was published when it began (C1).
//! Holds always: every state can follow every other and nothing is counted against anybody (C2, C6); all endings are
//! worth the same (C4); a later edit of the program rewrites nobody's past.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::catalogue::Kind as _;
use crate::catalogue::signals::{Signal, SignalKind};
use crate::database::Id;
use crate::http::vocabulary;
use crate::privacy::Text;
use crate::records::{Collection, Faults, Filter, Pin, Reference, Surroundings, example_id};
use crate::resources::curated::programs::Program;
use crate::resources::local;

pub mod next;
mod operations;
pub mod path;
mod steps;

pub use operations::routes;
pub use steps::{StepAnswer, StepInput, StepProgress, StepState};

/// Somebody's way through a program.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProgramRun {
    /// The program. A run stays with it; another program is another run (C1).
    pub program_id: Id,
    /// Whom the run is about (F1).
    #[serde(default)]
    pub relationship_id: Option<Id>,
    /// Where it stands. Every state can follow every other (C2).
    #[serde(default)]
    pub state: RunState,
    /// What it came to, in the writer's eyes; all of these count the same. Only when completed or left (C4).
    #[serde(default)]
    pub ending: Option<Ending>,
    /// What the writer wants from it, in their own words (C1).
    #[serde(default)]
    pub intention: Option<Text<2000>>,
    /// The day it began, in the writer's zone; null when it does not matter (C1).
    #[serde(default)]
    pub started_on: Option<NaiveDate>,
    /// The revision of the program that the run is pinned to; `GET /v1/programs/{id}?revision=` reads it (C1).
    #[serde(default)]
    #[schema(minimum = 1, read_only)]
    pub program_revision: i64,
    /// The steps of that revision, in order, each with how far it has come and what was written for it. Set one with
    /// `PUT /v1/program-runs/{id}/steps/{step_id}` (C2, C5).
    #[serde(default)]
    #[schema(max_items = 40)]
    pub steps: Vec<StepProgress>,
}

vocabulary! {
    /// Where a run stands; every state can follow every other (C2).
    pub enum RunState default Active {
        /// Under way.
        Active = "active",
        /// Put aside for as long as the writer likes.
        Paused = "paused",
        /// The writer is through with it, with as many steps as they wanted.
        Completed = "completed",
        /// The writer stopped, which is an ending like any other.
        Left = "left",
    }
}

vocabulary! {
    /// What a run came to; no ending ranks above another, and their order here means nothing (C4).
    pub enum Ending {
        /// Repair what can be repaired.
        Repair = "repair",
        /// Keep the peace.
        KeepPeace = "keep_peace",
        /// Accept what will not change.
        AcceptLimits = "accept_limits",
        /// Keep a distance.
        Distance = "distance",
        /// Leave.
        Leave = "leave",
        /// Grieve what was lost or never was.
        Grieve = "grieve",
    }
}

impl RunState {
    const fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Left)
    }
}

/// Which runs to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProgramRunFilter {
    /// Only of one of these programs; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub program_id: Vec<Id>,
    /// Only about one of these relationships; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub relationship_id: Vec<Id>,
    /// Only in one of these states; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub state: Vec<RunState>,
}

impl Filter<ProgramRun> for ProgramRunFilter {
    fn is_empty(&self) -> bool {
        self.program_id.is_empty() && self.relationship_id.is_empty() && self.state.is_empty()
    }

    fn matches(&self, run: &ProgramRun) -> bool {
        (self.program_id.is_empty() || self.program_id.contains(&run.program_id))
            && (self.relationship_id.is_empty()
                || run.relationship_id.is_some_and(|id| self.relationship_id.contains(&id)))
            && (self.state.is_empty() || self.state.contains(&run.state))
    }
}

impl ProgramRun {
    /// Pins a new run to what is published now and offered to the caller. A program that is withheld from them is
    /// refused like one that does not exist (P3).
    fn pin(&mut self, around: &Surroundings<'_>, faults: &mut Faults) {
        let pinned = around.pinned.as_ref().and_then(|pinned| Some((pinned.revision, pinned.document::<Program>()?)));
        let Some((revision, program)) = pinned else {
            return faults.add("/program_id", "unknown_reference", "There is nothing with this id.");
        };
        let narrowed = if around.caller.no_outreach { program.own.without_outreach() } else { None };
        let steps = &narrowed.as_ref().unwrap_or(&program.own).steps;
        self.program_revision = revision;
        // No instant is noted here, so that creating the same run twice has the same content.
        self.steps = steps.iter().map(|step| StepProgress::untouched(step.id)).collect();
    }
}

impl Collection for ProgramRun {
    const NAME: &'static str = "program-runs";
    const SINGULAR: &'static str = "program_run";
    const ABOUT: &'static str = "Somebody's way through a program, pinned to the revision that was published when it \
        began. Steps can be done, skipped, taken up again or left in any order; nothing is counted.";
    const PURPOSE: &'static str = "To keep where you are in a program and what you wrote for its steps.";
    /// 2: a step's answer has `answers`, which documents of shape 1 lack.
    const SHAPE: i16 = 2;
    const DATED: bool = true;
    const MANAGED: &'static [&'static str] = &["program_revision", "steps"];
    const PIN: Option<fn(&Self) -> Pin> = Some(|run| Pin::to::<Program>(run.program_id, run.program_revision));
    const SIGNALS: bool = true;
    type Filter = ProgramRunFilter;

    fn example() -> Self {
        Self {
            program_id: example_id(),
            relationship_id: None,
            state: RunState::Active,
            ending: None,
            intention: Some(Text::sample("To hear her out once without defending myself.")),
            started_on: Some(local::sample_day()),
            program_revision: 1,
            steps: vec![StepProgress::sample()],
        }
    }

    fn day(&self) -> Option<NaiveDate> {
        self.started_on
    }

    fn signal(&self) -> Option<Signal> {
        Some(Signal { item: self.program_id, kind: SignalKind::Used })
    }

    fn references(&self) -> Vec<Reference> {
        let program = Reference::item("/program_id", "programs", self.program_id);
        let person = self.relationship_id.map(|id| Reference::record("/relationship_id", "relationships", id));
        [program].into_iter().chain(person).collect()
    }

    fn check(&self, faults: &mut Faults) {
        if self.ending.is_some() && !self.state.has_ended() {
            faults.clash("/ending", "Only a run that is `completed` or `left` has an ending.");
        }
    }

    fn settle(&mut self, before: Option<&Self>, around: &Surroundings<'_>, faults: &mut Faults) {
        local::lived(faults, "/started_on", self.started_on, around.now);
        let Some(before) = before else { return self.pin(around, faults) };
        if before.program_id != self.program_id {
            faults.add("/program_id", "immutable", "A run stays with its program; start another run instead.");
        }
        self.program_revision = before.program_revision;
        self.steps.clone_from(&before.steps);
    }
}
