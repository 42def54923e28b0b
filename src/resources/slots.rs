//! Slots: places in a sentence that its reader fills in, such as `{day}`.
//! Holds always: every slot in a text is explained, and nothing is explained that no text has.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::rules::fault;
use crate::http::problem::Fault;

/// A place in a text that its reader fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slot {
    /// As it stands between braces in the text.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z]+(?:_[a-z]+)*$", example = "day")]
    pub name: String,
    /// What belongs there.
    #[schema(min_length = 1, max_length = 200, example = "A day on which you would like to be called")]
    pub about: String,
    /// What somebody might write there.
    #[schema(min_length = 1, max_length = 200, example = "Sunday afternoon")]
    pub example: String,
}

impl Slot {
    /// A slot for the document's examples.
    #[must_use]
    pub fn example() -> Self {
        Self {
            name: "day".to_owned(),
            about: "A day on which you would like to be called".to_owned(),
            example: "Sunday afternoon".to_owned(),
        }
    }
}

/// Notes what is wrong between the slots that stand at `/slots` and the texts, each with its pointer.
pub fn check(slots: &[Slot], texts: &[(String, &str)], faults: &mut Vec<Fault>) {
    let mut known = BTreeSet::new();
    for (index, slot) in slots.iter().enumerate() {
        if !known.insert(slot.name.as_str()) {
            faults.push(fault(format!("/slots/{index}/name"), "repeated", "Another slot has this name."));
        }
    }
    let mut used = BTreeSet::new();
    for (pointer, text) in texts {
        for name in names(text) {
            used.insert(name);
            if !known.contains(name) {
                faults.push(fault(pointer.clone(), "unknown_slot", "A slot in this text is not explained."));
            }
        }
    }
    for (index, slot) in slots.iter().enumerate() {
        if !used.contains(slot.name.as_str()) {
            faults.push(fault(format!("/slots/{index}/name"), "unused_slot", "No text has this slot."));
        }
    }
}

/// What stands between braces.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
