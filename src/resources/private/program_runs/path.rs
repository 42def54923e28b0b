//! Which step of a run comes next: along the branches of the revision that it is pinned to.
//! Holds always: it leads to no step that is withheld from the person; where an answer closed the way back, to none that
//! pushes; a step that was left out counts like one that was done (C2, C3, F7).

use std::collections::HashSet;

use crate::catalogue::vocabulary::ContactLevel;
use crate::database::Id;
use crate::resources::curated::branches::{Branch, BranchCondition, ConditionKind};
use crate::resources::curated::programs::Program;
use crate::resources::curated::steps::Step;
use crate::resources::private::relationships::{Goal, HarmTime, Relationship};

use crate::resources::answers::GivenAnswer;

use super::{Ending, ProgramRun, StepProgress, StepState};

/// Where a run stands.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// This step comes next.
    Step { step: &'a Step, again: bool },
    /// There is nothing more to do; what it may have come to, where the program says so.
    Over { ending: Option<Ending> },
}

/// What a run's way depends on.
#[derive(Clone, Copy)]
pub struct Traveller<'a> {
    pub program: &'a Program,
    pub run: &'a ProgramRun,
    /// Whom the run is about.
    pub relationship: Option<&'a Relationship>,
}

impl<'a> Traveller<'a> {
    /// Where the run stands, among the steps that `shown` lets through.
    pub fn place(&self, shown: impl Fn(&Step) -> bool) -> Place<'a> {
        let (mut closed, mut seen) = (false, HashSet::new());
        let mut at = self.after(None, |step| shown(step));
        while let Some(step) = at {
            if !seen.insert(step.id) {
                return Place::Step { step, again: true };
            }
            let state = self.progress(step.id).map_or(StepState::Open, |progress| progress.state);
            if matches!(state, StepState::Open | StepState::Revisit) {
                return Place::Step { step, again: state == StepState::Revisit };
            }
            let mut taken = None;
            for branch in step.next.iter().filter(|branch| self.holds(branch, step)) {
                closed |= branch.withholds;
                let target = branch.to.as_deref().map(|slug| self.named(slug));
                match target {
                    None => return Place::Over { ending: branch.ending },
                    Some(Some(to)) if shown(to) && (!closed || to.nudges.is_empty()) => {
                        taken = Some(to);
                        break;
                    }
                    Some(_) => {}
                }
            }
            at = taken.or_else(|| self.after(Some(step.id), |step| shown(step) && (!closed || step.nudges.is_empty())));
        }
        Place::Over { ending: None }
    }

    /// The first step that comes after this one and is let through.
    fn after(&self, id: Option<Id>, shown: impl Fn(&Step) -> bool) -> Option<&'a Step> {
        let steps = &self.program.steps;
        let start = id.and_then(|id| steps.iter().position(|step| step.id == id)).map_or(0, |index| index + 1);
        steps.iter().skip(start).find(|step| shown(step))
    }

    fn named(&self, slug: &str) -> Option<&'a Step> {
        self.program.steps.iter().find(|step| step.slug == slug)
    }

    fn progress(&self, step: Id) -> Option<&'a StepProgress> {
        self.run.steps.iter().find(|progress| progress.step_id == step)
    }

    fn holds(&self, branch: &Branch, step: &Step) -> bool {
        branch.when.iter().all(|condition| self.is_so(condition, step))
    }

    fn is_so(&self, condition: &BranchCondition, step: &Step) -> bool {
        let asked = |word: &str| condition.any_of.iter().any(|known| **known == *word);
        match condition.kind {
            ConditionKind::Answer => self.given(condition, step).is_some_and(|given| {
                given.chosen.iter().any(|value| asked(value.as_str()))
                    || condition.at_least.zip(given.rating).is_some_and(|(least, rating)| rating >= least)
            }),
            ConditionKind::Goal => asked(self.relationship.map_or(Goal::Undecided, |it| it.goal).as_str()),
            ConditionKind::Contact => self.relationship.map(|it| it.contact).map(ContactLevel::as_str).is_some_and(asked),
            ConditionKind::Harm => {
                let harm = self.relationship.and_then(|it| it.harm.as_ref());
                let goes_on = harm.is_some_and(|harm| matches!(harm.when, Some(HarmTime::Now | HarmTime::Both)));
                (harm.is_some() && asked("marked")) || (goes_on && asked("now")) || (harm.is_none() && asked("none"))
            }
        }
    }

    /// What was answered to the question of a condition.
    fn given(&self, condition: &BranchCondition, step: &Step) -> Option<&'a GivenAnswer> {
        let id = match &condition.step {
            Some(slug) => self.named(slug)?.id,
            None => step.id,
        };
        let answer = self.progress(id)?.answer.as_ref()?;
        answer.answers.iter().find(|given| Some(given.question.as_str()) == condition.question.as_deref())
    }
}
