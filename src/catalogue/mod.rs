//! The curated engine: what curators publish and everybody signed in may read.
//! Holds always: readers see only published revisions, from a snapshot in memory, through the view their account allows.

pub mod kind;

use std::sync::Arc;

pub use kind::Kind;

use crate::database::Id;

/// The catalogue of this node: cheap to clone, shared by all handlers.
#[derive(Clone)]
pub struct Catalogue {
    shared: Arc<Shared>,
}

struct Shared;

/// What a reader may be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Everything that is published.
    Everything,
    /// Nothing that pushes towards contact, repair, apology or forgiveness, and nothing that is wrong for people
    /// who were harmed or have ended contact.
    NoOutreach,
}

impl View {
    /// The view for an account whose plain flag says `no_outreach`.
    #[must_use]
    pub const fn of(no_outreach: bool) -> Self {
        if no_outreach { Self::NoOutreach } else { Self::Everything }
    }
}

/// What other parts need to know of a published item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub id: Id,
    pub slug: String,
    pub title: String,
    pub revision: i64,
}

impl Catalogue {
    /// The published item of `kind` (a [`Kind::NAME`], or `steps`) with this id, if `view` holds it. Reads memory only.
    #[must_use]
    pub fn published(&self, _view: View, _kind: &str, _id: Id) -> Option<Published> {
        todo!()
    }

    /// Whether `view` holds this published item. Reads memory only.
    #[must_use]
    pub fn exists(&self, view: View, kind: &str, id: Id) -> bool {
        self.published(view, kind, id).is_some()
    }

    /// The number of the published revision, which a program run is pinned to. Reads memory only.
    #[must_use]
    pub fn published_revision(&self, view: View, kind: &str, id: Id) -> Option<i64> {
        self.published(view, kind, id).map(|item| item.revision)
    }

    /// The ids of a published program's steps, in order. Reads memory only.
    #[must_use]
    pub fn steps_of(&self, _view: View, _program: Id) -> Vec<Id> {
        todo!()
    }
}
