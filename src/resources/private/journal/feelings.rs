//! Mood, feelings and the writer's own scales.
//! Holds always: every number carries its scale, so that a later change of scale rewrites nobody's past (D2).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::vocabulary;
use crate::privacy::Text;
use crate::records::Faults;
use crate::resources::rules;

/// Mood before and after (D2).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Mood {
    /// The scale and its version (D2).
    #[serde(default)]
    pub scale: MoodScale,
    /// Before; null when it was not noted (D2).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub before: Option<u8>,
    /// After; null when it was not noted (D2).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub after: Option<u8>,
}

vocabulary! {
    /// What a mood's numbers mean (D2).
    pub enum MoodScale default Valence5 {
        /// From 1, very unpleasant, over 3, neither, to 5, very pleasant.
        Valence5 = "valence-5/1",
    }
}

impl Mood {
    pub(super) fn check(&self, faults: &mut Faults) {
        if self.before.is_none() && self.after.is_none() {
            faults.clash("/mood", "A mood has `before` or `after` or both; leave it out when there is neither.");
        }
    }
}

/// One feeling; an entry can have several that contradict each other (D2).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Feeling {
    /// The feeling in any words (D2).
    pub name: Text<60>,
    /// How strong, from 1, a trace, to 5, overwhelming; null when that was not asked (D2).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    pub intensity: Option<u8>,
}

impl Feeling {
    /// Whether this is the feeling of that name, in any letter case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        rules::folded(self.name.as_str()) == rules::folded(name)
    }

    pub(super) fn sample(name: &'static str, intensity: Option<u8>) -> Self {
        Self { name: Text::sample(name), intensity }
    }
}

/// A reading on a scale of the writer's own, with the scale's ends (D2).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OwnScale {
    /// What is measured (D2).
    pub name: Text<60>,
    /// The reading, from `min` to `max` (D2).
    #[schema(minimum = -1000, maximum = 1000)]
    pub value: i32,
    /// The lower end (D2).
    #[schema(minimum = -1000, maximum = 1000)]
    pub min: i32,
    /// The upper end, above `min` (D2).
    #[schema(minimum = -1000, maximum = 1000)]
    pub max: i32,
}

impl OwnScale {
    pub(super) fn check(&self, faults: &mut Faults, pointer: &str) {
        if self.max <= self.min {
            faults.clash(format!("{pointer}/max"), "The upper end lies above the lower one.");
        } else if !(self.min..=self.max).contains(&self.value) {
            faults.clash(format!("{pointer}/value"), "The reading lies between the scale's ends.");
        }
    }
}
