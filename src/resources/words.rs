//! Words that several resources share: how much contact there is, where somebody wants to go, what the matter is.
//! Holds always: no ending ranks above another; their order here means nothing.

pub use crate::catalogue::vocabulary::{ContactLevel, Situation};
use crate::http::vocabulary;

impl ContactLevel {
    /// Whether nobody can reach her any more.
    #[must_use]
    pub const fn is_beyond_reach(self) -> bool {
        matches!(self, Self::Deceased | Self::Unknown)
    }

    /// Whether contact was cut down or cut off, for a while or for good.
    #[must_use]
    pub const fn is_restricted(self) -> bool {
        matches!(self, Self::Low | Self::None)
    }
}

vocabulary! {
    /// Where somebody wants to get to with her, or has got to; all of them count the same (C4).
    pub enum Ending {
        /// Repair what can be repaired.
        Repair = "repair",
        /// Keep the peace.
        KeepPeace = "keep_peace",
        /// Accept what will not change.
        AcceptLimits = "accept_limits",
        /// Keep a distance.
        Distance = "distance",
        /// Leave.
        Leave = "leave",
        /// Grieve what was lost or never was.
        Grieve = "grieve",
    }
}
