//! The words that describe curated items. Each list may grow; a word that was released keeps its meaning.
//! Holds always: the same words stand in the starter files, in the API and in the filters, because they come from here.

use crate::http::vocabulary;

vocabulary! {
    /// Where the advice points. All of these are endings of the same worth.
    pub enum Stance {
        /// Mend the relationship.
        Repair = "repair",
        /// Keep contact calm without mending everything.
        KeepPeace = "keep_peace",
        /// Live with what cannot be changed.
        AcceptLimits = "accept_limits",
        /// Step back for a while or for good, without ending contact.
        Distance = "distance",
        /// End contact.
        Leave = "leave",
        /// Mourn her, or what she was not.
        Grieve = "grieve",
        /// Care for oneself, whatever becomes of the relationship.
        SelfCare = "self_care",
    }
}

vocabulary! {
    /// What an item pushes towards. Who must not be pushed is never offered an item with any of these.
    pub enum Nudge {
        Contact = "contact",
        Repair = "repair",
        Apology = "apology",
        Forgiveness = "forgiveness",
    }
}

vocabulary! {
    /// What an item is about.
    pub enum Topic {
        OpeningContact = "opening_contact",
        Compassion = "compassion",
        Perspective = "perspective",
        Listening = "listening",
        Talking = "talking",
        Expectations = "expectations",
        Acceptance = "acceptance",
        Forgiveness = "forgiveness",
        Apology = "apology",
        Anger = "anger",
        Boundaries = "boundaries",
        Distance = "distance",
        LettingGo = "letting_go",
        SelfCare = "self_care",
        Grief = "grief",
        Occasions = "occasions",
        Support = "support",
        Parenting = "parenting",
    }
}

vocabulary! {
    /// The situations that an item fits.
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

vocabulary! {
    /// Who is spoken to.
    pub enum Audience {
        Everyone = "everyone",
        Daughters = "daughters",
        Sons = "sons",
        Parents = "parents",
        Partners = "partners",
    }
}

vocabulary! {
    /// How much contact there is with her.
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

vocabulary! {
    /// How much it asks of a person.
    pub enum Effort {
        Small = "small",
        Medium = "medium",
        Large = "large",
    }
}

vocabulary! {
    /// What the advice rests on.
    pub enum EvidenceGrade {
        Research = "research",
        ClinicalConsensus = "clinical_consensus",
        ExpertOpinion = "expert_opinion",
        PersonalOpinion = "personal_opinion",
        Contested = "contested",
    }
}

vocabulary! {
    /// What a reader may want to know before reading.
    pub enum ContentWarning {
        Abuse = "abuse",
        Violence = "violence",
        SexualViolence = "sexual_violence",
        Death = "death",
        Illness = "illness",
        Trauma = "trauma",
        SelfHarm = "self_harm",
        Pregnancy = "pregnancy",
        Estrangement = "estrangement",
    }
}

vocabulary! {
    /// For whom an item is wrong.
    pub enum Contraindication {
        /// Abuse, now or in the past.
        Harm = "harm",
        NoContact = "no_contact",
        InCrisis = "in_crisis",
        Deceased = "deceased",
        UnknownMother = "unknown_mother",
        RecentLoss = "recent_loss",
        LowReadiness = "low_readiness",
    }
}

vocabulary! {
    /// Whether somebody with a credential has read an item.
    pub enum ReviewStatus {
        Unreviewed = "unreviewed",
        Reviewed = "reviewed",
    }
}

vocabulary! {
    /// What a link to another item means.
    pub enum LinkMeaning {
        /// The other item says the same from another side.
        Supports = "supports",
        /// The other item says when this one holds.
        Qualifies = "qualifies",
        /// The other item says the opposite, and both are heard.
        Contradicts = "contradicts",
        /// The other item must not be followed before this one is known: this one travels with it.
        Guards = "guards",
        /// The other item comes next.
        Next = "next",
        /// This item speaks of the other one, as a comment or a review does.
        About = "about",
    }
}

vocabulary! {
    /// How far an item's latest revision has come. What readers see meanwhile is told by `published_revision`.
    pub enum ItemStatus {
        /// Being written.
        Draft = "draft",
        /// Somebody else is asked to read it.
        InReview = "in_review",
        /// Somebody else has read it and agrees.
        Approved = "approved",
        /// Approved, and published by the clock.
        Scheduled = "scheduled",
        /// Readers see it.
        Published = "published",
        /// Taken back; nobody sees it.
        Archived = "archived",
    }
}

vocabulary! {
    /// Under which terms a picture is shown; public licences by their SPDX identifiers.
    pub enum MediaLicence {
        /// Creative Commons Zero: no conditions.
        CcZero = "CC0-1.0",
        /// Creative Commons Attribution.
        CcBy = "CC-BY-4.0",
        /// Creative Commons Attribution, under the same terms.
        CcBySa = "CC-BY-SA-4.0",
        /// Creative Commons Attribution, unchanged.
        CcByNd = "CC-BY-ND-4.0",
        /// Creative Commons Attribution, not for money.
        CcByNc = "CC-BY-NC-4.0",
        /// Protected no more, or never.
        PublicDomain = "public_domain",
        /// Made for this catalogue by those who run it.
        OwnWork = "own_work",
        /// Whoever may allow it has allowed it to be shown here.
        WithPermission = "with_permission",
    }
}
