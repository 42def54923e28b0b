//! What an item was before: its revisions, who wrote them, and when each was shown to readers.
//! Holds always: revisions and publications are only added; a draft that nobody but curators saw may go with its history, and
//! what its writer took back loses its earlier words (`taken_back`).

use diesel::prelude::*;

use super::item::RevisionSummary;
use crate::database::schema::{catalogue_publications, catalogue_revisions};
use crate::database::{Connection, Id, Timestamp};

/// Who wrote a revision; nobody for what came from files.
pub fn author(connection: &mut Connection, item: Id, number: i64) -> QueryResult<Option<Id>> {
    Ok(written(connection, item, number)?.0)
}

/// Who wrote a revision, and what they said about it.
pub fn written(connection: &mut Connection, item: Id, number: i64) -> QueryResult<(Option<Id>, Option<String>)> {
    let revision = catalogue_revisions::table.find((item, number));
    let found = revision.select((catalogue_revisions::author, catalogue_revisions::note)).first(connection);
    Ok(found.optional()?.unwrap_or_default())
}

/// Notes that a revision was shown to readers.
pub fn note_publication(
    connection: &mut Connection,
    item: Id,
    number: i64,
    at: Timestamp,
    by: Option<Id>,
) -> QueryResult<()> {
    diesel::insert_into(catalogue_publications::table)
        .values((
            catalogue_publications::id.eq(Id::new()),
            catalogue_publications::item_id.eq(item),
            catalogue_publications::number.eq(number),
            catalogue_publications::published_at.eq(at),
            catalogue_publications::published_by.eq(by),
        ))
        .execute(connection)?;
    Ok(())
}

/// When each revision of an item was last published.
pub fn publications(connection: &mut Connection, item: Id) -> QueryResult<Vec<(i64, Timestamp)>> {
    catalogue_publications::table
        .filter(catalogue_publications::item_id.eq(item))
        .order(catalogue_publications::published_at.asc())
        .select((catalogue_publications::number, catalogue_publications::published_at))
        .load(connection)
}

/// An item's revisions before number `before`, newest first.
pub fn revisions(connection: &mut Connection, item: Id, before: i64, limit: i64) -> QueryResult<Vec<RevisionSummary>> {
    let rows: Vec<(i64, Timestamp, Option<Id>, Option<String>)> = catalogue_revisions::table
        .filter(catalogue_revisions::item_id.eq(item))
        .filter(catalogue_revisions::number.lt(before))
        .order(catalogue_revisions::number.desc())
        .limit(limit)
        .select((
            catalogue_revisions::number,
            catalogue_revisions::saved_at,
            catalogue_revisions::author,
            catalogue_revisions::note,
        ))
        .load(connection)?;
    let published = publications(connection, item)?;
    let when = |number| published.iter().rev().find(|(known, _)| *known == number).map(|(_, at)| *at);
    let summary = |(number, saved_at, author, change_note)| {
        let published_at = when(number);
        RevisionSummary { number, saved_at, author, change_note, published_at }
    };
    Ok(rows.into_iter().map(summary).collect())
}

/// Whether anybody with an account ever saved the item.
pub fn was_edited(connection: &mut Connection, item: Id) -> QueryResult<bool> {
    let edits = catalogue_revisions::table
        .filter(catalogue_revisions::item_id.eq(item))
        .filter(catalogue_revisions::author.is_not_null());
    Ok(edits.count().get_result::<i64>(connection)? > 0)
}
