//! Who took an item where, and when: one row for each state that an item entered.
//! Holds always: rows are added in the transaction of what they tell, and never changed or deleted.

use diesel::dsl::max;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::vocabulary::ItemStatus;
use crate::database::schema::catalogue_transitions;
use crate::database::{Connection, Id, Timestamp};

/// Stands for the state of an item that was deleted.
const DELETED: &str = "deleted";

/// One state that an item entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransitionEntry {
    /// Counts an item's transitions, from 1.
    #[schema(minimum = 1, example = 3)]
    pub number: i64,
    /// The latest revision at that moment.
    #[schema(minimum = 1, example = 2)]
    pub revision: i64,
    pub happened_at: Timestamp,
    /// The account that did it; null for the clock, for starter content, and for the command line.
    #[schema(required = true)]
    pub actor: Option<Id>,
    /// The state before; null for a new item.
    #[schema(required = true)]
    pub from: Option<ItemStatus>,
    pub to: ItemStatus,
    /// What whoever did it said about it.
    #[schema(required = true, max_length = 400)]
    pub note: Option<String>,
}

/// A page of an item's transitions, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransitionPage {
    #[schema(max_items = 100)]
    pub items: Vec<TransitionEntry>,
    /// Null at the end of the list.
    #[schema(required = true, max_length = 200)]
    pub next_cursor: Option<String>,
}

/// What one act did to an item.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    pub item: Id,
    /// The latest revision.
    pub revision: i64,
    pub at: Timestamp,
    pub actor: Option<Id>,
    pub from: Option<ItemStatus>,
    pub note: Option<&'a str>,
}

/// Notes the states that an item passed, in order; the note stands at the last one. Call it after the item's row was changed:
/// its lock makes the numbers.
pub fn note(connection: &mut Connection, act: &Act<'_>, passed: &[ItemStatus]) -> QueryResult<()> {
    let words: Vec<&str> = passed.iter().map(|status| status.as_str()).collect();
    note_words(connection, act, &words)
}

/// Notes that an item was deleted.
pub fn note_deletion(connection: &mut Connection, act: &Act<'_>) -> QueryResult<()> {
    note_words(connection, act, &[DELETED])
}

fn note_words(connection: &mut Connection, act: &Act<'_>, passed: &[&str]) -> QueryResult<()> {
    let last: Option<i64> = catalogue_transitions::table
        .filter(catalogue_transitions::item_id.eq(act.item))
        .select(max(catalogue_transitions::number))
        .first(connection)?;
    let mut from = act.from.map(ItemStatus::as_str);
    for (number, to) in (last.unwrap_or(0) + 1..).zip(passed) {
        let said = act.note.filter(|_| passed.last() == Some(to));
        diesel::insert_into(catalogue_transitions::table)
            .values((
                catalogue_transitions::item_id.eq(act.item),
                catalogue_transitions::number.eq(number),
                catalogue_transitions::revision.eq(act.revision),
                catalogue_transitions::happened_at.eq(act.at),
                catalogue_transitions::actor.eq(act.actor),
                catalogue_transitions::from_status.eq(from),
                catalogue_transitions::to_status.eq(*to),
                catalogue_transitions::note.eq(said),
            ))
            .execute(connection)?;
        from = Some(to);
    }
    Ok(())
}

type Row = (i64, i64, Timestamp, Option<Id>, Option<String>, String, Option<String>);

/// An item's transitions before number `before`, newest first.
pub fn list(connection: &mut Connection, item: Id, before: i64, limit: i64) -> QueryResult<Vec<TransitionEntry>> {
    let rows: Vec<Row> = catalogue_transitions::table
        .filter(catalogue_transitions::item_id.eq(item))
        .filter(catalogue_transitions::number.lt(before))
        .order(catalogue_transitions::number.desc())
        .limit(limit)
        .select((
            catalogue_transitions::number,
            catalogue_transitions::revision,
            catalogue_transitions::happened_at,
            catalogue_transitions::actor,
            catalogue_transitions::from_status,
            catalogue_transitions::to_status,
            catalogue_transitions::note,
        ))
        .load(connection)?;
    let entry = |(number, revision, happened_at, actor, from, to, note): Row| {
        let from = from.and_then(|word| word.parse().ok());
        // A word that only a newer node knows cannot be told here; the row stays.
        Some(TransitionEntry { number, revision, happened_at, actor, from, to: to.parse().ok()?, note })
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}
