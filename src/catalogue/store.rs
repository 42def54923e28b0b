//! The catalogue's rows: items, their revisions, what was published when, and the version that all nodes watch.
//! Holds always: whatever changes what readers see raises the catalogue's version first, in the same transaction, so that
//! versions rise in the order of commits.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::result::Error;

use super::document::{Document, Header};
use super::kind::Kind;
use super::vocabulary::ItemStatus;
use crate::database::schema::{catalogue_items, catalogue_revisions, facts};
use crate::database::{Bytes, Connection, Id, Timestamp};

/// How many documents one query brings.
const DOCUMENTS_AT_ONCE: usize = 200;
/// The fact that all nodes watch.
const VERSION: &str = "catalogue_version";

/// An item's row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = catalogue_items)]
pub struct ItemRow {
    pub id: Id,
    pub kind: String,
    pub slug: String,
    pub locale: String,
    pub status: String,
    pub version: i64,
    pub latest_revision: i64,
    pub published_revision: Option<i64>,
    pub first_published_at: Option<Timestamp>,
    pub published_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub created_by: Option<Id>,
    pub publish_at: Option<Timestamp>,
    pub unpublish_at: Option<Timestamp>,
    /// From when on its review is overdue.
    pub review_due_at: Option<Timestamp>,
    pub original_slug: Option<String>,
    pub original_locale: Option<String>,
}

impl ItemRow {
    /// A draft's row, before its first change.
    #[must_use]
    pub fn draft(id: Id, kind: &str, slug: &str, locale: &str, now: Timestamp, created_by: Option<Id>) -> Self {
        Self {
            id,
            kind: kind.to_owned(),
            slug: slug.to_owned(),
            locale: locale.to_owned(),
            status: ItemStatus::Draft.as_str().to_owned(),
            version: 1,
            latest_revision: 1,
            published_revision: None,
            first_published_at: None,
            published_at: None,
            created_at: now,
            updated_at: now,
            created_by,
            publish_at: None,
            unpublish_at: None,
            review_due_at: None,
            original_slug: None,
            original_locale: None,
        }
    }

    /// Takes over what the row repeats of its latest document, so that lists can ask for it.
    #[must_use]
    pub fn saying(mut self, header: &Header) -> Self {
        self.slug.clone_from(&header.slug);
        self.locale.clone_from(&header.locale);
        self.review_due_at = header.review.overdue_from();
        self.original_slug = header.translation_of.as_ref().map(|original| original.slug.clone());
        self.original_locale = header.translation_of.as_ref().map(|original| original.locale.clone());
        self
    }

    /// How far the latest revision has come.
    #[must_use]
    pub fn state(&self) -> ItemStatus {
        match self.status.parse() {
            // An edit by a node of the release before, which left the word as it was.
            Ok(ItemStatus::Published) if self.published_revision != Some(self.latest_revision) => ItemStatus::Draft,
            Ok(status) => status,
            Err(_) => ItemStatus::Draft,
        }
    }

    /// Whether the day of the next review has passed.
    #[must_use]
    pub fn is_review_overdue(&self, now: Timestamp) -> bool {
        self.review_due_at.is_some_and(|due| due <= now)
    }
}

/// A new state of an item.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = catalogue_revisions)]
pub struct NewRevision {
    pub item_id: Id,
    pub number: i64,
    pub saved_at: Timestamp,
    pub author: Option<Id>,
    pub note: Option<String>,
    pub document: String,
}

/// The item with this id, of this kind.
pub fn find(connection: &mut Connection, kind: &str, id: Id) -> QueryResult<Option<ItemRow>> {
    let item = catalogue_items::table.find(id).filter(catalogue_items::kind.eq(kind));
    item.select(ItemRow::as_select()).first(connection).optional()
}

/// The item with this id, of whatever kind.
pub fn find_any(connection: &mut Connection, id: Id) -> QueryResult<Option<ItemRow>> {
    catalogue_items::table.find(id).select(ItemRow::as_select()).first(connection).optional()
}

/// Whether any item, of whatever kind, has this id.
pub fn is_taken(connection: &mut Connection, id: Id) -> QueryResult<bool> {
    Ok(catalogue_items::table.find(id).count().get_result::<i64>(connection)? > 0)
}

/// The item at this address.
pub fn at(connection: &mut Connection, kind: &str, locale: &str, slug: &str) -> QueryResult<Option<ItemRow>> {
    catalogue_items::table
        .filter(catalogue_items::kind.eq(kind))
        .filter(catalogue_items::locale.eq(locale))
        .filter(catalogue_items::slug.eq(slug))
        .select(ItemRow::as_select())
        .first(connection)
        .optional()
}

/// What a revision says.
pub fn document(connection: &mut Connection, id: Id, number: i64) -> QueryResult<Option<String>> {
    let revision = catalogue_revisions::table.find((id, number));
    revision.select(catalogue_revisions::document).first(connection).optional()
}

/// What many revisions say, in few queries. What is not there is left out.
pub fn documents(connection: &mut Connection, wanted: &[(Id, i64)]) -> QueryResult<HashMap<(Id, i64), String>> {
    let mut found = HashMap::new();
    for chunk in wanted.chunks(DOCUMENTS_AT_ONCE) {
        let (ids, numbers): (Vec<Id>, BTreeSet<i64>) = chunk.iter().copied().unzip();
        let rows: Vec<(Id, i64, String)> = catalogue_revisions::table
            .filter(catalogue_revisions::item_id.eq_any(ids))
            .filter(catalogue_revisions::number.eq_any(numbers.into_iter().collect::<Vec<_>>()))
            .select((catalogue_revisions::item_id, catalogue_revisions::number, catalogue_revisions::document))
            .load(connection)?;
        found.extend(rows.into_iter().map(|(id, number, document)| ((id, number), document)));
    }
    Ok(found)
}

