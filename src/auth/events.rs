//! Security events: what happened to an account's security, for its owner to read.
//! Holds always: events are only ever added; they hold no address, no label and no text of anybody.

use diesel::prelude::*;
use diesel::result::Error;

use super::position::{Position, cut};
use crate::database::schema::security_events as events;
use crate::database::{Connection, Id, Timestamp};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The account was made.
    Registered,
    /// Somebody tried to register the address again.
    RegistrationRepeated,
    SignedIn,
    /// A wrong password.
    SignInFailed,
    /// A used-up refresh token came back: somebody else had it. The session was ended.
    RefreshReused,
    SignedOut,
    /// One session was ended from another one.
    SessionRevoked,
    /// All other sessions were ended.
    OtherSessionsRevoked,
    PasswordChanged,
    /// Somebody signed in gave a wrong current password.
    PasswordCheckFailed,
    RoleChanged,
    /// The person opened the safety filter by their own act.
    OutreachOpened,
    /// The safety filter closed: by the person's own act, or by a record that says what it said not before.
    OutreachClosed,
}

impl Kind {
    /// The names of all kinds.
    pub const WORDS: [&str; 13] = [
        Self::Registered.as_str(),
        Self::RegistrationRepeated.as_str(),
        Self::SignedIn.as_str(),
        Self::SignInFailed.as_str(),
        Self::RefreshReused.as_str(),
        Self::SignedOut.as_str(),
        Self::SessionRevoked.as_str(),
        Self::OtherSessionsRevoked.as_str(),
        Self::PasswordChanged.as_str(),
        Self::PasswordCheckFailed.as_str(),
        Self::RoleChanged.as_str(),
        Self::OutreachOpened.as_str(),
        Self::OutreachClosed.as_str(),
    ];

    /// The name as it is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::RegistrationRepeated => "registration_repeated",
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::RefreshReused => "refresh_reused",
            Self::SignedOut => "signed_out",
            Self::SessionRevoked => "session_revoked",
            Self::OtherSessionsRevoked => "other_sessions_revoked",
            Self::PasswordChanged => "password_changed",
            Self::PasswordCheckFailed => "password_check_failed",
            Self::RoleChanged => "role_changed",
            Self::OutreachOpened => "outreach_opened",
            Self::OutreachClosed => "outreach_closed",
        }
    }
}

/// One event.
#[derive(Debug, Clone, Queryable)]
pub struct Event {
    pub id: Id,
    /// The session it happened in; null when it happened in none.
    pub session_id: Option<Id>,
    pub happened_at: Timestamp,
    /// One of [`Kind`].
    pub kind: String,
}

/// Adds an event. `account` is none when somebody tried an address that nobody has.
///
/// # Errors
/// The query's error.
pub fn append(
    conn: &mut Connection,
    account: Option<Id>,
    session: Option<Id>,
    kind: Kind,
    now: Timestamp,
) -> Result<(), Error> {
    let row = (
        events::id.eq(Id::new()),
        events::account_id.eq(account),
        events::session_id.eq(session),
        events::happened_at.eq(now.as_micros()),
        events::kind.eq(kind.as_str()),
    );
    diesel::insert_into(events::table).values(row).execute(conn).map(drop)
}

/// The account's events, the newest first, at most `limit` of those before `after`; and where the page ends, if more follow.
pub(super) fn list(
    conn: &mut Connection,
    account: Id,
    after: Option<Position>,
    limit: u32,
) -> Result<(Vec<Event>, Option<Position>), Error> {
    let mut query = events::table
        .filter(events::account_id.eq(account))
        .select((events::id, events::session_id, events::happened_at, events::kind))
        .order((events::happened_at.desc(), events::id.desc()))
        .limit(i64::from(limit) + 1)
        .into_boxed();
    if let Some(Position { at, id }) = after {
        let same_instant = events::happened_at.eq(at).and(events::id.lt(id));
        query = query.filter(events::happened_at.lt(at).or(same_instant));
    }
    let rows = query.load(conn)?;
    Ok(cut(rows, limit, |event: &Event| Position { at: event.happened_at, id: event.id }))
}
