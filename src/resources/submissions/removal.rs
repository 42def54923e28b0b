//! How submissions go: taken back by their writer, with their writer's account, or forgotten after their time.
//! Holds always: the item that was made of one goes with it, in the same transaction.

use std::time::Duration;

use diesel::prelude::*;

use super::rows::{self, Row};
use super::words::SubmissionStatus;
use crate::catalogue::{Kinds, taken_back};
use crate::database::schema::{accounts, submissions};
use crate::database::{Connection, Id, Timestamp};
use crate::http::problem::Problem;

/// How long one that was declined or taken back is kept.
pub(super) const KEPT_FOR: Duration = Duration::from_hours(24 * 30);

/// Takes a submission back: its words go, and so does what was made of them. Says whether an item was touched.
///
/// # Errors
/// 404 when the person has no such submission.
pub(super) fn withdraw(
    connection: &mut Connection,
    kinds: &Kinds,
    (account, id): (Id, Id),
    now: Timestamp,
) -> Result<bool, Problem> {
    let row = rows::own_locked(connection, account, id)?.ok_or_else(Problem::not_found)?;
    if row.status() == SubmissionStatus::Withdrawn {
        return Ok(false);
    }
    let item = row.item_id;
    if let Some(item) = item {
        taken_back::take_back(connection, kinds, item, now)?;
    }
    let row = row.becomes(SubmissionStatus::Withdrawn, now);
    let row = Row { content_sealed: None, reason: None, note_sealed: None, item_id: None, ..row };
    rows::save(connection, &row)?;
    Ok(item.is_some())
}

/// Erases all that a person handed over, with what was published of it. Says how many.
///
/// # Errors
/// Database failures.
pub fn erase_all(connection: &mut Connection, kinds: &Kinds, account: Id, now: Timestamp) -> Result<usize, Problem> {
    let own = submissions::table.filter(submissions::account_id.eq(account));
    let ids: Vec<Id> = own.select(submissions::id).load(connection)?;
    for id in &ids {
        if let Some(item) = rows::locked(connection, *id)?.and_then(|row| row.item_id) {
            taken_back::take_back(connection, kinds, item, now)?;
        }
        rows::delete(connection, *id)?;
    }
    Ok(ids.len())
}

/// Forgets what was declined or taken back 30 days ago, and erases what was handed over by accounts that are gone, at most
/// about `limit` of each. Says how many.
///
/// # Errors
/// Database failures.
pub fn sweep(connection: &mut Connection, kinds: &Kinds, now: Timestamp, limit: i64) -> Result<usize, Problem> {
    let old = submissions::ended_at.le(now.minus(KEPT_FOR));
    let expired: Vec<Id> = submissions::table
        .filter(old)
        .order(submissions::ended_at.asc())
        .select(submissions::id)
        .limit(limit)
        .load(connection)?;
    let mut count = diesel::delete(submissions::table.filter(submissions::id.eq_any(expired))).execute(connection)?;
    let gone: Vec<Id> = submissions::table
        .filter(submissions::account_id.ne_all(accounts::table.select(accounts::id)))
        .select(submissions::account_id)
        .distinct()
        .limit(limit)
        .load(connection)?;
    for account in gone {
        count += erase_all(connection, kinds, account, now)?;
    }
    Ok(count)
}
