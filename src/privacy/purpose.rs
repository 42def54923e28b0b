//! What a sealed text or a keyed hash is for.
//! Holds always: each purpose has a key, or a domain, of its own, so that bytes made for one are useless for another. Labels
//! never change: they are part of what is stored.

/// A use of the key ring outside documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A person's e-mail address, sealed.
    Email,
    /// The argon2id string, sealed: that makes the ring a pepper which can be rotated.
    Password,
    /// A display name, sealed.
    Name,
    /// A session's label, sealed.
    Label,
    /// A position in a private list, sealed.
    Cursor,
    /// The answer kept for an Idempotency-Key, sealed.
    IdempotentAnswer,
    /// The keyed hash that finds an account by its address.
    EmailLookup,
    /// The keyed hash that names a bucket of the throttle.
    Throttle,
    /// The keyed hash that tells whether a repeated request is the same.
    RequestHash,
    /// The keyed hash of an Idempotency-Key.
    IdempotencyKey,
    /// What the successor of a refresh token is derived with.
    Refresh,
    /// The keyed hash that knows a device again.
    Device,
    /// The keys that sign access tokens.
    AccessToken,
    /// The signature of a link that shows a draft.
    Preview,
    /// The keys that sign the catalogue to take along.
    Bundle,
    /// What somebody handed over to be published, sealed.
    Submission,
    /// What a curator says to whoever handed it over, sealed.
    SubmissionNote,
}

impl Purpose {
    pub(super) const fn label(self) -> &'static [u8] {
        match self {
            Self::Email => b"email",
            Self::Password => b"password",
            Self::Name => b"name",
            Self::Label => b"label",
            Self::Cursor => b"cursor",
            Self::IdempotentAnswer => b"idempotent-answer",
            Self::EmailLookup => b"email-lookup",
            Self::Throttle => b"throttle",
            Self::RequestHash => b"request-hash",
            Self::IdempotencyKey => b"idempotency-key",
            Self::Refresh => b"refresh",
            Self::Device => b"device",
            Self::AccessToken => b"access-token",
            Self::Preview => b"preview",
            Self::Bundle => b"bundle",
            Self::Submission => b"submission",
            Self::SubmissionNote => b"submission-note",
        }
    }
}
