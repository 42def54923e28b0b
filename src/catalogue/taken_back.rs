//! What its writer takes back: a text that came from a person outside of the curators leaves the catalogue.
//! Holds always: readers lose it at once; no revision says it any more; that there was an item, and who moved it when, stays.
//! Nothing here says who took it back.

use diesel::prelude::*;
use serde_json::json;

use super::curating::unwritable;
use super::kinds::Kinds;
use super::store::{self, ItemRow, NewRevision};
use super::vocabulary::ItemStatus;
use super::workflow::audit::{self, Act};
use crate::database::schema::{catalogue_items, catalogue_revisions};
use crate::database::{Connection, Id, Timestamp};
use crate::http::problem::Problem;

/// What the history says of it.
const NOTE: &str = "Taken back by its writer.";
/// What is left as the title.
const TITLE: &str = "Taken back by its writer";

/// Takes an item back. One that readers never saw goes as a whole; of one that was published an empty, archived state is left,
/// under the slug that it had. An item that is not there is taken back already. After the commit call
/// [`super::Catalogue::refresh_soon`].
///
/// # Errors
/// Database failures.
pub fn take_back(connection: &mut Connection, kinds: &Kinds, id: Id, now: Timestamp) -> Result<(), Problem> {
    // The same order of locks as whoever publishes: the catalogue's version, then the item.
    store::raise_version(connection, now)?;
    let row = catalogue_items::table.find(id);
    diesel::update(row).set(catalogue_items::updated_at.eq(now)).execute(connection)?;
    let Some(item) = store::find_any(connection, id)? else { return Ok(()) };
    let act = Act {
        item: id,
        revision: item.latest_revision,
        at: now,
        actor: None,
        from: Some(item.state()),
        note: Some(NOTE),
    };
    if item.first_published_at.is_none() {
        store::delete(connection, &item)?;
        return Ok(audit::note_deletion(connection, &act)?);
    }
    let emptied = empty(connection, kinds, &item, now)?;
    audit::note(connection, &Act { revision: emptied.latest_revision, ..act }, &[ItemStatus::Archived])?;
    Ok(erase_before(connection, &emptied)?)
}

/// Saves a state that says nothing, archived.
fn empty(connection: &mut Connection, kinds: &Kinds, item: &ItemRow, now: Timestamp) -> Result<ItemRow, Problem> {
    let kind = kinds.named(&item.kind).ok_or_else(Problem::not_found)?;
    let document = kind.read(json!({"slug": item.slug, "locale": item.locale, "title": TITLE}))?;
    let row = ItemRow {
        status: ItemStatus::Archived.as_str().to_owned(),
        version: item.version + 1,
        latest_revision: item.latest_revision + 1,
        published_revision: None,
        published_at: None,
        publish_at: None,
        unpublish_at: None,
        updated_at: now,
        ..item.clone()
    }
    .saying(document.header());
    let revision = NewRevision {
        item_id: row.id,
        number: row.latest_revision,
        saved_at: now,
        author: None,
        note: Some(NOTE.to_owned()),
        document: document.text().map_err(unwritable)?,
    };
    // The row is locked, so that nobody can have been faster.
    store::save(connection, &row, &revision)?;
    Ok(row)
}

/// Removes every revision before the latest.
///
/// The database refuses to delete a revision of what was published, by a trigger that looks at `first_published_at`. This is
/// the one case in which it must let go, so the member is null for the length of this statement; nobody else sees it so,
/// since the row is locked until the transaction ends.
fn erase_before(connection: &mut Connection, item: &ItemRow) -> QueryResult<()> {
    let row = || catalogue_items::table.find(item.id);
    let earlier = catalogue_revisions::table
        .filter(catalogue_revisions::item_id.eq(item.id))
        .filter(catalogue_revisions::number.lt(item.latest_revision));
    let none = catalogue_items::first_published_at.eq(None::<Timestamp>);
    diesel::update(row()).set(none).execute(connection)?;
    diesel::delete(earlier).execute(connection)?;
    let before = catalogue_items::first_published_at.eq(item.first_published_at);
    diesel::update(row()).set(before).execute(connection).map(drop)
}
