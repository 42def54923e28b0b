//! Marks: what somebody keeps, hides, finds helpful or was hurt by, and which tip was theirs on which day.
//! Holds always: a mark is sealed like all that a person keeps; what is hidden, and what hurt, leaves all that its owner is
//! shown from their next request on (B11, P7); curators learn numbers from a threshold on, and never whose.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::catalogue::signals::{Signal, SignalKind};
use crate::catalogue::vocabulary::Topic;
use crate::catalogue::{Hidden, View};
use crate::database::Id;
use crate::http::vocabulary;
use crate::privacy::Text;
use crate::records::{Collection, Faults, Filter, Reference, Surroundings};

/// What somebody says, for themselves, of an item of the catalogue or of a topic.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Mark {
    /// What is said. It stays; another mark says something else (B11).
    pub kind: MarkKind,
    /// The item, or the step of a program, that it is about; null when it is about a topic (B11).
    #[serde(default)]
    pub item_id: Option<Id>,
    /// The plural of the item's kind, as in its path. Set by the service; null when it is about a topic (B11).
    #[serde(default)]
    #[schema(read_only, max_length = 40, example = "tips")]
    pub item_kind: Option<String>,
    /// The topic to be hidden; null when it is about an item (B11).
    #[serde(default)]
    pub topic: Option<Topic>,
    /// The day on which an item was the tip of the day, in the writer's zone; only with `shown` (B11).
    #[serde(default)]
    pub day: Option<NaiveDate>,
    /// Whatever the writer wants to note on it, for themselves: no curator reads it (P7).
    #[serde(default)]
    pub note: Option<Text<2000>>,
}

vocabulary! {
    /// What a mark says (B11, P7).
    pub enum MarkKind {
        /// To be found again.
        Favourite = "favourite",
        /// Not to be shown any more: an item, or everything on a topic.
        Hidden = "hidden",
        /// It helped.
        Helpful = "helpful",
        /// It hurt, or is unsafe: not to be shown any more, and to be looked into once enough people say so.
        Hurt = "hurt",
        /// It was the tip of a day.
        Shown = "shown",
    }
}

/// Which marks to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MarkFilter {
    /// Only marks that say one of these; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub kind: Vec<MarkKind>,
    /// Only about one of these items; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub item_id: Vec<Id>,
    /// Only about one of these topics; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub topic: Vec<Topic>,
}

impl Filter<Mark> for MarkFilter {
    fn is_empty(&self) -> bool {
        self.kind.is_empty() && self.item_id.is_empty() && self.topic.is_empty()
    }

    fn matches(&self, mark: &Mark) -> bool {
        (self.kind.is_empty() || self.kind.contains(&mark.kind))
            && (self.item_id.is_empty() || mark.item_id.is_some_and(|id| self.item_id.contains(&id)))
            && (self.topic.is_empty() || mark.topic.is_some_and(|topic| self.topic.contains(&topic)))
    }
}

impl Mark {
    /// That a tip was the tip of that day.
    #[must_use]
    pub fn shown(item: Id, day: NaiveDate) -> Self {
        Self { kind: MarkKind::Shown, item_id: Some(item), item_kind: None, topic: None, day: Some(day), note: None }
    }

    fn is_about_the_same(&self, other: &Self) -> bool {
        (self.kind, self.item_id, self.topic, self.day) == (other.kind, other.item_id, other.topic, other.day)
    }
}

impl Collection for Mark {
    const NAME: &'static str = "marks";
    const SINGULAR: &'static str = "mark";
    const ABOUT: &'static str = "What somebody says, for themselves, of the catalogue: favourites, hidden items and topics, \
        what helped, what hurt, and what was the tip of which day. Deleting a mark takes it back.";
    const PURPOSE: &'static str = "To show you again what you liked, and never again what you hid or what hurt you.";
    const DATED: bool = true;
    const MANAGED: &'static [&'static str] = &["item_kind"];
    const SHAPES_SIGHT: bool = true;
    const SIGNALS: bool = true;
    type Filter = MarkFilter;

    fn example() -> Self {
        Self {
            kind: MarkKind::Hidden,
            item_id: None,
            item_kind: None,
            topic: Some(Topic::Occasions),
            day: None,
            note: Some(Text::sample("Not this year.")),
        }
    }

    fn day(&self) -> Option<NaiveDate> {
        self.day
    }

    fn references(&self) -> Vec<Reference> {
        self.item_id.map(|id| Reference::published("/item_id", id)).into_iter().collect()
    }

    fn check(&self, faults: &mut Faults) {
        match (self.item_id, self.topic) {
            (Some(_), Some(_)) => faults.clash("/topic", "A mark is about an item or about a topic."),
            (None, None) => faults.clash("/item_id", "A mark is about an item or about a topic."),
            (None, Some(_)) if self.kind != MarkKind::Hidden => {
                faults.clash("/topic", "A topic can be `hidden`; everything else is said of an item.");
            }
            _ => {}
        }
        if (self.kind == MarkKind::Shown) != self.day.is_some() {
            faults.clash("/day", "What is `shown` has a day, other marks have none.");
        }
    }

    fn settle(&mut self, before: Option<&Self>, around: &Surroundings<'_>, faults: &mut Faults) {
        if let Some(before) = before {
            if !self.is_about_the_same(before) {
                faults.add("/kind", "immutable", "A mark stays what it is; delete it and make another one.");
            }
            self.item_kind.clone_from(&before.item_kind);
            return;
        }
        let view = View::of(around.caller.no_outreach);
        let kind = self.item_id.and_then(|id| around.catalogue.kind_of(view, id));
        self.item_kind = kind.map(str::to_owned);
    }

    fn hide(marks: &[Self], hidden: &mut Hidden) {
        for mark in marks.iter().filter(|mark| matches!(mark.kind, MarkKind::Hidden | MarkKind::Hurt)) {
            hidden.ids.extend(mark.item_id);
            if let Some(topic) = mark.topic {
                hidden.topic(topic);
            }
        }
    }

    fn signal(&self) -> Option<Signal> {
        let kind = match self.kind {
            MarkKind::Helpful => SignalKind::Helpful,
            MarkKind::Hurt => SignalKind::Hurt,
            MarkKind::Favourite => SignalKind::Kept,
            MarkKind::Hidden | MarkKind::Shown => return None,
        };
        Some(Signal { item: self.item_id?, kind })
    }
}
