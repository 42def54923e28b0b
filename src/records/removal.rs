//! Deleting, restoring and purging: a record goes from live to trashed to purged, and its children with it.
//! Holds always: only what went to the trash with a record comes back with it; a purged record leaves its id and its
//! sequence, and nothing of its content.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::prelude::*;

use crate::database::schema::{record_revisions, records};
use crate::database::{Bytes, Connection, Id, Timestamp};
use crate::http::code::Code;
use crate::http::conditional::IfMatch;
use crate::http::problem::Problem;

use super::collection::Collection;
use super::engine::Records;
use super::head::{self, Change};
use super::read::live;
use super::row::{self, Row};

/// How long a deleted record can be restored.
pub(super) const TRASH_RETENTION: Duration = Duration::from_hours(30 * 24);

impl Records {
    /// Moves a live record and its live descendants to the trash.
    pub(super) async fn trash<C: Collection>(&self, owner: Id, id: Id, if_match: IfMatch) -> Result<(), Problem> {
        let engine = self.clone();
        self.parts().database.write(move |conn| engine.trash_now::<C>(conn, owner, id, &if_match)).await?;
        self.parts().auth.forget_sessions_of(owner);
        Ok(())
    }

    fn trash_now<C: Collection>(
        &self,
        conn: &mut Connection,
        owner: Id,
        id: Id,
        if_match: &IfMatch,
    ) -> Result<(), Problem> {
        // Whoever else changes these rows waits for the head row, so it is taken before they are read.
        let sequence = head::advance(conn, owner, Change::default(), &self.parts().limits)?;
        let root = live::<C>(conn, owner, id)?;
        if_match.check(root.version)?;
        let rows = with_descendants(conn, owner, root, Row::is_live)?;
        head::book(conn, owner, moved(&rows, -1, 1))?;
        let now = self.parts().database.clock().now();
        for row in &rows {
            diesel::update(records::table.find((owner, row.id)))
                .set((
                    records::trashed_at.eq(Some(now)),
                    records::trashed_with.eq(Some(id)),
                    records::version.eq(row.version + 1),
                    records::sequence.eq(sequence),
                ))
                .execute(conn)?;
        }
        self.count(conn, owner, &rows, -1)?;
        self.settle_account(conn, owner, &names(&rows), false)
    }

    /// Brings a record back from the trash with what went there with it. A live record stays as it is.
    pub(super) async fn restore<C: Collection>(
        &self,
        owner: Id,
        id: Id,
        if_match: Option<IfMatch>,
    ) -> Result<(), Problem> {
        let engine = self.clone();
        self.parts().database.write(move |conn| engine.restore_now::<C>(conn, owner, id, if_match.as_ref())).await?;
        self.parts().auth.forget_sessions_of(owner);
        Ok(())
    }

    fn restore_now<C: Collection>(
        &self,
        conn: &mut Connection,
        owner: Id,
        id: Id,
        if_match: Option<&IfMatch>,
    ) -> Result<(), Problem> {
        let sequence = head::advance(conn, owner, Change::default(), &self.parts().limits)?;
        let root = row::find(conn, owner, C::NAME, id)?.ok_or_else(Problem::not_found)?;
        if root.is_live() {
            return Ok(());
        }
        if !root.is_trashed() {
            return Err(Problem::not_found());
        }
        if let Some(if_match) = if_match {
            if_match.check(root.version)?;
        }
        if root.trashed_with != Some(id) || !parent_is_live(conn, owner, &root)? {
            let detail = "What this record belongs to is in the trash: restore that first.";
            return Err(Problem::new(Code::Conflict).detail(detail));
        }
        let rows = row::trashed_with(conn, owner, id)?;
        head::book(conn, owner, moved(&rows, 1, -1))?;
        for row in &rows {
            diesel::update(records::table.find((owner, row.id)))
                .set((
                    records::trashed_at.eq(None::<Timestamp>),
                    records::trashed_with.eq(None::<Id>),
                    records::version.eq(row.version + 1),
                    records::sequence.eq(sequence),
                ))
                .execute(conn)?;
        }
        self.count(conn, owner, &rows, 1)?;
        self.settle_account(conn, owner, &names(&rows), false)
    }

