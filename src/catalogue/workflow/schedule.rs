//! What the clock does: publishes what was approved for a time, and takes back what has an end.
//! Holds always: only `scheduled` is published, which an approved revision alone can be; what breaks a rule by then goes back to
//! its authors instead.

use diesel::prelude::*;

use super::audit::{self, Act};
use super::{Mover, perform};
use crate::catalogue::item::Transition;
use crate::catalogue::kinds::Kinds;
use crate::catalogue::store::{self, ItemRow};
use crate::catalogue::vocabulary::ItemStatus;
use crate::database::schema::catalogue_items;
use crate::database::{Connection, Timestamp};
use crate::http::code::Code;
use crate::http::problem::Problem;

/// The clock moves what two persons have agreed on, and nothing else.
const CLOCK: Mover = Mover { account: None, two_person: true };

/// Whether something is due.
pub fn is_waiting(connection: &mut Connection, now: Timestamp) -> QueryResult<bool> {
    Ok(!due(connection, now, 1)?.is_empty())
}

/// Does what is due, at most so many items; says how many.
pub fn turn(connection: &mut Connection, kinds: &Kinds, now: Timestamp, limit: i64) -> Result<usize, Problem> {
    let items = due(connection, now, limit)?;
    for item in &items {
        if item.unpublish_at.is_some_and(|end| end <= now) {
            take_back(connection, kinds, item, now)?;
        } else {
            publish(connection, kinds, item, now)?;
        }
    }
    Ok(items.len())
}

fn due(connection: &mut Connection, now: Timestamp, limit: i64) -> QueryResult<Vec<ItemRow>> {
    let begins = catalogue_items::publish_at.le(now).and(catalogue_items::status.eq(ItemStatus::Scheduled.as_str()));
    catalogue_items::table
        .filter(begins.or(catalogue_items::unpublish_at.le(now)))
        .order(catalogue_items::id.asc())
        .limit(limit)
        .select(ItemRow::as_select())
        .load(connection)
}

fn publish(connection: &mut Connection, kinds: &Kinds, item: &ItemRow, now: Timestamp) -> Result<(), Problem> {
    let note = Some("By its schedule.".to_owned());
    let wish = Transition { to: ItemStatus::Published, note, publish_at: None, unpublish_at: item.unpublish_at };
    match perform(connection, kinds, CLOCK, item, &wish, now) {
        Err(problem) if problem.code() == Code::InvalidContent => {
            let note = Some("Not published by its schedule: it breaks a rule by now.".to_owned());
            let back = Transition { note, ..Transition::to(ItemStatus::Draft) };
            perform(connection, kinds, CLOCK, item, &back, now).map(drop)
        }
        moved => moved.map(drop),
    }
}

fn take_back(connection: &mut Connection, kinds: &Kinds, item: &ItemRow, now: Timestamp) -> Result<(), Problem> {
    let from = item.state();
    if matches!(from, ItemStatus::Published | ItemStatus::Scheduled) {
        let note = Some("By its schedule.".to_owned());
        let wish = Transition { note, ..Transition::to(ItemStatus::Archived) };
        return perform(connection, kinds, CLOCK, item, &wish, now).map(drop);
    }
    // A draft stands beside it, and stays.
    if item.published_revision.is_some() {
        store::raise_version(connection, now)?;
    }
    let row = ItemRow {
        version: item.version + 1,
        published_revision: None,
        published_at: None,
        unpublish_at: None,
        updated_at: now,
        ..item.clone()
    };
    if !store::update(connection, &row)? {
        return Err(super::overtaken(connection, item));
    }
    let note = Some("Taken back by its schedule; the draft beside it stays.");
    let act = Act { item: row.id, revision: row.latest_revision, at: now, actor: None, from: Some(from), note };
    Ok(audit::note(connection, &act, &[from])?)
}
