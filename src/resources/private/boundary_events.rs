//! Boundary events: what became of a boundary on some day.
//! Holds always: two members are enough, the boundary and what happened, so that it can be noted in the moment (E2);
//! giving way and being pushed back are events like any other, and nothing counts them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::database::Id;
use crate::http::vocabulary;
use crate::privacy::Text;
use crate::records::{Collection, Faults, Filter, Parent, Surroundings, example_id};
use crate::resources::{local, rules};

/// What became of a boundary.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoundaryEvent {
    /// The boundary (E2).
    pub boundary_id: Id,
    /// What happened (E2).
    pub kind: BoundaryEventKind,
    /// The day it happened, in the writer's zone; null when it does not matter (E2).
    #[serde(default)]
    pub day: Option<NaiveDate>,
    /// How she and the writer were in touch (E2, E7).
    #[serde(default)]
    pub medium: Option<Medium>,
    /// What happened, Markdown (E2).
    #[serde(default)]
    pub note: Option<Text<4000>>,
    /// What set it off, in any words: a birthday, money, a visitor (E3).
    #[serde(default)]
    #[schema(max_items = 10)]
    pub triggers: Vec<Text<60>>,
    /// What the writer did (E2).
    #[serde(default)]
    pub response: Option<Text<2000>>,
    /// What the writer expected it to cost, from 0, nothing, to 10, everything (E2).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10)]
    pub cost_before: Option<u8>,
    /// What it did cost, on the same scale (E2).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10)]
    pub cost_after: Option<u8>,
    /// Hours until the writer was all right again, at most a year of them; null when not known or not over (E3).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 8784)]
    pub recovery_hours: Option<u16>,
}

vocabulary! {
    /// What happened to a boundary (E2).
    pub enum BoundaryEventKind {
        /// She came up to it.
        Tested = "tested",
        /// It held.
        Kept = "kept",
        /// She went over it.
        Crossed = "crossed",
        /// The writer let it go this time.
        IGaveWay = "i_gave_way",
        /// She or others resisted the boundary itself.
        Pushback = "pushback",
    }
}

vocabulary! {
    /// How people are in touch (E2, E7).
    pub enum Medium {
        InPerson = "in_person",
        Phone = "phone",
        Video = "video",
        Message = "message",
        Letter = "letter",
        SocialMedia = "social_media",
        /// Somebody else carried it.
        ThroughOthers = "through_others",
        Other = "other",
    }
}

/// Which events to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoundaryEventFilter {
    /// Only events of one of these kinds; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub kind: Vec<BoundaryEventKind>,
    /// Only where people were in touch in one of these ways; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub medium: Vec<Medium>,
}

impl Filter<BoundaryEvent> for BoundaryEventFilter {
    fn is_empty(&self) -> bool {
        self.kind.is_empty() && self.medium.is_empty()
    }

    fn matches(&self, event: &BoundaryEvent) -> bool {
        (self.kind.is_empty() || self.kind.contains(&event.kind))
            && (self.medium.is_empty() || event.medium.is_some_and(|medium| self.medium.contains(&medium)))
    }
}

impl Collection for BoundaryEvent {
    const NAME: &'static str = "boundary-events";
    const SINGULAR: &'static str = "boundary_event";
    const ABOUT: &'static str = "What became of a boundary: it was tested, kept, crossed, given up for once, or met \
        with pushback. `boundary_id` and `kind` are enough.";
    const PURPOSE: &'static str = "To let you see for yourself how a boundary holds and what it costs you.";
    const PARENT: Option<Parent> = Some(Parent { member: "boundary_id", collection: "boundaries" });
    const DATED: bool = true;
    type Filter = BoundaryEventFilter;

    fn example() -> Self {
        Self {
            boundary_id: example_id(),
            kind: BoundaryEventKind::Tested,
            day: Some(local::sample_day()),
            medium: Some(Medium::Phone),
            note: Some(Text::sample("She called at half past nine, twice.")),
            triggers: vec![Text::sample("a visitor on Sunday")],
            response: Some(Text::sample("I let it ring and wrote that I would call in the morning.")),
            cost_before: Some(6),
            cost_after: Some(3),
            recovery_hours: Some(2),
        }
    }

    fn parent(&self) -> Option<Id> {
        Some(self.boundary_id)
    }

    fn day(&self) -> Option<NaiveDate> {
        self.day
    }

    fn check(&self, faults: &mut Faults) {
        rules::unique(faults, "/triggers", self.triggers.iter().map(|trigger| rules::folded(trigger.as_str())));
    }

    fn settle(&mut self, _before: Option<&Self>, around: &Surroundings<'_>, faults: &mut Faults) {
        local::lived(faults, "/day", self.day, around.now);
    }
}
