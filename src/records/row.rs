//! A record's row and the queries that read rows.
//! Holds always: every query names the owner first, so that no id alone ever reaches somebody else's row.

use diesel::prelude::*;

use crate::database::connection::{MultiBackend, natively};
use crate::database::schema::{record_revisions, records};
use crate::database::{Bytes, Connection, Id, Timestamp};

/// One record as it is stored.
///
/// Absent values are inserted as NULL: so the statement is always the same one and is prepared once.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = records, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub owner: Id,
    pub id: Id,
    pub collection: String,
    pub parent: Option<Id>,
    pub sequence: i64,
    pub version: i64,
    pub shape: i16,
    /// Days since 1970-01-01.
    pub day: Option<i32>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub trashed_at: Option<Timestamp>,
    pub trashed_with: Option<Id>,
    pub purged_at: Option<Timestamp>,
    pub data_key: Option<Id>,
    pub document: Option<Bytes>,
}

impl Row {
    pub(super) fn is_live(&self) -> bool {
        self.trashed_at.is_none() && self.purged_at.is_none()
    }

    pub(super) fn is_trashed(&self) -> bool {
        self.trashed_at.is_some() && self.purged_at.is_none()
    }

    /// Whether its owner deleted this record itself, and not what it belonged to.
    pub(super) fn is_root_of_trash(&self) -> bool {
        self.is_trashed() && self.trashed_with == Some(self.id)
    }

    /// Bytes that the sealed document takes.
    pub(super) fn size(&self) -> i64 {
        self.document.as_ref().map_or(0, |document| i64::try_from(document.0.len()).unwrap_or(i64::MAX))
    }
}

/// A live record as lists read it: without what a list knows already, for each value read costs time on each of its rows.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = records)]
pub(super) struct ListedRow {
    pub id: Id,
    pub version: i64,
    pub shape: i16,
    pub day: Option<i32>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub data_key: Option<Id>,
    pub document: Option<Bytes>,
}

/// What an earlier version said.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = record_revisions)]
pub(super) struct RevisionRow {
    pub owner: Id,
    pub record_id: Id,
    pub version: i64,
    pub shape: i16,
    pub saved_at: Timestamp,
    pub data_key: Id,
    pub document: Bytes,
}

/// Which end of a list comes first, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub(super) enum Sort {
    #[default]
    #[serde(rename = "-created_at")]
    Newest,
    #[serde(rename = "created_at")]
    Oldest,
    #[serde(rename = "-day")]
    LatestDay,
    #[serde(rename = "day")]
    EarliestDay,
}

impl Sort {
    pub(super) const fn by_day(self) -> bool {
        matches!(self, Self::LatestDay | Self::EarliestDay)
    }
}

/// Where a page continues: after the row with this key and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Position(pub i64, pub Id);

/// The part of a list request that SQL can answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    pub ids: Vec<Id>,
    pub parents: Vec<Id>,
    /// First and last day, days since 1970-01-01.
    pub from: Option<i32>,
    pub to: Option<i32>,
    pub sort: Sort,
}

/// The record in whatever state it is.
pub(super) fn find(conn: &mut Connection, owner: Id, collection: &str, id: Id) -> QueryResult<Option<Row>> {
    let query = records::table
        .filter(records::owner.eq(owner))
        .filter(records::id.eq(id))
        .filter(records::collection.eq(collection));
    natively!(conn, native => query.select(Row::as_select()).first(native).optional())
}

/// The row with this id, whichever collection it is of.
pub(super) fn any(conn: &mut Connection, owner: Id, id: Id) -> QueryResult<Option<Row>> {
    let query = records::table.filter(records::owner.eq(owner)).filter(records::id.eq(id));
    natively!(conn, native => query.select(Row::as_select()).first(native).optional())
}

