//! The owner's head row: the change sequence, the epoch, and how much is kept.
//! Holds always: every writing transaction raises the sequence first, so that its row lock makes the order of commits and
//! the order of sequences one; and no transaction leaves an owner above their quota.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use crate::config;
use crate::database::connection::MultiBackend;
use crate::database::ids::sql_types;
use crate::database::schema::owner_heads;
use crate::database::{Connection, Id};
use crate::http::code::Code;
use crate::http::problem::Problem;

/// What a transaction adds to what an owner keeps; negative numbers give back.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Change {
    pub live: i64,
    pub trashed: i64,
    pub bytes: i64,
}

/// Raises the owner's sequence and books the change; returns the new sequence.
///
/// # Errors
/// `quota_reached` when the change would add to an account that is full; database failures.
pub(super) fn advance(
    conn: &mut Connection,
    owner: Id,
    change: Change,
    limits: &config::Limits,
) -> Result<i64, Problem> {
    let mut head = raise(conn, owner, change)?;
    if head.is_none() {
        // An owner's first record. Two at once are harmless: the second finds the row there.
        diesel::sql_query(
            "INSERT INTO owner_heads (owner, epoch, sequence, live_count, trashed_count, stored_bytes) \
             VALUES ($1, 1, 0, 0, 0, 0) ON CONFLICT (owner) DO NOTHING",
        )
        .bind::<sql_types::Id, _>(owner)
        .execute(conn)?;
        head = raise(conn, owner, change)?;
    }
    let (sequence, kept, bytes) = head.ok_or_else(|| Problem::new(Code::Internal))?;
    let grows = change.live + change.trashed > 0 || change.bytes > 0;
    if grows && (kept > limits.records_per_owner || bytes > limits.bytes_per_owner) {
        return Err(Problem::new(Code::QuotaReached));
    }
    Ok(sequence)
}

/// Books what the running transaction has moved or freed, after [`advance`].
pub(super) fn book(conn: &mut Connection, owner: Id, change: Change) -> QueryResult<()> {
    diesel::update(owner_heads::table.filter(owner_heads::owner.eq(owner)))
        .set((
            owner_heads::live_count.eq(owner_heads::live_count + change.live),
            owner_heads::trashed_count.eq(owner_heads::trashed_count + change.trashed),
            owner_heads::stored_bytes.eq(owner_heads::stored_bytes + change.bytes),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Notes, until the owner's own act says otherwise, that outreach content is withheld whatever records say: a record that
/// withheld it is gone without an act of its owner, or the owner wants it so.
pub(super) fn set_outreach_withheld(conn: &mut Connection, owner: Id, withheld: bool) -> QueryResult<()> {
    let noted = owner_heads::outreach_withheld.eq(i16::from(withheld));
    diesel::update(owner_heads::table.find(owner)).set(noted).execute(conn).map(|_| ())
}

/// Whether [`set_outreach_withheld`] was noted.
pub(super) fn withholds_outreach(conn: &mut Connection, owner: Id) -> QueryResult<bool> {
    let noted: Option<i16> =
        owner_heads::table.find(owner).select(owner_heads::outreach_withheld).first(conn).optional()?;
    Ok(noted.is_some_and(|noted| noted != 0))
}

/// The next sequence number, and what the owner has by then: records that are live or in the trash, and bytes.
fn raise(conn: &mut Connection, owner: Id, change: Change) -> QueryResult<Option<(i64, i64, i64)>> {
    Raise { owner, change }.get_result(conn).optional()
}

/// The statement that every write of a record begins with. Diesel's own UPDATE would be prepared anew each time.
#[derive(Debug, Clone, Copy, QueryId)]
struct Raise {
    owner: Id,
    change: Change,
}

impl QueryFragment<MultiBackend> for Raise {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        pass.push_sql("UPDATE owner_heads SET sequence = sequence + 1, live_count = live_count + ");
        pass.push_bind_param::<BigInt, _>(&self.change.live)?;
        pass.push_sql(", trashed_count = trashed_count + ");
        pass.push_bind_param::<BigInt, _>(&self.change.trashed)?;
        pass.push_sql(", stored_bytes = stored_bytes + ");
        pass.push_bind_param::<BigInt, _>(&self.change.bytes)?;
        pass.push_sql(" WHERE owner = ");
        pass.push_bind_param::<sql_types::Id, _>(&self.owner)?;
        pass.push_sql(" RETURNING sequence, live_count + trashed_count, stored_bytes");
        Ok(())
    }
}

impl Query for Raise {
    type SqlType = (BigInt, BigInt, BigInt);
}

impl RunQueryDsl<Connection> for Raise {}
