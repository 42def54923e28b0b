//! Sessions: one row a sign-in, which is also the family of its refresh tokens.
//! Holds always: a session ends at the earliest of sign-out, its idle time and its absolute time, judged by the role that
//! its account has now.

use std::time::Duration;

use diesel::prelude::*;
use diesel::result::Error;

use super::refresh::{Family, RefreshToken};
use super::{Caller, Refused, Role, Settings, accounts};
use crate::database::schema::{accounts as accounts_table, sessions};
use crate::database::{Bytes, Connection, Id, Timestamp};
use crate::privacy::{KeyRing, Purpose};

/// Staff can do more harm, so their sessions are shorter: 30 minutes without use, 12 hours in all.
const STAFF: Lifetime = Lifetime { idle: Duration::from_mins(30), absolute: Duration::from_hours(12) };
/// How a password proves somebody (RFC 8176).
const PASSWORD: &str = "pwd";

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lifetime {
    pub(super) idle: Duration,
    pub(super) absolute: Duration,
}

const fn days(count: u64) -> Duration {
    Duration::from_hours(count * 24)
}

impl Lifetime {
    pub(super) fn of(role: Role, settings: &Settings) -> Self {
        let idle = days(settings.refresh_idle_days);
        let absolute = days(settings.refresh_absolute_days);
        if role.is_staff() {
            Self { idle: idle.min(STAFF.idle), absolute: absolute.min(STAFF.absolute) }
        } else {
            Self { idle, absolute }
        }
    }
}

/// A session as it stands, with what its account may do now.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Standing {
    pub(super) account: Id,
    authenticated_at: Timestamp,
    created_at: Timestamp,
    expires_at: Timestamp,
    absolute_expires_at: Timestamp,
    generation: i64,
    refresh_hash: Bytes,
    rotated_at: Timestamp,
    revoked_at: Option<Timestamp>,
    role: String,
    status: String,
    no_outreach: i16,
    sight_version: i64,
}

impl Standing {
    pub(super) fn role(&self) -> Role {
        accounts::read_role(&self.role)
    }

    pub(super) fn is_revoked(&self) -> bool {
        self.revoked_at.is_some()
    }

    pub(super) fn family(&self) -> Family {
        Family { generation: self.generation, hash: self.refresh_hash.0.clone(), rotated_at: self.rotated_at }
    }

    /// When it ends if nobody uses it. The role may have changed since the row was written, so both limits count.
    pub(super) fn ends_at(&self, settings: &Settings) -> Timestamp {
        let lifetime = Lifetime::of(self.role(), settings);
        self.rotated_at.plus(lifetime.idle).min(self.expires_at).min(self.absolute_end(lifetime))
    }

    /// When it ends however much it is used.
    pub(super) fn absolute_end(&self, lifetime: Lifetime) -> Timestamp {
        self.created_at.plus(lifetime.absolute).min(self.absolute_expires_at)
    }

    pub(super) fn is_alive(&self, settings: &Settings, now: Timestamp) -> bool {
        !self.is_revoked() && self.status == accounts::ACTIVE && now < self.ends_at(settings)
    }

    pub(super) fn caller(&self, session: Id) -> Caller {
        Caller {
            account: self.account,
            session,
            role: self.role(),
            no_outreach: self.no_outreach != 0,
            sight_version: self.sight_version,
            authenticated_at: self.authenticated_at,
        }
    }
}

/// A session and its account, by primary key.
pub(super) fn find(conn: &mut Connection, session: Id) -> Result<Option<Standing>, Error> {
    sessions::table
        .inner_join(accounts_table::table.on(accounts_table::id.eq(sessions::account_id)))
        .filter(sessions::id.eq(session))
        .select((
            sessions::account_id,
            sessions::authenticated_at,
            sessions::created_at,
            sessions::expires_at,
            sessions::absolute_expires_at,
            sessions::generation,
            sessions::refresh_hash,
            sessions::rotated_at,
            sessions::revoked_at,
            accounts_table::role,
            accounts_table::status,
            accounts_table::no_outreach,
            accounts_table::sight_version,
        ))
        .first(conn)
        .optional()
}

