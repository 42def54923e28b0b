//! Boundaries: what somebody will and will not accept, why, and what they themselves will do about it.
//! Holds always: a boundary in force says what its owner will do, since nobody can act for the other side (E1).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::database::Id;
use crate::http::vocabulary;
use crate::privacy::Text;
use crate::records::{Collection, Faults, Filter, Parent, Reference, example_id};
use crate::resources::local;

/// What somebody will and will not accept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Boundary {
    /// The list it stands in (E1).
    pub list_id: Id,
    /// The boundary in one or two sentences (E1).
    pub statement: Text<1000>,
    /// What it is about (E1).
    pub category: BoundaryCategory,
    /// What it protects (E1).
    #[serde(default)]
    pub why: Option<Text<4000>>,
    /// What its owner will do when it is not kept. An active boundary needs it (E1).
    #[serde(default)]
    pub what_i_will_do: Option<Text<2000>>,
    /// The words in which its owner says it to her (E1).
    #[serde(default)]
    pub how_i_say_it: Option<Text<1000>>,
    /// How far it has come (E1).
    #[serde(default)]
    pub status: BoundaryStatus,
    /// Day since which it has been in force, or will be. A draft has none (E1).
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Day on which its owner wants to look at it again. A retired boundary has none (E1).
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
    /// The boundary that took its place. Only a renegotiated one has it (E1).
    #[serde(default)]
    pub renegotiated_to_id: Option<Id>,
    /// Where its owner wants it in the list, smallest first; the same number twice is allowed (E1).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10000)]
    pub position: u16,
}

vocabulary! {
    /// What a boundary is about (E1).
    pub enum BoundaryCategory {
        Contact = "contact",
        Visits = "visits",
        Money = "money",
        Privacy = "privacy",
        /// What is talked about and what is not.
        Topics = "topics",
        PartnerAndFamily = "partner_and_family",
        Parenting = "parenting",
        Body = "body",
        Home = "home",
        Holidays = "holidays",
        Time = "time",
        /// How one is spoken to.
        Tone = "tone",
        /// Being made responsible for her feelings, or for being her parent.
        Roles = "roles",
        Other = "other",
    }
}

vocabulary! {
    /// How far a boundary has come; any status can follow any other (E1).
    pub enum BoundaryStatus default Draft {
        /// Not in force yet.
        Draft = "draft",
        /// In force.
        Active = "active",
        /// Talked over and changed; `renegotiated_to_id` can name what took its place.
        Renegotiated = "renegotiated",
        /// No longer needed, or given up.
        Retired = "retired",
    }
}

/// Which boundaries to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoundaryFilter {
    /// Only with one of these statuses; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub status: Vec<BoundaryStatus>,
    /// Only about one of these things; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub category: Vec<BoundaryCategory>,
}

impl Filter<Boundary> for BoundaryFilter {
    fn is_empty(&self) -> bool {
        self.status.is_empty() && self.category.is_empty()
    }

    fn matches(&self, boundary: &Boundary) -> bool {
        (self.status.is_empty() || self.status.contains(&boundary.status))
            && (self.category.is_empty() || self.category.contains(&boundary.category))
    }
}

impl Collection for Boundary {
    const NAME: &'static str = "boundaries";
    const SINGULAR: &'static str = "boundary";
    const ABOUT: &'static str =
        "What somebody will and will not accept, why, and what they will do when it is not kept.";
    const PURPOSE: &'static str = "To keep your boundaries, how they changed, and what you decided to do about each.";
    const PARENT: Option<Parent> = Some(Parent { member: "list_id", collection: "boundary-lists" });
    type Filter = BoundaryFilter;

    fn example() -> Self {
        Self {
            list_id: example_id(),
            statement: Text::sample("No calls after nine in the evening."),
            category: BoundaryCategory::Time,
            why: Some(Text::sample("I sleep badly after late calls.")),
            what_i_will_do: Some(Text::sample("I let it ring and call back the next day.")),
            how_i_say_it: Some(Text::sample("I am glad to talk until nine.")),
            status: BoundaryStatus::Active,
            since: NaiveDate::from_ymd_opt(2026, 4, 1),
            review_on: NaiveDate::from_ymd_opt(2026, 7, 1),
            renegotiated_to_id: None,
            position: 1,
        }
    }

    fn parent(&self) -> Option<Id> {
        Some(self.list_id)
    }

    fn references(&self) -> Vec<Reference> {
        let successor = self.renegotiated_to_id.map(|id| Reference::record("/renegotiated_to_id", Self::NAME, id));
        successor.into_iter().collect()
    }

    fn check(&self, faults: &mut Faults) {
        local::planned(faults, "/since", self.since);
        local::planned(faults, "/review_on", self.review_on);
        if self.status == BoundaryStatus::Active && self.what_i_will_do.is_none() {
            faults.clash("/what_i_will_do", "An active boundary says what its owner will do when it is not kept.");
        }
        if self.status == BoundaryStatus::Draft && self.since.is_some() {
            faults.clash("/since", "A draft is not in force yet.");
        }
        if self.status == BoundaryStatus::Retired && self.review_on.is_some() {
            faults.clash("/review_on", "A retired boundary is not looked at again.");
        }
        if self.status != BoundaryStatus::Renegotiated && self.renegotiated_to_id.is_some() {
            faults.clash("/renegotiated_to_id", "Only a renegotiated boundary has a successor.");
        }
        if self.since.zip(self.review_on).is_some_and(|(since, review)| review < since) {
            faults.clash("/review_on", "The review lies before the boundary is in force.");
        }
    }
}
