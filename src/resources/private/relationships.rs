//! Relationships: whom all the rest is about, how things stand, where the writer wants to go, and what harm there was.
//! Holds always: harm that is marked, or contact that has ended, keeps content that pushes towards contact away from
//! the writer from the very next request on (P3); nobody but the writer ever reads why (P2).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::catalogue::Hidden;
use crate::catalogue::vocabulary::{ContactLevel, Contraindication, Effort, Nudge, Situation};
use crate::http::vocabulary;
use crate::privacy::Text;
use crate::records::{Collection, Faults, Filter};
use crate::resources::{local, rules};

/// A mother, or somebody who is or was like one, and how things stand between her and the writer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Relationship {
    /// Who she is to the writer (F1).
    pub figure: Figure,
    /// What the writer calls her; any name will do (F1).
    pub name: Text<120>,
    /// How much contact there is now. `none` withholds content that pushes towards contact (E6, P3).
    pub contact: ContactLevel,
    /// Day since which contact has been as it is (E6).
    #[serde(default)]
    pub contact_since: Option<NaiveDate>,
    /// Last day of a break that has an end; null when it is open. Only with contact `low` or `none` (E6).
    #[serde(default)]
    pub contact_until: Option<NaiveDate>,
    /// Day on which the writer wants to look at the level of contact again. Only with contact `low` or `none` (E6).
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
    /// Where the writer wants to get to; `undecided` is an answer (F1, P2).
    #[serde(default)]
    pub goal: Goal,
    /// How much the writer can give to that goal at the moment (F1).
    #[serde(default)]
    pub effort: Option<Effort>,
    /// How close the two are now, from 1, strangers, over 3, at ease with a distance, to 5, very close (F1).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub closeness_now: Option<u8>,
    /// How close the writer would like to be, on the same scale (F1).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub closeness_wished: Option<u8>,
    /// What she did or does that harms; null when nothing is marked. Marking harm withholds content that pushes
    /// towards contact, repair, apology or forgiveness (P2, P3).
    #[serde(default)]
    pub harm: Option<Harm>,
    /// What the matter is, in the catalogue's words (F1).
    #[serde(default)]
    #[schema(max_items = 25)]
    pub situations: Vec<Situation>,
    /// What keeps happening between the two, in the writer's words (F1).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub patterns: Vec<Text<300>>,
    /// Anything else, Markdown (F1).
    #[serde(default)]
    pub notes: Option<Text<10000>>,
}

vocabulary! {
    /// Who somebody is to the writer (F1).
    pub enum Figure {
        Mother = "mother",
        Stepmother = "stepmother",
        AdoptiveMother = "adoptive_mother",
        FosterMother = "foster_mother",
        BirthMother = "birth_mother",
        Grandmother = "grandmother",
        MotherInLaw = "mother_in_law",
        /// Somebody who was like a mother.
        MotherFigure = "mother_figure",
        Other = "other",
    }
}

vocabulary! {
    /// Where the writer wants to get to; all goals count the same (F1, C4).
    pub enum Goal default Undecided {
        /// Not known yet, which is an answer.
        Undecided = "undecided",
        /// Repair what can be repaired.
        Repair = "repair",
        /// Keep the peace.
        KeepPeace = "keep_peace",
        /// Accept what will not change.
        AcceptLimits = "accept_limits",
        /// Keep a distance.
        Distance = "distance",
        /// End contact.
        Leave = "leave",
        /// Grieve what was lost or never was.
        Grieve = "grieve",
    }
}

impl Goal {
    /// Whether it takes somebody who can be reached.
    const fn needs_her(self) -> bool {
        matches!(self, Self::Repair | Self::KeepPeace | Self::Distance | Self::Leave)
    }
}

/// Harm, as far as the writer wants to name it (P2).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Harm {
    /// What kinds of harm, each once; `unnamed` for what the writer would rather not name (P2).
    #[schema(min_items = 1, max_items = 10)]
    pub kinds: Vec<HarmKind>,
    /// Whether it is over; null when the writer leaves that open (P2).
    #[serde(default)]
    pub when: Option<HarmTime>,
    /// Whatever the writer wants to keep about it (P2).
    #[serde(default)]
    pub note: Option<Text<4000>>,
}

vocabulary! {
    /// A kind of harm (P2).
    pub enum HarmKind {
        Emotional = "emotional",
        Verbal = "verbal",
        Physical = "physical",
        Sexual = "sexual",
        Neglect = "neglect",
        Financial = "financial",
        /// Being controlled, watched or cut off from others.
        Control = "control",
        Other = "other",
        /// Not to be named.
        Unnamed = "unnamed",
    }
}