    /// Removes a record in the trash, and what went there with it, for good.
    pub(super) async fn purge(&self, owner: Id, id: Id, if_match: IfMatch) -> Result<(), Problem> {
        let engine = self.clone();
        self.parts().database.write(move |conn| engine.purge_now(conn, owner, id, &if_match)).await?;
        self.parts().auth.forget_sessions_of(owner);
        Ok(())
    }

    fn purge_now(&self, conn: &mut Connection, owner: Id, id: Id, if_match: &IfMatch) -> Result<(), Problem> {
        let sequence = head::advance(conn, owner, Change::default(), &self.parts().limits)?;
        let root = row::any(conn, owner, id)?.filter(Row::is_root_of_trash).ok_or_else(Problem::not_found)?;
        if_match.check(root.version)?;
        let rows = self.purge_tree(conn, owner, root, sequence)?;
        self.settle_account(conn, owner, &names(&rows), false)
    }

    /// Purges what went to the trash with `root` inside a job that has raised the owner's sequence. Returns the rows as
    /// they were; the account's flag is the caller's to look after.
    pub(super) fn purge_tree(
        &self,
        conn: &mut Connection,
        owner: Id,
        root: Row,
        sequence: i64,
    ) -> Result<Vec<Row>, Problem> {
        // A child that was deleted on its own before its parent has nothing left to come back to.
        let rows = with_descendants(conn, owner, root, Row::is_trashed)?;
        let now = self.parts().database.clock().now();
        let mut bytes = 0;
        for row in &rows {
            bytes += row.size() + drop_history(conn, owner, row)?;
            diesel::update(records::table.find((owner, row.id)))
                .set((
                    records::purged_at.eq(Some(now)),
                    records::document.eq(None::<Bytes>),
                    records::data_key.eq(None::<Id>),
                    records::day.eq(None::<i32>),
                    records::parent.eq(None::<Id>),
                    records::version.eq(row.version + 1),
                    records::sequence.eq(sequence),
                ))
                .execute(conn)?;
        }
        head::book(conn, owner, Change { bytes: -bytes, ..moved(&rows, 0, -1) })?;
        Ok(rows)
    }
}

/// `root` and everything below it that is in the wanted state.
fn with_descendants(
    conn: &mut Connection,
    owner: Id,
    root: Row,
    wanted: fn(&Row) -> bool,
) -> Result<Vec<Row>, Problem> {
    let mut seen = BTreeSet::from([root.id]);
    let (mut rows, mut open) = (Vec::new(), vec![root]);
    while let Some(row) = open.pop() {
        for child in row::children(conn, owner, row.id)? {
            if wanted(&child) && seen.insert(child.id) {
                open.push(child);
            }
        }
        rows.push(row);
    }
    Ok(rows)
}

fn parent_is_live(conn: &mut Connection, owner: Id, row: &Row) -> Result<bool, Problem> {
    match row.parent {
        Some(parent) => Ok(row::any(conn, owner, parent)?.is_some_and(|parent| parent.is_live())),
        None => Ok(true),
    }
}

/// Deletes a record's earlier versions; returns the bytes they took.
fn drop_history(conn: &mut Connection, owner: Id, row: &Row) -> QueryResult<i64> {
    let documents = row::revisions(conn, owner, row.id, i64::MAX, i64::MAX)?;
    let of_record = record_revisions::owner.eq(owner).and(record_revisions::record_id.eq(row.id));
    diesel::delete(record_revisions::table.filter(of_record)).execute(conn)?;
    Ok(documents.iter().map(|revision| i64::try_from(revision.document.0.len()).unwrap_or(0)).sum())
}

fn moved(rows: &[Row], live: i64, trashed: i64) -> Change {
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    Change { live: live * count, trashed: trashed * count, bytes: 0 }
}

fn names(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.collection.as_str()).collect()
}
