//! The vocabularies of submissions.
//! Holds always: a word that was released keeps its meaning.

use crate::http::vocabulary;

vocabulary! {
    /// What became of a submission.
    pub enum SubmissionStatus {
        /// No curator has decided yet.
        Waiting = "waiting",
        /// A curator has made a draft of it, which others still have to agree to.
        Accepted = "accepted",
        /// Curators do not publish it.
        Declined = "declined",
        /// Its writer took it back.
        Withdrawn = "withdrawn",
    }
}

vocabulary! {
    /// Why a submission is not published. It is about the text, never about whoever wrote it.
    pub enum DeclineReason {
        /// Somebody could be recognised by it.
        NamesSomebody = "names_somebody",
        /// It could hurt or endanger readers.
        MayHarm = "may_harm",
        /// It is about something else than this service.
        OffTopic = "off_topic",
        /// It advertises something.
        Advertises = "advertises",
        /// Somebody else wrote it, or it was published before.
        NotOwnWords = "not_own_words",
        /// Nobody among the curators reads this language.
        Language = "language",
        /// There is something very much like it already.
        SaidAlready = "said_already",
        /// Another reason, which the note says.
        Other = "other",
    }
}
