//! What an entry belongs to: catalogue items and the writer's own records.
//! Holds always: a link names what exists and is the writer's to see; it is asked for from either end (D5).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::database::Id;
use crate::http::vocabulary;
use crate::records::Reference;

/// Something that an entry belongs to (D5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct JournalLink {
    /// What kind of thing it is (D5).
    pub kind: JournalLinkKind,
    /// Its id (D5).
    pub id: Id,
}

vocabulary! {
    /// What an entry can be linked to (D5).
    pub enum JournalLinkKind {
        Tip = "tip",
        Program = "program",
        Step = "step",
        JournalEntry = "journal_entry",
        BoundaryList = "boundary_list",
        Boundary = "boundary",
        BoundaryEvent = "boundary_event",
        ProgramRun = "program_run",
        Relationship = "relationship",
    }
}

impl JournalLink {
    pub(super) fn reference(&self, pointer: String) -> Reference {
        let (is_item, name) = match self.kind {
            JournalLinkKind::Tip => (true, "tips"),
            JournalLinkKind::Program => (true, "programs"),
            JournalLinkKind::Step => (true, "steps"),
            JournalLinkKind::JournalEntry => (false, "journal-entries"),
            JournalLinkKind::BoundaryList => (false, "boundary-lists"),
            JournalLinkKind::Boundary => (false, "boundaries"),
            JournalLinkKind::BoundaryEvent => (false, "boundary-events"),
            JournalLinkKind::ProgramRun => (false, "program-runs"),
            JournalLinkKind::Relationship => (false, "relationships"),
        };
        if is_item { Reference::item(pointer, name, self.id) } else { Reference::record(pointer, name, self.id) }
    }
}