vocabulary! {
    /// When harm was or is done (P2).
    pub enum HarmTime {
        /// It is over.
        Past = "past",
        /// It goes on.
        Now = "now",
        /// It happened then and happens now.
        Both = "both",
    }
}

/// Which relationships to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RelationshipFilter {
    /// Only with one of these people; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub figure: Vec<Figure>,
    /// Only with one of these levels of contact; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub contact: Vec<ContactLevel>,
}

impl Filter<Relationship> for RelationshipFilter {
    fn is_empty(&self) -> bool {
        self.figure.is_empty() && self.contact.is_empty()
    }

    fn matches(&self, record: &Relationship) -> bool {
        (self.figure.is_empty() || self.figure.contains(&record.figure))
            && (self.contact.is_empty() || self.contact.contains(&record.contact))
    }
}

impl Relationship {
    /// Whether nobody can reach her any more.
    const fn is_beyond_reach(&self) -> bool {
        matches!(self.contact, ContactLevel::Deceased | ContactLevel::Unknown)
    }

    fn check_contact(&self, faults: &mut Faults) {
        let days = [
            ("/contact_since", self.contact_since),
            ("/contact_until", self.contact_until),
            ("/review_on", self.review_on),
        ];
        for (pointer, day) in days {
            local::planned(faults, pointer, day);
        }
        if !matches!(self.contact, ContactLevel::Low | ContactLevel::None) {
            for (pointer, day) in days.into_iter().skip(1) {
                if day.is_some() {
                    faults.clash(pointer, "Only with contact `low` or `none`.");
                }
            }
        }
        if self.contact_since.zip(self.contact_until).is_some_and(|(since, until)| until < since) {
            faults.clash("/contact_until", "The break ends before it begins.");
        }
    }
}

impl Collection for Relationship {
    const NAME: &'static str = "relationships";
    const SINGULAR: &'static str = "relationship";
    const ABOUT: &'static str = "A mother, or somebody who is or was like one: how much contact there is, where the \
        writer wants to get to, and what harm there was. Several are possible; everything else can be about one of them.";
    const PURPOSE: &'static str =
        "To keep what you write apart by person, and to keep advice away that would be wrong for you.";
    const GUARDS_OUTREACH: bool = true;
    const SHAPES_SIGHT: bool = true;
    type Filter = RelationshipFilter;

    fn example() -> Self {
        Self {
            figure: Figure::Mother,
            name: Text::sample("Mum"),
            contact: ContactLevel::Low,
            contact_since: NaiveDate::from_ymd_opt(2026, 3, 1),
            contact_until: NaiveDate::from_ymd_opt(2026, 9, 1),
            review_on: NaiveDate::from_ymd_opt(2026, 8, 15),
            goal: Goal::KeepPeace,
            effort: Some(Effort::Small),
            closeness_now: Some(2),
            closeness_wished: Some(3),
            harm: None,
            situations: vec![Situation::GuiltTrips, Situation::Criticism],
            patterns: vec![Text::sample("Each call ends with what I forgot to do.")],
            notes: Some(Text::sample("Short visits go better than long ones.")),
        }
    }

    fn check(&self, faults: &mut Faults) {
        self.check_contact(faults);
        if self.is_beyond_reach() && self.goal.needs_her() {
            faults.clash("/goal", "This goal needs somebody who can be reached.");
        }
        if let Some(harm) = &self.harm {
            rules::unique(faults, "/harm/kinds", &harm.kinds);
        }
        rules::unique(faults, "/situations", &self.situations);
        rules::unique(faults, "/patterns", self.patterns.iter().map(|pattern| rules::folded(pattern.as_str())));
    }

    fn withholds_outreach(&self) -> bool {
        self.harm.is_some() || self.contact == ContactLevel::None
    }

    fn withholds_anew(&self, before: Option<&Self>) -> bool {
        let said = |it: &Self| (it.contact, it.harm.as_ref().map(|harm| (harm.kinds.clone(), harm.when)));
        self.withholds_outreach() && before.is_none_or(|before| said(before) != said(self))
    }

    /// Where nobody can be reached, nothing says "call her" (G3). Somebody else who can be reached lifts that: what is
    /// about her is for her.
    fn hide(relationships: &[Self], hidden: &mut Hidden) {
        if relationships.is_empty() || !relationships.iter().all(Self::is_beyond_reach) {
            return;
        }
        hidden.nudge(Nudge::Contact);
        for relationship in relationships {
            hidden.contraindication(match relationship.contact {
                ContactLevel::Deceased => Contraindication::Deceased,
                _ => Contraindication::UnknownMother,
            });
        }
    }
}