/// What a revision says, typed.
pub fn typed<K: Kind>(connection: &mut Connection, id: Id, number: i64) -> QueryResult<Option<Document<K>>> {
    let Some(text) = document(connection, id, number)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| Error::DeserializationError(error.into()))
}

/// Stores a new item with its first revision.
pub fn insert(connection: &mut Connection, item: &ItemRow, revision: &NewRevision) -> QueryResult<()> {
    diesel::insert_into(catalogue_items::table).values(item).execute(connection)?;
    diesel::insert_into(catalogue_revisions::table).values(revision).execute(connection)?;
    Ok(())
}

/// Stores the next revision of an item; `item` is the row as it should be. False when somebody was faster.
pub fn save(connection: &mut Connection, item: &ItemRow, revision: &NewRevision) -> QueryResult<bool> {
    if !update(connection, item)? {
        return Ok(false);
    }
    diesel::insert_into(catalogue_revisions::table).values(revision).execute(connection)?;
    Ok(true)
}

/// Stores an item's row, whose version was raised by one. False when somebody was faster.
pub fn update(connection: &mut Connection, item: &ItemRow) -> QueryResult<bool> {
    let before = catalogue_items::table.find(item.id).filter(catalogue_items::version.eq(item.version - 1));
    let changed = diesel::update(before)
        .set((
            catalogue_items::slug.eq(&item.slug),
            catalogue_items::locale.eq(&item.locale),
            catalogue_items::status.eq(&item.status),
            catalogue_items::version.eq(item.version),
            catalogue_items::latest_revision.eq(item.latest_revision),
            catalogue_items::published_revision.eq(item.published_revision),
            catalogue_items::first_published_at.eq(item.first_published_at),
            catalogue_items::published_at.eq(item.published_at),
            catalogue_items::updated_at.eq(item.updated_at),
            catalogue_items::publish_at.eq(item.publish_at),
            catalogue_items::unpublish_at.eq(item.unpublish_at),
            catalogue_items::review_due_at.eq(item.review_due_at),
            catalogue_items::original_slug.eq(&item.original_slug),
            catalogue_items::original_locale.eq(&item.original_locale),
        ))
        .execute(connection)?;
    Ok(changed == 1)
}

/// Removes an item that was never published, with its revisions.
pub fn delete(connection: &mut Connection, item: &ItemRow) -> QueryResult<bool> {
    diesel::delete(catalogue_revisions::table.filter(catalogue_revisions::item_id.eq(item.id))).execute(connection)?;
    let same = catalogue_items::table.find(item.id).filter(catalogue_items::version.eq(item.version));
    Ok(diesel::delete(same).execute(connection)? == 1)
}

/// A published item: id, kind, revision, when, and its document.
pub type PublishedRow = (Id, String, i64, Timestamp);

/// Every published item without its document.
pub fn published(connection: &mut Connection) -> QueryResult<Vec<PublishedRow>> {
    let rows: Vec<(Id, String, Option<i64>, Option<Timestamp>)> = catalogue_items::table
        .filter(catalogue_items::published_revision.is_not_null())
        .order(catalogue_items::id.asc())
        .select((
            catalogue_items::id,
            catalogue_items::kind,
            catalogue_items::published_revision,
            catalogue_items::published_at,
        ))
        .load(connection)?;
    Ok(rows.into_iter().filter_map(|(id, kind, revision, at)| Some((id, kind, revision?, at?))).collect())
}

/// The catalogue's version; 0 before anything was published.
pub fn version(connection: &mut Connection) -> QueryResult<i64> {
    let value: Option<Bytes> = facts::table.find(VERSION).select(facts::value).first(connection).optional()?;
    Ok(value.and_then(|value| value.0.first_chunk::<8>().copied()).map_or(0, i64::from_be_bytes))
}

/// Raises the catalogue's version. Call it before anything else of a publishing transaction: the row's lock makes the
/// order of versions the order of commits.
pub fn raise_version(connection: &mut Connection, now: Timestamp) -> QueryResult<()> {
    let locked = diesel::update(facts::table.find(VERSION)).set(facts::updated_at.eq(now)).execute(connection)?;
    if locked == 0 {
        set_fact(connection, VERSION, &1_i64.to_be_bytes(), now)
    } else {
        let next = version(connection)? + 1;
        set_fact(connection, VERSION, &next.to_be_bytes(), now)
    }
}

/// A fact about this database.
pub fn fact(connection: &mut Connection, name: &str) -> QueryResult<Option<Vec<u8>>> {
    let value: Option<Bytes> = facts::table.find(name).select(facts::value).first(connection).optional()?;
    Ok(value.map(|value| value.0))
}

/// Sets a fact about this database.
pub fn set_fact(connection: &mut Connection, name: &str, value: &[u8], now: Timestamp) -> QueryResult<()> {
    let value = Bytes(value.to_vec());
    let set = (facts::value.eq(&value), facts::updated_at.eq(now));
    if diesel::update(facts::table.find(name)).set(set).execute(connection)? == 0 {
        let row = (facts::name.eq(name), facts::value.eq(&value), facts::updated_at.eq(now));
        diesel::insert_into(facts::table).values(row).execute(connection)?;
    }
    Ok(())
}