/// Opens a session for somebody who has just given their password.
pub(super) fn open(
    conn: &mut Connection,
    ring: &KeyRing,
    account: Id,
    lifetime: Lifetime,
    label: Option<&str>,
    now: Timestamp,
) -> Result<RefreshToken, Error> {
    let id = Id::new();
    let token = RefreshToken::of(ring, id, 1);
    let absolute = now.plus(lifetime.absolute);
    let row = (
        sessions::id.eq(id),
        sessions::account_id.eq(account),
        sessions::created_at.eq(now),
        sessions::authenticated_at.eq(now),
        sessions::amr.eq(PASSWORD),
        sessions::label_sealed
            .eq(label.map(|label| Bytes(ring.seal(Purpose::Label, &[id.as_bytes()], label.as_bytes())))),
        sessions::last_used_at.eq(now),
        sessions::expires_at.eq(now.plus(lifetime.idle).min(absolute)),
        sessions::absolute_expires_at.eq(absolute),
        sessions::generation.eq(token.generation),
        sessions::refresh_hash.eq(Bytes(token.hash().to_vec())),
        sessions::rotated_at.eq(now),
        sessions::revoked_at.eq(None::<Timestamp>),
    );
    diesel::insert_into(sessions::table).values(row).execute(conn)?;
    Ok(token)
}

/// Replaces the token of a generation by its successor. False when another request was faster.
pub(super) fn rotate(
    conn: &mut Connection,
    successor: &RefreshToken,
    lifetime: Lifetime,
    standing: &Standing,
    now: Timestamp,
) -> Result<bool, Error> {
    let unchanged = sessions::table
        .find(successor.session)
        .filter(sessions::generation.eq(standing.generation))
        .filter(sessions::revoked_at.is_null());
    let rotated = diesel::update(unchanged)
        .set((
            sessions::generation.eq(successor.generation),
            sessions::refresh_hash.eq(Bytes(successor.hash().to_vec())),
            sessions::rotated_at.eq(now),
            sessions::last_used_at.eq(now),
            sessions::expires_at.eq(now.plus(lifetime.idle).min(standing.absolute_expires_at)),
        ))
        .execute(conn)?;
    Ok(rotated > 0)
}

/// Ends one session of an account. False when there is no such living session.
pub(super) fn revoke(conn: &mut Connection, account: Id, session: Id, now: Timestamp) -> Result<bool, Error> {
    let living = sessions::table.find(session).filter(sessions::account_id.eq(account));
    let ended = diesel::update(living.filter(sessions::revoked_at.is_null()))
        .set(sessions::revoked_at.eq(Some(now)))
        .execute(conn)?;
    Ok(ended > 0)
}

/// Ends every session of an account but one. Says how many.
pub(super) fn revoke_others(conn: &mut Connection, account: Id, kept: Id, now: Timestamp) -> Result<usize, Error> {
    let others = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::id.ne(kept));
    diesel::update(others.filter(sessions::revoked_at.is_null())).set(sessions::revoked_at.eq(Some(now))).execute(conn)
}

/// Ends whatever acts for the account: its sessions with their refresh tokens. Whatever is added later that acts for an
/// account (tokens for programs, grants, reset links) is ended here too. After the commit call
/// [`super::Auth::forget_sessions_of`].
///
/// # Errors
/// The query's error.
pub fn revoke_everything(conn: &mut Connection, account: Id, now: Timestamp) -> Result<usize, Error> {
    let all = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::revoked_at.is_null());
    diesel::update(all).set(sessions::revoked_at.eq(Some(now))).execute(conn)
}

/// Deletes sessions that ended more than 30 days ago, at most `limit` of them. Says how many.
///
/// # Errors
/// The query's error.
pub fn sweep(conn: &mut Connection, now: Timestamp, limit: i64) -> Result<usize, Error> {
    let long_ago = now.minus(days(30));
    let ended = sessions::expires_at.lt(long_ago).or(sessions::revoked_at.lt(long_ago));
    let ids: Vec<Id> = sessions::table.filter(ended).select(sessions::id).limit(limit).load(conn)?;
    diesel::delete(sessions::table.filter(sessions::id.eq_any(ids))).execute(conn)
}

/// The label of a session.
pub(super) fn label(conn: &mut Connection, ring: &KeyRing, session: Id) -> Result<Option<String>, Refused> {
    let sealed: Option<Option<Bytes>> =
        sessions::table.find(session).select(sessions::label_sealed).first(conn).optional()?;
    sealed.flatten().map(|sealed| open_label(ring, session, &sealed)).transpose()
}

pub(super) fn open_label(ring: &KeyRing, session: Id, sealed: &Bytes) -> Result<String, Refused> {
    const UNREADABLE: Refused = Refused::Broken("a session's label does not open");
    let plain = ring.open(Purpose::Label, &[session.as_bytes()], &sealed.0).map_err(|_cause| UNREADABLE)?;
    String::from_utf8(plain.to_vec()).map_err(|_cause| UNREADABLE)
}
