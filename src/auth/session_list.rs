//! The sessions of an account as its owner sees them.
//! Holds always: only living sessions are listed; a label is opened for its owner alone and does not print.

use std::fmt;

use diesel::prelude::*;

use super::position::{Position, cut};
use super::sessions::{Lifetime, open_label};
use super::{Caller, Refused};
use crate::database::schema::sessions;
use crate::database::{Bytes, Connection, Id, Timestamp};
use crate::privacy::KeyRing;

/// A session as its owner sees it. The label does not print.
#[derive(Clone)]
pub struct Summary {
    pub id: Id,
    pub created_at: Timestamp,
    /// When the person last proved who they are.
    pub authenticated_at: Timestamp,
    /// How (RFC 8176).
    pub amr: Vec<String>,
    /// What the client called itself at sign-in.
    pub label: Option<String>,
    /// When its tokens were last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends if it is not used again.
    pub expires_at: Timestamp,
}

impl fmt::Debug for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Summary").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The living sessions of a caller's account, the newest first, at most `limit` of those before `after`; and where the
/// page ends, if more follow. `lifetime` is that of the role the account has now.
pub(super) fn list(
    conn: &mut Connection,
    ring: &KeyRing,
    caller: &Caller,
    lifetime: Lifetime,
    now: Timestamp,
    (after, limit): (Option<Position>, u32),
) -> Result<(Vec<Summary>, Option<Position>), Refused> {
    let mut query = sessions::table
        .filter(sessions::account_id.eq(caller.account))
        .filter(sessions::revoked_at.is_null())
        // The role may have changed since a session's times were written, so both limits count.
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::rotated_at.gt(now.minus(lifetime.idle)))
        .filter(sessions::created_at.gt(now.minus(lifetime.absolute)))
        .select((
            sessions::id,
            sessions::created_at,
            sessions::authenticated_at,
            sessions::amr,
            sessions::label_sealed,
            sessions::rotated_at,
            sessions::expires_at,
        ))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(i64::from(limit) + 1)
        .into_boxed();
    if let Some(Position { at, id }) = after {
        let same_instant = sessions::created_at.eq(at).and(sessions::id.lt(id));
        query = query.filter(sessions::created_at.lt(at).or(same_instant));
    }
    let rows: Vec<Row> = query.load(conn)?;
    let (rows, next) = cut(rows, limit, |(id, created_at, ..)| Position { at: *created_at, id: *id });
    let summaries: Result<Vec<_>, _> = rows.into_iter().map(|row| summary(ring, lifetime, row)).collect();
    Ok((summaries?, next))
}

type Row = (Id, Timestamp, Timestamp, String, Option<Bytes>, Timestamp, Timestamp);

fn summary(ring: &KeyRing, lifetime: Lifetime, row: Row) -> Result<Summary, Refused> {
    let (id, created_at, authenticated_at, amr, label, rotated_at, expires_at) = row;
    let by_role = rotated_at.plus(lifetime.idle).min(created_at.plus(lifetime.absolute));
    Ok(Summary {
        id,
        created_at,
        authenticated_at,
        amr: amr.split(' ').map(str::to_owned).collect(),
        label: label.map(|label| open_label(ring, id, &label)).transpose()?,
        last_used_at: rotated_at,
        expires_at: expires_at.min(by_role),
    })
}
