//! The terms: the disclaimer about submissions, in the edition that is published now.
//! Holds always: nobody agrees to an edition that nobody could read.

use serde::Deserialize;

use crate::catalogue::{Snapshot, View};
use crate::resources::curated::disclaimers::DisclaimerSubject;

/// What the list of disclaimers shows of one.
#[derive(Deserialize)]
struct Shown {
    about: Option<DisclaimerSubject>,
    edition: Option<i32>,
}

/// The edition that holds; none where no terms are published, so that nobody can agree to any.
pub(super) fn edition(snapshot: &Snapshot) -> Option<i32> {
    let disclaimers = snapshot.shelf(View::Everything, "disclaimers").entries().iter();
    let shown = disclaimers.filter(|entry| entry.is_original).filter_map(|entry| {
        let shown: Shown = serde_json::from_str(entry.summary.get()).ok()?;
        shown.edition.filter(|_| shown.about == Some(DisclaimerSubject::Submissions))
    });
    shown.max()
}
