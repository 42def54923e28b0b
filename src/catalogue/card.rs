//! What is shown of an item wherever items of several kinds stand side by side: enough to choose it, with its warnings,
//! whom it is wrong for, and its guards.
//! Holds always: a card says nothing that the lists do not say of the item; a part's card carries what warns of the whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::document::Guard;
use super::shelf::Entry;
use super::vocabulary::{ContentWarning, Contraindication, Effort, Nudge, Stance, Topic};
use crate::database::Id;

/// An item of any kind, or a step of a program, in short.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// What it is, in the singular.
    #[schema(max_length = 40, example = "tip")]
    pub kind: String,
    pub id: Id,
    /// Which state of the item this is; for a step, of its program.
    #[schema(minimum = 1, example = 3)]
    pub revision: i64,
    #[schema(max_length = 60, example = "say-it-while-it-is-small")]
    pub slug: String,
    #[schema(max_length = 120, example = "Say it while it is small")]
    pub title: String,
    /// Null where the kind has none.
    #[serde(default)]
    #[schema(required = true, max_length = 280, example = "A small thing said early rarely becomes a quarrel.")]
    pub summary: Option<String>,
    #[serde(default)]
    #[schema(required = true)]
    pub stance: Option<Stance>,
    #[serde(default)]
    #[schema(required = true, max_items = 8)]
    pub nudges: Vec<Nudge>,
    #[serde(default)]
    #[schema(required = true, max_items = 12)]
    pub topics: Vec<Topic>,
    #[serde(default)]
    #[schema(required = true)]
    pub effort: Option<Effort>,
    /// Minutes that doing it takes.
    #[serde(default)]
    #[schema(required = true, minimum = 1, example = 10)]
    pub minutes: Option<i32>,
    #[serde(default)]
    #[schema(required = true, max_items = 12)]
    pub content_warnings: Vec<ContentWarning>,
    #[serde(default)]
    #[schema(required = true, max_items = 12)]
    pub contraindications: Vec<Contraindication>,
    /// In words, whom it is wrong for.
    #[serde(default)]
    #[schema(required = true, max_length = 400, example = "Anyone who is not safe when they disagree with her.")]
    pub not_for: Option<String>,
    /// The sentence that travels with it.
    #[serde(default)]
    #[schema(required = true, max_length = 400, example = "You may stop the talk at any point.")]
    pub guard: Option<String>,
    /// What must be known before it is followed.
    #[serde(default)]
    #[schema(required = true, max_items = 40)]
    pub guards: Vec<Guard>,
}

impl Card {
    /// The card of an entry, from what lists show of it.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let card = serde_json::from_str(entry.summary.get());
        card.inspect_err(|error| tracing::error!(id = %entry.id, cause = %error, "an entry makes no card")).ok()
    }

    /// The card of what lists would show of something that stands on no shelf, such as a step of an earlier revision.
    #[must_use]
    pub fn read(shown: &impl Serialize) -> Option<Self> {
        let card = serde_json::to_value(shown).and_then(serde_json::from_value);
        card.inspect_err(|error| tracing::error!(cause = %error, "nothing that makes a card")).ok()
    }

    /// A part's card: what the item that it is a part of says of direction, effort and whom it is wrong for holds for the
    /// part too, unless the part says it better.
    #[must_use]
    pub fn within(mut self, whole: Self) -> Self {
        self.stance = self.stance.or(whole.stance);
        self.effort = self.effort.or(whole.effort);
        self.not_for = self.not_for.or(whole.not_for);
        if self.topics.is_empty() {
            self.topics = whole.topics;
        }
        self.guards.extend(whole.guards);
        self
    }

    /// Without what must not be met: `kept` says which items stay.
    #[must_use]
    pub fn without(mut self, kept: impl Fn(Id) -> bool) -> Self {
        self.guards.retain(|guard| kept(guard.id));
        self
    }
}
