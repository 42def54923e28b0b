//! What people say of items and which they use, counted over everybody: how many found one helpful, were hurt, keep it, go
//! through it.
//! Holds always: only counts are kept, with days and no instants; a count below the threshold reaches nobody.

pub mod operations;
pub mod shapes;

use chrono::{DateTime, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use crate::database::ids::sql_types;
use crate::database::schema::item_signals;
use crate::database::{Connection, Id};

/// What somebody says of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    pub item: Id,
    pub kind: SignalKind,
}

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalKind {
    Helpful,
    Hurt,
    /// It is among somebody's favourites.
    Kept,
    /// Somebody has a run of it.
    Used,
}

/// The counts of an item as they are stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = item_signals)]
pub struct Counted {
    pub item_id: Id,
    pub helpful_count: i64,
    pub hurt_count: i64,
    pub hurt_reviewed_count: i64,
    /// Days since 1970-01-01.
    pub review_requested_on: Option<i32>,
    /// Days since 1970-01-01.
    pub reviewed_on: Option<i32>,
    pub kept_count: i64,
    pub used_count: i64,
}

/// The stored form of a date: days since 1970-01-01.
fn day(date: NaiveDate) -> i32 {
    i32::try_from((date - DateTime::UNIX_EPOCH.date_naive()).num_days()).unwrap_or(i32::MAX)
}

/// Adds `step` (1 or -1) to an item's count, and sends it to review on the day `today` once `enough` people whom no
/// curator has considered yet were hurt.
///
/// # Errors
/// The query's error.
pub fn count(conn: &mut Connection, signal: Signal, step: i64, today: i32, enough: i64) -> QueryResult<()> {
    let add = match signal.kind {
        SignalKind::Helpful => "UPDATE item_signals SET helpful_count = helpful_count + $1 WHERE item_id = $2",
        // What began before it was counted may end now: no count goes below nothing.
        SignalKind::Kept => {
            "UPDATE item_signals SET kept_count = CASE WHEN kept_count + $1 < 0 THEN 0 ELSE kept_count + $1 END \
             WHERE item_id = $2"
        }
        SignalKind::Used => {
            "UPDATE item_signals SET used_count = CASE WHEN used_count + $1 < 0 THEN 0 ELSE used_count + $1 END \
             WHERE item_id = $2"
        }
        // What was taken back needs no looking into any more.
        SignalKind::Hurt => {
            "UPDATE item_signals SET hurt_count = hurt_count + $1, hurt_reviewed_count = CASE \
             WHEN hurt_reviewed_count > hurt_count + $1 THEN hurt_count + $1 ELSE hurt_reviewed_count END \
             WHERE item_id = $2"
        }
    };
    diesel::sql_query("INSERT INTO item_signals (item_id) VALUES ($1) ON CONFLICT (item_id) DO NOTHING")
        .bind::<sql_types::Id, _>(signal.item)
        .execute(conn)?;
    diesel::sql_query(add).bind::<BigInt, _>(step).bind::<sql_types::Id, _>(signal.item).execute(conn)?;
    diesel::sql_query(
        "UPDATE item_signals SET review_requested_on = $1 \
         WHERE item_id = $2 AND review_requested_on IS NULL AND hurt_count - hurt_reviewed_count >= $3",
    )
    .bind::<Integer, _>(today)
    .bind::<sql_types::Id, _>(signal.item)
    .bind::<BigInt, _>(enough)
    .execute(conn)
    .map(drop)
}

/// Items of which curators may know something, after `after`, in the order of their ids; `waiting`: only those that wait
/// for review. What too few people said is as if nobody had.
fn told(
    conn: &mut Connection,
    smallest: i64,
    waiting: bool,
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Counted>> {
    let asked = item_signals::review_requested_on.is_not_null();
    let mut query = item_signals::table.select(Counted::as_select()).into_boxed();
    query = if waiting {
        query.filter(asked)
    } else {
        let used = item_signals::kept_count.ge(smallest).or(item_signals::used_count.ge(smallest));
        let known = item_signals::reviewed_on.is_not_null().or(item_signals::helpful_count.ge(smallest)).or(used);
        query.filter(asked.or(known))
    };
    if let Some(after) = after {
        query = query.filter(item_signals::item_id.gt(after));
    }
    query.order(item_signals::item_id.asc()).limit(limit).load(conn)
}

/// Notes that a curator looked into what was reported until now. Nothing when the item does not wait for that.
fn reviewed(conn: &mut Connection, item: Id, today: i32) -> QueryResult<Option<Counted>> {
    let waiting = item_signals::table.find(item).filter(item_signals::review_requested_on.is_not_null());
    let changed = diesel::update(waiting)
        .set((
            item_signals::hurt_reviewed_count.eq(item_signals::hurt_count),
            item_signals::review_requested_on.eq(None::<i32>),
            item_signals::reviewed_on.eq(Some(today)),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(None);
    }
    item_signals::table.find(item).select(Counted::as_select()).first(conn).optional()
}

/// The date of a stored day.
fn date(day: i32) -> Option<NaiveDate> {
    DateTime::UNIX_EPOCH.date_naive().checked_add_signed(chrono::TimeDelta::days(i64::from(day)))
}