/// One page of live records after `after`, at most `limit` rows.
pub(super) fn page(
    conn: &mut Connection,
    owner: Id,
    collection: &str,
    listing: &Listing,
    after: Option<Position>,
    limit: i64,
) -> QueryResult<Vec<ListedRow>> {
    let Listing { ids, parents, sort, .. } = listing;
    natively!(conn, native => {
        let mut query = records::table
            .filter(records::owner.eq(owner))
            .filter(records::collection.eq(collection))
            .filter(records::trashed_at.is_null())
            .filter(records::purged_at.is_null())
            .select(ListedRow::as_select())
            .limit(limit)
            .into_boxed();
        if !ids.is_empty() {
            query = query.filter(records::id.eq_any(ids));
        }
        if !parents.is_empty() {
            query = query.filter(records::parent.eq_any(parents.iter().copied().map(Some)));
        }
        if let Some(from) = listing.from {
            query = query.filter(records::day.ge(from));
        }
        if let Some(to) = listing.to {
            query = query.filter(records::day.le(to));
        }
        if sort.by_day() {
            query = query.filter(records::day.is_not_null());
        }
        // Only what comes after the position. The first comparison alone decides for all but the rows with the same key.
        if let Some(Position(key, id)) = after {
            let day = i32::try_from(key).unwrap_or(if key < 0 { i32::MIN } else { i32::MAX });
            let (created_at, days) = (records::created_at, records::day);
            query = match sort {
                Sort::Newest => query.filter(created_at.le(key).and(created_at.lt(key).or(records::id.lt(id)))),
                Sort::Oldest => query.filter(created_at.ge(key).and(created_at.gt(key).or(records::id.gt(id)))),
                Sort::LatestDay => query.filter(days.le(day).and(days.lt(day).or(records::id.lt(id)))),
                Sort::EarliestDay => query.filter(days.ge(day).and(days.gt(day).or(records::id.gt(id)))),
            };
        }
        let query = match sort {
            Sort::Newest => query.order((records::created_at.desc(), records::id.desc())),
            Sort::Oldest => query.order((records::created_at.asc(), records::id.asc())),
            Sort::LatestDay => query.order((records::day.desc(), records::id.desc())),
            Sort::EarliestDay => query.order((records::day.asc(), records::id.asc())),
        };
        query.load(native)
    })
}

/// The rows that belong to `parent`, in every state but purged.
pub(super) fn children(conn: &mut Connection, owner: Id, parent: Id) -> QueryResult<Vec<Row>> {
    records::table
        .filter(records::owner.eq(owner))
        .filter(records::parent.eq(parent))
        .filter(records::purged_at.is_null())
        .select(Row::as_select())
        .load(conn)
}

/// The rows that went to the trash with `root`, itself included.
pub(super) fn trashed_with(conn: &mut Connection, owner: Id, root: Id) -> QueryResult<Vec<Row>> {
    records::table
        .filter(records::owner.eq(owner))
        .filter(records::trashed_with.eq(root))
        .filter(records::purged_at.is_null())
        .select(Row::as_select())
        .load(conn)
}

/// What the owner deleted themselves, latest first: the roots of the trash.
pub(super) fn trash_page(
    conn: &mut Connection,
    owner: Id,
    after: Option<Position>,
    limit: i64,
) -> QueryResult<Vec<Row>> {
    let mut query = records::table
        .filter(records::owner.eq(owner))
        .filter(records::trashed_at.is_not_null())
        .filter(records::purged_at.is_null())
        .filter(records::trashed_with.eq(records::id.nullable()))
        .select(Row::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(Position(key, id)) = after {
        query = query.filter(records::trashed_at.le(key).and(records::trashed_at.lt(key).or(records::id.lt(id))));
    }
    query.order((records::trashed_at.desc(), records::id.desc())).limit(limit).load(conn)
}

/// Every record of a collection that still has its content, live or in the trash.
pub(super) fn kept(conn: &mut Connection, owner: Id, collection: &str) -> QueryResult<Vec<Row>> {
    records::table
        .filter(records::owner.eq(owner))
        .filter(records::collection.eq(collection))
        .filter(records::purged_at.is_null())
        .select(Row::as_select())
        .load(conn)
}

/// Earlier versions, latest first, below `before`.
pub(super) fn revisions(
    conn: &mut Connection,
    owner: Id,
    record: Id,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<RevisionRow>> {
    record_revisions::table
        .filter(record_revisions::owner.eq(owner))
        .filter(record_revisions::record_id.eq(record))
        .filter(record_revisions::version.lt(before))
        .order(record_revisions::version.desc())
        .limit(limit)
        .select(RevisionRow::as_select())
        .load(conn)
}
