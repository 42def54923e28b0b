//! Rules that several resources share, each of which adds its own faults.
//! Holds always: a fault names a member and a rule, never the value.

use std::collections::BTreeSet;

use crate::records::Faults;

/// Holds a list to naming each thing once; `pointer` is the list's, every repetition gets a fault of its own.
pub fn unique<T: Ord>(faults: &mut Faults, pointer: &str, items: impl IntoIterator<Item = T>) {
    let mut seen = BTreeSet::new();
    for (index, item) in items.into_iter().enumerate() {
        if !seen.insert(item) {
            faults.add(format!("{pointer}/{index}"), "not_unique", "This stands in the list already.");
        }
    }
}

/// How words compare when people write them: without regard to case and to white space around them.
#[must_use]
pub fn folded(word: &str) -> String {
    word.trim().to_lowercase()
}
