//! Boundary lists: boundaries that belong together, such as those towards one person or for one holiday.
//! Holds always: a list goes to the trash with its boundaries and comes back with them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::database::Id;
use crate::privacy::Text;
use crate::records::{Collection, Filter, Reference};

/// Boundaries that belong together.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BoundaryList {
    /// What the list is called (E1).
    pub title: Text<200>,
    /// Whom its boundaries are towards (E1, F1).
    #[serde(default)]
    pub relationship_id: Option<Id>,
    /// What the list is for, Markdown (E1).
    #[serde(default)]
    pub note: Option<Text<4000>>,
    /// Where the writer wants it among the lists, smallest first; the same number twice is allowed (E1).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10000)]
    pub position: u16,
    /// Whether it is put aside; its boundaries stay as they are (E1).
    #[serde(default)]
    pub archived: bool,
}

/// Which lists to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoundaryListFilter {
    /// Only towards one of these people; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub relationship_id: Vec<Id>,
    /// Only lists that are put aside, or only the others.
    #[serde(default)]
    pub archived: Option<bool>,
}

impl Filter<BoundaryList> for BoundaryListFilter {
    fn is_empty(&self) -> bool {
        self.relationship_id.is_empty() && self.archived.is_none()
    }

    fn matches(&self, list: &BoundaryList) -> bool {
        (self.relationship_id.is_empty() || list.relationship_id.is_some_and(|id| self.relationship_id.contains(&id)))
            && self.archived.is_none_or(|archived| archived == list.archived)
    }
}

impl Collection for BoundaryList {
    const NAME: &'static str = "boundary-lists";
    const SINGULAR: &'static str = "boundary_list";
    const ABOUT: &'static str = "Boundaries that belong together, such as those towards one person or for one holiday.";
    const PURPOSE: &'static str = "To keep your boundaries in the order in which you think of them.";
    type Filter = BoundaryListFilter;

    fn example() -> Self {
        Self {
            title: Text::sample("Sunday calls"),
            relationship_id: None,
            note: Some(Text::sample("What I need so that the calls can go on.")),
            position: 1,
            archived: false,
        }
    }

    fn references(&self) -> Vec<Reference> {
        let person = self.relationship_id.map(|id| Reference::record("/relationship_id", "relationships", id));
        person.into_iter().collect()
    }
}
