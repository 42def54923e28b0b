//! Programs: ordered steps with an aim. A program's document holds its steps, so that one revision pins a whole run.
//! Holds always: a program owns up to everything that any of its steps pushes towards.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use utoipa::ToSchema;

use super::branches;
use super::steps::{Step, StepSummary, WholeStep};
use crate::catalogue::document::{References, offers_no_outreach};
use crate::catalogue::rules::{check_slug, fault};
use crate::catalogue::vocabulary::{Nudge, Stance, Topic};
use crate::catalogue::{Document, Header, Kind, Part, Place};
use crate::database::Id;
use crate::http::problem::Fault;
use crate::resources::curated::tips::Tip;
use crate::resources::questions;

/// What only programs say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Program {
    /// What the program is and for whom, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Six quiet steps. Stopping costs nothing.")]
    pub body: Option<String>,
    /// The steps, in order.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub steps: Vec<Step>,
}

/// What a list shows of a program besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramBrief {
    /// How many steps it has.
    #[schema(minimum = 0, example = 6)]
    pub step_count: usize,
}

impl Kind for Program {
    const NAME: &'static str = "programs";
    const SINGULAR: &'static str = "program";
    const ABOUT: &'static str =
        "A program is a row of steps. Any ending counts the same; pausing and stopping cost nothing.";
    const NEEDED: &'static [&'static str] =
        &["/body", "/steps", "/steps/*/summary", "/steps/*/action", "/steps/*/guard", "/steps/*/body"];
    const PARTS: Option<&'static str> = Some("steps");
    const PART: Option<&'static str> = Some("step");
    type Brief = ProgramBrief;

    fn brief(&self) -> ProgramBrief {
        ProgramBrief { step_count: self.steps.len() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        let own = self.body.iter().map(|body| ("/body".to_owned(), body.as_str()));
        let steps = self.steps.iter().enumerate();
        let steps = steps.filter_map(|(index, step)| Some((format!("/steps/{index}/body"), step.body.as_deref()?)));
        own.chain(steps).collect()
    }

    fn settle(&mut self, item: Id) {
        for (position, step) in (1..).zip(&mut self.steps) {
            step.id = Id::named(item, &step.slug);
            step.position = position;
        }
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        let mut slugs = HashSet::new();
        for (index, step) in self.steps.iter().enumerate() {
            let pointer = format!("/steps/{index}/slug");
            check_slug(&pointer, &step.slug, faults);
            if !slugs.insert(&step.slug) {
                faults.push(fault(pointer, "repeated", "Another step of this program has this slug."));
            }
            if let Some(exercise) = &step.exercise {
                questions::check(&format!("/steps/{index}/exercise/questions"), &exercise.questions, faults);
            }
        }
    }

    fn check_publishable(&self, header: &Header, faults: &mut Vec<Fault>) {
        for (index, step) in self.steps.iter().enumerate() {
            if step.nudges.iter().any(|nudge| !header.nudges.contains(nudge)) {
                let detail = "The program's own nudges must name everything that a step pushes towards.";
                faults.push(fault(format!("/steps/{index}/nudges"), "hidden_nudge", detail));
            }
        }
        branches::check(&self.steps, faults);
    }

    fn without_outreach(&self) -> Option<Self> {
        let shown = |step: &&Step| offers_no_outreach(&step.nudges, &step.contraindications);
        let mut steps: Vec<Step> = self.steps.iter().filter(shown).cloned().collect();
        if steps.len() == self.steps.len() {
            return None;
        }
        // What leads to a withheld step would name it.
        let slugs: HashSet<String> = steps.iter().map(|step| step.slug.clone()).collect();
        for step in &mut steps {
            step.next.retain(|branch| branch.to.as_ref().is_none_or(|to| slugs.contains(to)));
        }
        Some(Self { body: self.body.clone(), steps })
    }

    fn parts(&self, place: &Place, header: &Header) -> Result<Vec<Part>, serde_json::Error> {
        let part = |step: &Step| {
            let whole = WholeStep::of(step, place, header);
            let (full, summary) = (to_raw_value(&whole)?, to_raw_value(&StepSummary::of(step, place, header))?);
            Ok(Part { id: step.id, header: step.header(header), full, summary })
        };
        self.steps.iter().map(part).collect()
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "accepting-the-limits".to_owned(),
            title: "Accepting the limits".to_owned(),
            summary: Some("Steps for a relationship that will not become what you hoped for.".to_owned()),
            stance: Some(Stance::AcceptLimits),
            nudges: Vec::<Nudge>::new(),
            topics: vec![Topic::Acceptance],
            contraindications: Vec::new(),
            not_for: Some("Anyone in danger now: safety comes first.".to_owned()),
            guard: Some("You may pause or stop at any step.".to_owned()),
            ..header
        };
        let references = References { links: Vec::new(), ..references };
        let mut own = Self { body: Some("Quiet steps, at your own pace.".to_owned()), steps: vec![Step::example()] };
        own.settle(crate::catalogue::reading::example_place(Self::SINGULAR).id);
        Document { header, references, own }
    }
}
