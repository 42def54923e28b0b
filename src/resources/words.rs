//! Words that several resources share: how much contact there is, where somebody wants to go, what the matter is.
//! Holds always: no ending ranks above another; their order here means nothing.

use crate::http::vocabulary;

vocabulary! {
    /// How much contact there is with her (F1, E6).
    pub enum ContactLevel {
        /// Contact as it comes.
        InTouch = "in_touch",
        /// Little contact, on the writer's terms.
        Low = "low",
        /// No contact: a break, or an ending.
        None = "none",
        /// She has died.
        Deceased = "deceased",
        /// Nobody knows her or where she is.
        Unknown = "unknown",
    }
}

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

vocabulary! {
    /// What the matter is: one word of the catalogue's taxonomy of situations.
    pub enum Situation {
        Controlling = "controlling",
        GuiltTrips = "guilt_trips",
        BestFriendMother = "best_friend_mother",
        Sacrifice = "sacrifice",
        NewPartner = "new_partner",
        FavouriteSibling = "favourite_sibling",
        UnlivedLife = "unlived_life",
        Codependency = "codependency",
        Ambition = "ambition",
        Independence = "independence",
        NotUnderstood = "not_understood",
        BoundaryCrossed = "boundary_crossed",
        NotProtected = "not_protected",
        WontAdmit = "wont_admit",
        Criticism = "criticism",
        RoleReversal = "role_reversal",
        NoMother = "no_mother",
        MentalIllness = "mental_illness",
        NoInterest = "no_interest",
        FarAway = "far_away",
        Abuse = "abuse",
    }
}
