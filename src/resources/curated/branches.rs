//! Where a program goes on after a step: by what was answered, by the goal, by what is known of safety.
//! Holds always: no published step is out of reach, and from each of them an ending can be reached, also in the view of
//! people from whom steps are withheld; all endings are worth the same (C3, C4).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::steps::Step;
use crate::catalogue::Line;
use crate::catalogue::document::offers_no_outreach;
use crate::catalogue::rules::fault;
use crate::catalogue::vocabulary::ContactLevel;
use crate::http::problem::Fault;
use crate::http::vocabulary;
use crate::resources::private::program_runs::Ending;
use crate::resources::private::relationships::Goal;
use crate::resources::questions::Question;

/// One way on from a step. The first one whose conditions all hold is taken; when none does, the next step follows, and
/// after the last one the program is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BranchInput)]
pub struct Branch {
    /// What has to hold, all of it; empty for what is taken in any case, which then comes last.
    #[serde(default)]
    #[schema(max_items = 6)]
    pub when: Vec<BranchCondition>,
    /// The slug of the step that it leads to; null when the program is over here.
    #[schema(min_length = 3, max_length = 60, example = "see-what-cannot-be-mended")]
    pub to: Option<String>,
    /// What it may have come to when the program is over here; any ending counts the same.
    pub ending: Option<Ending>,
    /// Whether from here on the run is led to no step that pushes towards contact, repair, apology or forgiveness, as long
    /// as the answer stands: whoever only wants to blame and attack is not told to try again.
    #[serde(default)]
    pub withholds: bool,
}

/// Something that has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BranchConditionInput)]
pub struct BranchCondition {
    pub kind: ConditionKind,
    /// For `answer`: the slug of the step whose exercise was answered; null for this step.
    #[schema(min_length = 3, max_length = 60, example = "choose-your-aim")]
    pub step: Option<String>,
    /// For `answer`: the key of the question.
    #[schema(min_length = 1, max_length = 40, example = "what-do-i-want")]
    pub question: Option<String>,
    /// One of these: values of the question's options, goals, levels of contact; for `harm` one of `marked`, `now`, `none`.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub any_of: Vec<ConditionWord>,
    /// For an `answer` that is a rating: at least this.
    #[schema(minimum = 0, maximum = 10, example = 4)]
    pub at_least: Option<i32>,
}

/// A word that a condition asks for.
pub type ConditionWord = Line<40>;

vocabulary! {
    /// What a condition looks at.
    pub enum ConditionKind {
        /// What was answered in an exercise.
        Answer = "answer",
        /// The goal of the relationship that the run is about.
        Goal = "goal",
        /// The level of contact.
        Contact = "contact",
        /// Whether harm is marked.
        Harm = "harm",
    }
}

/// The words for harm: there is some, it goes on, there is none.
const HARM: [&str; 3] = ["marked", "now", "none"];

/// Checks the branches of a program that is to be published.
pub(super) fn check(steps: &[Step], faults: &mut Vec<Fault>) {
    let before = faults.len();
    for (index, step) in steps.iter().enumerate() {
        for (number, branch) in step.next.iter().enumerate() {
            let place = format!("/steps/{index}/next/{number}");
            check_branch(steps, step, branch, &place, faults);
            if branch.when.is_empty() && number + 1 < step.next.len() {
                faults.push(fault(format!("{place}/when"), "hides_others", "What is always taken comes last."));
            }
        }
    }
    // A graph with edges to nowhere says nothing.
    if faults.len() == before {
        let everyone: Vec<&Step> = steps.iter().collect();
        check_graph(steps, &everyone, "", faults);
        let shown: Vec<&Step> = steps.iter().filter(|step| offers_no_outreach(&step.nudges, &step.contraindications)).collect();
        if shown.len() < steps.len() {
            check_graph(steps, &shown, " by people from whom other steps are withheld", faults);
        }
    }
}

fn check_branch(steps: &[Step], from: &Step, branch: &Branch, place: &str, faults: &mut Vec<Fault>) {
    if let Some(to) = &branch.to {
        match named(steps, to) {
            None => faults.push(fault(format!("{place}/to"), "unknown_step", "The program has no step with this slug.")),
            Some(step) if branch.withholds && !step.nudges.is_empty() => {
                let detail = "What withholds leads to no step that pushes.";
                faults.push(fault(format!("{place}/to"), "pushes", detail));
            }
            Some(_) => {}
        }
        if branch.ending.is_some() {
            faults.push(fault(format!("{place}/ending"), "not_over", "Only where the program is over there is an ending."));
        }
    }
    for (number, condition) in branch.when.iter().enumerate() {
        check_condition(steps, from, condition, &format!("{place}/when/{number}"), faults);
    }
}

