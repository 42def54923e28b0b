//! Journal entries: what somebody writes about a day, how it felt, and what it belongs to.
//! Holds always: the day is the writer's own and is never converted (D1); several feelings at once are as good as one (D2);
//! a link can be asked for from both ends (D5).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::database::Id;
use crate::privacy::Text;
use crate::records::{Collection, Faults, Filter, Reference, Surroundings};
use crate::resources::local::{self, ClockTime, Zone};
use crate::resources::rules;

mod feelings;
mod links;

pub use feelings::{Feeling, Mood, MoodScale, OwnScale};
pub use links::{JournalLink, JournalLinkKind};

/// What somebody wrote about a day.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct JournalEntry {
    /// A heading, if there is one (D1).
    #[serde(default)]
    pub title: Option<Text<200>>,
    /// The entry itself, Markdown (D1).
    pub text: Text<20000>,
    /// The day it is about, in the writer's zone; any day that has been lived (D1).
    pub day: NaiveDate,
    /// The zone in which `day` and `local_time` were read off the wall (D1).
    pub time_zone: Zone,
    /// The time of day, if it matters (D1).
    #[serde(default)]
    pub local_time: Option<ClockTime>,
    /// Mood before and after what the entry tells or before and after writing (D2).
    #[serde(default)]
    pub mood: Option<Mood>,
    /// Feelings, as many at once as there are (D2).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub feelings: Vec<Feeling>,
    /// What the feelings ask for, in any words: rest, respect, to be heard (D2).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub needs: Vec<Text<60>>,
    /// Readings on scales of the writer's own; each carries its ends, so an old reading keeps its meaning (D2).
    #[serde(default)]
    #[schema(max_items = 10)]
    pub scales: Vec<OwnScale>,
    /// The question that the entry answers, as it was asked (D3).
    #[serde(default)]
    pub prompt: Option<Text<500>>,
    /// Whom the entry is about (D5, F1).
    #[serde(default)]
    pub relationship_id: Option<Id>,
    /// What else it belongs to; `linked_id` finds the entries of a thing (D5).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub links: Vec<JournalLink>,
    /// Whether the writer has not finished it (D6).
    #[serde(default)]
    pub draft: bool,
}

/// Which entries to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JournalFilter {
    /// Only about one of these relationships; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub relationship_id: Vec<Id>,
    /// Only with one of these feelings, in any letter case; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub feeling: Vec<Text<60>>,
    /// Only linked to one of these things, whatever kind they are; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub linked_id: Vec<Id>,
    /// Only drafts, or only finished entries.
    #[serde(default)]
    pub draft: Option<bool>,
}

impl Filter<JournalEntry> for JournalFilter {
    fn is_empty(&self) -> bool {
        self.relationship_id.is_empty() && self.feeling.is_empty() && self.linked_id.is_empty() && self.draft.is_none()
    }

    fn matches(&self, entry: &JournalEntry) -> bool {
        let about = |wanted: &Id| entry.relationship_id.as_ref() == Some(wanted);
        let felt = |wanted: &Text<60>| entry.feelings.iter().any(|feeling| feeling.is(wanted.as_str()));
        let linked = |wanted: &Id| about(wanted) || entry.links.iter().any(|link| link.id == *wanted);
        (self.relationship_id.is_empty() || self.relationship_id.iter().any(about))
            && (self.feeling.is_empty() || self.feeling.iter().any(felt))
            && (self.linked_id.is_empty() || self.linked_id.iter().any(linked))
            && self.draft.is_none_or(|draft| draft == entry.draft)
    }
}

impl Collection for JournalEntry {
    const NAME: &'static str = "journal-entries";
    const SINGULAR: &'static str = "journal_entry";
    const ABOUT: &'static str =
        "What somebody writes about a day: text, mood, feelings and needs, and what it belongs to.";
    const PURPOSE: &'static str =
        "To keep your journal for you, and to find an entry again from whatever it is linked to.";
    const DATED: bool = true;
    type Filter = JournalFilter;

    fn example() -> Self {
        Self {
            title: Some(Text::sample("Ten minutes on the phone")),
            text: Text::sample("I said that I would call on Sundays. She sighed, and then we talked about the garden."),
            day: local::sample_day(),
            time_zone: Zone::UTC,
            local_time: Some(ClockTime::MIDNIGHT),
            mood: Some(Mood { scale: MoodScale::Valence5, before: Some(2), after: Some(4) }),
            feelings: vec![Feeling::sample("relief", Some(4)), Feeling::sample("sadness", None)],
            needs: vec![Text::sample("to be heard")],
            scales: vec![OwnScale { name: Text::sample("Tension in my shoulders"), value: 3, min: 0, max: 10 }],
            prompt: Some(Text::sample("What went differently this time?")),
            relationship_id: None,
            links: Vec::new(),
            draft: false,
        }
    }

    fn day(&self) -> Option<NaiveDate> {
        Some(self.day)
    }

    fn references(&self) -> Vec<Reference> {
        let person = self.relationship_id.map(|id| Reference::record("/relationship_id", "relationships", id));
        let links = self.links.iter().enumerate().map(|(index, link)| link.reference(format!("/links/{index}/id")));
        person.into_iter().chain(links).collect()
    }

    fn check(&self, faults: &mut Faults) {
        if let Some(mood) = &self.mood {
            mood.check(faults);
        }
        rules::unique(faults, "/feelings", self.feelings.iter().map(|feeling| rules::folded(feeling.name.as_str())));
        rules::unique(faults, "/needs", self.needs.iter().map(|need| rules::folded(need.as_str())));
        rules::unique(faults, "/scales", self.scales.iter().map(|scale| rules::folded(scale.name.as_str())));
        for (index, scale) in self.scales.iter().enumerate() {
            scale.check(faults, &format!("/scales/{index}"));
        }
        rules::unique(faults, "/links", &self.links);
    }

    fn settle(&mut self, _before: Option<&Self>, around: &Surroundings<'_>, faults: &mut Faults) {
        local::lived(faults, "/day", Some(self.day), around.now);
    }
}
