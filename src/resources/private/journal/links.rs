//! What an entry belongs to: catalogue items and the writer's own records.
//! Holds always: a link names what exists and is the writer's to see; it is asked for from either end (D5).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::database::Id;
use crate::http::vocabulary;
use crate::records::Reference;

/// Something that an entry belongs to (D5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// What kind of thing it is (D5).
    pub kind: LinkKind,
    /// Its id (D5).
    pub id: Id,
}

vocabulary! {
    /// What an entry can be linked to (D5).
    pub enum LinkKind {
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

impl Link {
    pub(super) fn reference(&self, pointer: String) -> Reference {
        let (is_item, name) = match self.kind {
            LinkKind::Tip => (true, "tips"),
            LinkKind::Program => (true, "programs"),
            LinkKind::Step => (true, "steps"),
            LinkKind::JournalEntry => (false, "journal-entries"),
            LinkKind::BoundaryList => (false, "boundary-lists"),
            LinkKind::Boundary => (false, "boundaries"),
            LinkKind::BoundaryEvent => (false, "boundary-events"),
            LinkKind::ProgramRun => (false, "program-runs"),
            LinkKind::Relationship => (false, "relationships"),
        };
        if is_item { Reference::item(pointer, name, self.id) } else { Reference::record(pointer, name, self.id) }
    }
}