fn check_condition(steps: &[Step], from: &Step, condition: &BranchCondition, place: &str, faults: &mut Vec<Fault>) {
    let wrong = |member: &str, detail: &str| fault(format!("{place}/{member}"), "cannot_hold", detail);
    if condition.kind != ConditionKind::Answer {
        if condition.step.is_some() || condition.question.is_some() || condition.at_least.is_some() {
            faults.push(wrong("kind", "Only an answer has a step, a question and a number."));
        }
        let known = |word: &ConditionWord| match condition.kind {
            ConditionKind::Goal => word.parse::<Goal>().is_ok(),
            ConditionKind::Contact => word.parse::<ContactLevel>().is_ok(),
            ConditionKind::Harm | ConditionKind::Answer => HARM.contains(&&**word),
        };
        if condition.any_of.is_empty() || !condition.any_of.iter().all(known) {
            faults.push(wrong("any_of", "Not the words of what is looked at, or none."));
        }
        return;
    }
    let step = condition.step.as_deref().map_or(Some(from), |slug| named(steps, slug));
    let questions = step.and_then(|step| step.exercise.as_ref()).map(|exercise| exercise.questions.as_slice());
    let asked = |question: &&Question| Some(&question.key) == condition.question.as_ref();
    match questions.unwrap_or_default().iter().find(asked) {
        None => faults.push(wrong("question", "There is no such question in that step's exercise.")),
        Some(question) => {
            let offered = |word: &ConditionWord| question.options.iter().any(|option| *option.value == **word);
            let rates = question.scale.is_some() && condition.at_least.is_some() && condition.any_of.is_empty();
            let chooses = !condition.any_of.is_empty() && condition.any_of.iter().all(offered);
            if !rates && (!chooses || condition.at_least.is_some()) {
                faults.push(wrong("any_of", "Values of the question's options, or a number for its scale."));
            }
        }
    }
}

fn named<'a>(steps: &'a [Step], slug: &str) -> Option<&'a Step> {
    steps.iter().find(|step| step.slug == slug)
}

/// Each of the `shown` steps is reached from the first, and an ending from each.
fn check_graph(steps: &[Step], shown: &[&Step], whom: &str, faults: &mut Vec<Fault>) {
    let Some(first) = shown.first() else { return };
    let mut ways = Ways::new();
    for (index, step) in shown.iter().enumerate() {
        ways.insert(&step.slug, ways_on(step, shown, shown.get(index + 1)));
    }
    let reached = closure(&ways, BTreeSet::from([first.slug.as_str()]), |slug, found| {
        found.contains(slug) || ways.iter().any(|(from, (to, _))| found.contains(from) && to.contains(slug))
    });
    let ends: BTreeSet<&str> = ways.iter().filter(|(_, (_, ends))| *ends).map(|(slug, _)| *slug).collect();
    let ending = closure(&ways, ends, |slug, found| {
        found.contains(slug) || ways.get(slug).is_some_and(|(to, _)| to.iter().any(|to| found.contains(to)))
    });
    for (index, step) in steps.iter().enumerate() {
        let slug = step.slug.as_str();
        if !ways.contains_key(slug) {
            continue;
        }
        if !reached.contains(slug) {
            faults.push(fault(format!("/steps/{index}"), "unreachable", format!("This step is never reached{whom}.")));
        } else if !ending.contains(slug) {
            let detail = format!("From this step no ending is reached{whom}.");
            faults.push(fault(format!("/steps/{index}/next"), "dead_end", detail));
        }
    }
}

type Ways<'a> = BTreeMap<&'a str, (BTreeSet<&'a str>, bool)>;

/// Grows `found` by every step for which `joins` says so, until none does.
fn closure<'a>(
    ways: &Ways<'a>,
    mut found: BTreeSet<&'a str>,
    joins: impl Fn(&str, &BTreeSet<&'a str>) -> bool,
) -> BTreeSet<&'a str> {
    loop {
        let more: Vec<&'a str> =
            ways.keys().copied().filter(|slug| !found.contains(slug) && joins(slug, &found)).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// The steps that may follow, and whether the program may be over.
fn ways_on<'a>(step: &'a Step, shown: &[&'a Step], following: Option<&&'a Step>) -> (BTreeSet<&'a str>, bool) {
    let is_shown = |slug: &str| shown.iter().any(|other| other.slug == slug);
    let (mut to, mut ends, mut settled) = (BTreeSet::new(), false, false);
    for branch in &step.next {
        match branch.to.as_deref() {
            Some(slug) if is_shown(slug) => {
                to.insert(slug);
                settled |= branch.when.is_empty();
            }
            // What leads to a withheld step is passed over.
            Some(_) => {}
            None => {
                ends = true;
                settled |= branch.when.is_empty();
            }
        }
    }
    if !settled {
        match following {
            Some(following) => {
                to.insert(following.slug.as_str());
            }
            None => ends = true,
        }
    }
    (to, ends)
}
