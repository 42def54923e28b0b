//! Every vocabulary of the API in one list, so that each word has its texts for people.
//! Holds always: a vocabulary of the document that is missing here, and a word here without its texts, each fail a test.

use super::accounts::OutreachContent;
use super::curated::{
    affirmations, books, boundary_templates, branches, claims, concepts, courses, disclaimers, experts, help_contacts,
    occasions, practitioners, programs, question_sets, scripts, self_checks, situations, steps, stories, tips,
};
use super::guidance::ReasonCode;
use super::private::{boundaries, boundary_events, journal, marks, program_runs, relationships};
use super::questions::AnswerForm;
use super::submissions::words as submissions;
use crate::catalogue::Kind;
use crate::catalogue::diff::Change;
use crate::catalogue::exchange::report::ImportOutcome;
use crate::catalogue::link_check::shapes::LinkStatus;
use crate::catalogue::related::Direction;
use crate::catalogue::vocabulary as facets;
use crate::http::code::Code;
use crate::http::vocabulary::Vocabulary;

/// A vocabulary's name in the document and its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub name: &'static str,
    pub words: &'static [&'static str],
}

const fn of<V: Vocabulary>() -> Words {
    Words { name: V::NAME, words: V::WORDS }
}

/// What people find: the values of `kind` in answers, those of parts included.
struct ItemKind;

impl Vocabulary for ItemKind {
    const NAME: &'static str = "ItemKind";
    const WORDS: &'static [&'static str] = &[
        tips::Tip::SINGULAR,
        programs::Program::SINGULAR,
        "step",
        scripts::Script::SINGULAR,
        question_sets::QuestionSet::SINGULAR,
        self_checks::SelfCheck::SINGULAR,
        situations::Situation::SINGULAR,
        concepts::Concept::SINGULAR,
        boundary_templates::BoundaryTemplate::SINGULAR,
        affirmations::Affirmation::SINGULAR,
        claims::Claim::SINGULAR,
        experts::Expert::SINGULAR,
        books::Book::SINGULAR,
        courses::Course::SINGULAR,
        practitioners::Practitioner::SINGULAR,
        help_contacts::HelpContact::SINGULAR,
        occasions::Occasion::SINGULAR,
        disclaimers::Disclaimer::SINGULAR,
        stories::Story::SINGULAR,
    ];
}

/// Every vocabulary, in the order in which they are met: by people first, then by curators.
pub static VOCABULARIES: &[Words] = &[
    of::<Code>(),
    of::<ItemKind>(),
    of::<facets::Stance>(),
    of::<facets::Nudge>(),
    of::<facets::Topic>(),
    of::<facets::Situation>(),
    of::<facets::Audience>(),
    of::<facets::ContactLevel>(),
    of::<facets::Effort>(),
    of::<facets::EvidenceGrade>(),
    of::<facets::ContentWarning>(),
    of::<facets::Contraindication>(),
    of::<facets::ReviewStatus>(),
    of::<facets::LinkMeaning>(),
    of::<facets::MediaLicence>(),
    of::<Direction>(),
    of::<relationships::Figure>(),
    of::<relationships::Goal>(),
    of::<relationships::HarmKind>(),
    of::<relationships::HarmTime>(),
    of::<OutreachContent>(),
    of::<boundaries::BoundaryCategory>(),
    of::<boundaries::BoundaryStatus>(),
    of::<boundary_events::BoundaryEventKind>(),
    of::<boundary_events::Medium>(),
    of::<journal::MoodScale>(),
    of::<journal::JournalLinkKind>(),
    of::<marks::MarkKind>(),
    of::<program_runs::RunState>(),
    of::<program_runs::Ending>(),
    of::<program_runs::StepState>(),
    of::<ReasonCode>(),
    of::<help_contacts::HelpTopic>(),
    of::<help_contacts::HelpMethod>(),
    of::<disclaimers::DisclaimerSubject>(),
    of::<stories::StoryForm>(),
    of::<submissions::SubmissionStatus>(),
    of::<submissions::DeclineReason>(),
    of::<scripts::ScriptPurpose>(),
    of::<steps::ExerciseKind>(),
    of::<AnswerForm>(),
    of::<question_sets::AskedOf>(),
    of::<situations::SeenFrom>(),
    of::<claims::ClaimStanding>(),
    of::<experts::ExpertRole>(),
    of::<practitioners::Listing>(),
    of::<practitioners::ClaimBasis>(),
    of::<practitioners::Modality>(),
    of::<practitioners::Sees>(),
    of::<occasions::RuleKind>(),
    of::<occasions::DayOfWeek>(),
    of::<branches::ConditionKind>(),
    of::<facets::ItemStatus>(),
    of::<Change>(),
    of::<ImportOutcome>(),
    of::<LinkStatus>(),
];

/// The words of the vocabulary with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static [&'static str]> {
    VOCABULARIES.iter().find(|known| known.name == name).map(|known| known.words)
}
