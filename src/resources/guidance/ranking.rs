//! What fits a relationship, and why: each item gets its reasons, and the reasons their weight.
//! Holds always: what is wrong for the relationship is out, whatever speaks for it; no goal weighs more than another.

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::Line;
use crate::catalogue::facets::Words;
use crate::catalogue::vocabulary::{ContactLevel, Effort, Nudge, Stance};
use crate::http::vocabulary;
use crate::resources::private::relationships::{Goal, HarmTime, Relationship};

/// Why something is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Reason {
    pub(super) code: ReasonCode,
    /// The words that fit, such as the goal or the situations; empty where the code says it all.
    #[schema(max_items = 25, value_type = Vec<Line<40>>)]
    pub(super) words: Vec<String>,
}

vocabulary! {
    /// Why something is offered.
    pub(in crate::resources) enum ReasonCode {
        /// It is the next step of a program that is under way.
        ContinuesRun = "continues_run",
        /// It points where the goal of the relationship is.
        FitsGoal = "fits_goal",
        /// There is no goal yet, and it needs none.
        NeedsNoGoal = "needs_no_goal",
        /// Harm is marked, and it looks after the one who was harmed.
        AfterHarm = "after_harm",
        /// It is about a situation that was named.
        FitsSituation = "fits_situation",
        /// It is for this level of contact.
        FitsContact = "fits_contact",
        /// It asks no more than can be given now.
        FitsEffort = "fits_effort",
        /// It is a favourite.
        Favourite = "favourite",
        /// It is a good beginning for anybody.
        Beginning = "beginning",
    }
}

impl ReasonCode {
    const fn weight(self) -> i32 {
        match self {
            Self::ContinuesRun => 100,
            Self::FitsGoal | Self::AfterHarm => 8,
            Self::FitsSituation => 6,
            Self::NeedsNoGoal | Self::Favourite => 4,
            Self::FitsContact | Self::FitsEffort | Self::Beginning => 2,
        }
    }
}

/// What is looked for, in the catalogue's words.
pub(super) struct Wish<'a> {
    relationship: Option<&'a Relationship>,
    /// What is wrong for the relationship.
    wrong: Words,
}

impl<'a> Wish<'a> {
    pub(super) fn of(relationship: Option<&'a Relationship>, today: NaiveDate) -> Self {
        let mut wrong = Words::default();
        if let Some(it) = relationship {
            let mut add = |facet: &str, word: &str| wrong.ask(facet, word).is_some();
            if it.harm.is_some() || it.contact == ContactLevel::None {
                for nudge in Nudge::ALL {
                    add("nudges", nudge.as_str());
                }
            }
            let harm_goes_on =
                it.harm.as_ref().is_some_and(|harm| matches!(harm.when, Some(HarmTime::Now | HarmTime::Both)));
            let died = it.contact == ContactLevel::Deceased;
            let lately = it.contact_since.is_some_and(|since| today - since < TimeDelta::days(365));
            let said = [
                (it.harm.is_some(), "harm"),
                (harm_goes_on, "in_crisis"),
                (it.contact == ContactLevel::None, "no_contact"),
                (died, "deceased"),
                (died && lately, "recent_loss"),
                (it.contact == ContactLevel::Unknown, "unknown_mother"),
            ];
            for (_, word) in said.iter().filter(|(is_so, _)| *is_so) {
                add("contraindications", word);
            }
            if died || it.contact == ContactLevel::Unknown {
                add("nudges", Nudge::Contact.as_str());
            }
        }
        Self { relationship, wrong }
    }

    /// The reasons for an item with these words; none when it is wrong for the relationship, or nothing speaks for it.
    pub(super) fn reasons(&self, words: &Words, is_favourite: bool) -> Vec<Reason> {
        if self.wrong.touches(words) {
            return Vec::new();
        }
        let mut reasons = Vec::new();
        let mut add = |code, words: Vec<String>| reasons.push(Reason { code, words });
        if is_favourite {
            add(ReasonCode::Favourite, Vec::new());
        }
        let cares = has(words, "stance", Stance::SelfCare.as_str());
        let Some(it) = self.relationship else {
            if cares && has(words, "effort", Effort::Small.as_str()) {
                add(ReasonCode::Beginning, Vec::new());
            }
            return reasons;
        };
        if words.says("contact") && !has(words, "contact", it.contact.as_str()) {
            return Vec::new();
        }
        if it.goal != Goal::Undecided && has(words, "stance", it.goal.as_str()) {
            add(ReasonCode::FitsGoal, vec![it.goal.as_str().to_owned()]);
        }
        if it.goal == Goal::Undecided && cares {
            add(ReasonCode::NeedsNoGoal, Vec::new());
        }
        if it.harm.is_some() && cares {
            add(ReasonCode::AfterHarm, Vec::new());
        }
        let named = it.situations.iter().map(|one| one.as_str()).filter(|one| has(words, "situations", one));
        let named: Vec<String> = named.map(str::to_owned).collect();
        if !named.is_empty() {
            add(ReasonCode::FitsSituation, named);
        }
        // These alone say too little: they come on top of another reason.
        if !reasons.is_empty() {
            let mut add = |code, word: &str| reasons.push(Reason { code, words: vec![word.to_owned()] });
            if words.says("contact") {
                add(ReasonCode::FitsContact, it.contact.as_str());
            }
            let within = |effort: &Effort| {
                it.effort.is_some_and(|most| *effort <= most) && has(words, "effort", effort.as_str())
            };
            if let Some(effort) = Effort::ALL.iter().find(|effort| within(effort)) {
                add(ReasonCode::FitsEffort, effort.as_str());
            }
        }
        reasons
    }
}

/// How much speaks for an item.
pub(super) fn weight(reasons: &[Reason]) -> i32 {
    reasons.iter().map(|reason| reason.code.weight()).sum()
}

fn has(words: &Words, facet: &str, word: &str) -> bool {
    let mut asked = Words::default();
    asked.ask(facet, word) == Some(true) && asked.touches(words)
}
