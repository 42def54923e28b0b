//! Creating and editing records: what a write shares, whichever way it comes.
//! Holds always: a write is one transaction with its revision, its references, its quota, its idempotent answer and the
//! account's flag; it happens whole or not at all.

use diesel::prelude::*;

use crate::auth::Caller;
use crate::database::connection::natively;
use crate::database::schema::{record_revisions, records};
use crate::database::{Bytes, Connection, Failure, Id};
use crate::http::conditional::IfMatch;
use crate::http::idempotency::{KeptAnswer, Key};
use crate::http::problem::Problem;

use super::collection::{Collection, Surroundings};
use super::document::{self, Opened};
use super::engine::Records;
use super::faults::Faults;
use super::head::{self, Change};
use super::row::{self, RevisionRow, Row};
use super::{answers, day_number, references};

/// How many earlier versions of a record are kept.
const REVISIONS_KEPT: i64 = 200;

/// Why a job ended without an effect of its own: everything it did is rolled back.
pub(super) enum Halt {
    Refused(Problem),
    /// The same request was answered before.
    Answered(KeptAnswer),
    /// There is a record with this id already.
    Exists(Box<Row>),
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure.into())
    }
}

impl From<diesel::result::Error> for Halt {
    fn from(error: diesel::result::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// A record that is about to be stored for the first time.
pub(super) struct Draft<C> {
    pub id: Id,
    pub record: C,
    pub fields: Vec<u8>,
    pub sealed: Bytes,
    pub data_key: Id,
}

/// An `Idempotency-Key` with the hash of what it was sent with.
#[derive(Clone)]
pub(super) struct Repeat {
    pub key: Key,
    pub request_hash: [u8; 32],
}

/// The rules of the type itself: what neither the schema nor the database can say.
pub(super) fn settle<C: Collection>(
    record: &mut C,
    before: Option<&C>,
    around: &Surroundings<'_>,
) -> Result<(), Problem> {
    let mut faults = Faults::default();
    record.settle(before, around, &mut faults);
    record.check(&mut faults);
    faults.into_result()
}

impl Records {
    /// The answer that this request got before, looked up before its content is judged: what was valid then may not be
    /// now, and the answer stays the same.
    ///
    /// # Errors
    /// 422 when the key was used for another request; database failures.
    pub(super) async fn answered_before(
        &self,
        caller: &Caller,
        repeat: Option<&Repeat>,
    ) -> Result<Option<KeptAnswer>, Problem> {
        let Some(repeat) = repeat.cloned() else { return Ok(None) };
        let (idempotency, owner) = (self.parts().idempotency.clone(), caller.account);
        self.parts().database.read(move |conn| idempotency.find(conn, owner, &repeat.key, &repeat.request_hash)).await
    }

    /// Inserts a new record inside a job and keeps its answer when it came with a key.
    pub(super) fn insert<C: Collection>(
        &self,
        conn: &mut Connection,
        caller: &Caller,
        draft: Draft<C>,
        repeat: Option<&Repeat>,
    ) -> Result<KeptAnswer, Halt> {
        let parts = self.parts();
        let (owner, now) = (caller.account, parts.database.clock().now());
        let size = i64::try_from(draft.sealed.0.len()).unwrap_or(i64::MAX);
        let sequence = head::advance(conn, owner, Change { live: 1, bytes: size, trashed: 0 }, &parts.limits)?;
        if let Some(repeat) = repeat
            && let Some(answer) = parts.idempotency.find(conn, owner, &repeat.key, &repeat.request_hash)?
        {
            return Err(Halt::Answered(answer));
        }
        if let Some(existing) = row::any(conn, owner, draft.id)? {
            return Err(Halt::Exists(Box::new(existing)));
        }
        self.check_surroundings(conn, caller, &draft.record, None)?;
        let row = Row {
            owner,
            id: draft.id,
            collection: C::NAME.to_owned(),
            parent: draft.record.parent(),
            sequence,
            version: 1,
            shape: C::SHAPE,
            day: draft.record.day().map(day_number),
            created_at: now,
            updated_at: now,
            trashed_at: None,
            trashed_with: None,
            purged_at: None,
            data_key: Some(draft.data_key),
            document: Some(draft.sealed),
        };
        natively!(&mut *conn, native => diesel::insert_into(records::table).values(&row).execute(native))?;
        self.count(conn, owner, std::slice::from_ref(&row), 1)?;
        self.settle_account(conn, owner, &[C::NAME], draft.record.withholds_anew(None))?;
        let opened = Opened { id: row.id, version: 1, created_at: now, updated_at: now, fields: draft.fields };
        let answer = answers::created::<C>(&opened);
        if let Some(repeat) = repeat {
            parts.idempotency.keep(conn, owner, &repeat.key, &repeat.request_hash, &answer)?;
        }
        Ok(answer)
    }

    /// Reads a live record, lets `edit` make its next state, and stores that as a new version.
    /// The same content as before is answered as it stands, without a new version.
    ///
    /// # Errors
    /// 404, 412, what `edit` refuses, 422 for references, database failures.
    pub(super) async fn edit<C: Collection>(
        &self,
        caller: &Caller,
        id: Id,
        if_match: IfMatch,
        edit: impl FnOnce(&Opened, &Surroundings<'_>) -> Result<C, Problem>,
    ) -> Result<Opened, Problem> {
        let (row, current) = self.find_row::<C>(caller.account, id).await?;
        if_match.check(row.version)?;
        let pin = C::PIN.map(|pin| current.record().map(|before| pin(&before))).transpose()?;
        let after = edit(&current, &self.around(caller, pin).await?)?;
        let fields = document::fields(&after)?;
        if fields == current.fields {
            return Ok(current);
        }
        let before: C = current.record()?;
        let data_key = row.data_key.ok_or_else(Problem::not_found)?;
        let key = self.parts().keystore.key(caller.account, data_key).await?.ok_or_else(Problem::not_found)?;
        let sealed = document::seal::<C>(&key, caller.account, id, &fields);
        let (engine, asker) = (self.clone(), caller.clone());
        let written = self
            .parts()
            .database
            .write(move |conn| engine.update(conn, &asker, &row, &after, &before, sealed))
            .await
            .map(|updated_at| Opened { version: current.version + 1, updated_at, fields, ..current })?;
        self.after_commit::<C>(caller);
        Ok(written)
    }

    /// Stores the next version of `row` inside a job, the last one as a revision.
    fn update<C: Collection>(
        &self,
        conn: &mut Connection,
        caller: &Caller,
        row: &Row,
        after: &C,
        before: &C,
        sealed: Bytes,
    ) -> Result<crate::database::Timestamp, Problem> {
        let parts = self.parts();
        let (owner, now) = (caller.account, parts.database.clock().now());
        let (Some(old), Some(data_key)) = (row.document.clone(), row.data_key) else {
            return Err(Problem::not_found());
        };
        let size = i64::try_from(sealed.0.len()).unwrap_or(i64::MAX);
        let sequence = head::advance(conn, owner, Change { bytes: size, ..Change::default() }, &parts.limits)?;
        let changed = diesel::update(
            records::table
                .filter(records::owner.eq(owner))
                .filter(records::id.eq(row.id))
                .filter(records::version.eq(row.version))
                .filter(records::trashed_at.is_null())
                .filter(records::purged_at.is_null()),
        )
        .set((
            records::parent.eq(after.parent()),
            records::sequence.eq(sequence),
            records::version.eq(row.version + 1),
            records::shape.eq(C::SHAPE),
            records::day.eq(after.day().map(day_number)),
            records::updated_at.eq(now),
            records::document.eq(Some(sealed)),
        ))
        .execute(conn)?;
        if changed == 0 {
            return Err(overtaken::<C>(conn, owner, row));
        }
        self.check_surroundings(conn, caller, after, Some(before))?;
        let revision = RevisionRow {
            owner,
            record_id: row.id,
            version: row.version,
            shape: row.shape,
            saved_at: row.updated_at,
            data_key,
            document: old,
        };
        diesel::insert_into(record_revisions::table).values(&revision).execute(conn)?;
        forget_revisions(conn, owner, row)?;
        self.settle_account(conn, owner, &[C::NAME], after.withholds_anew(Some(before)))?;
        Ok(now)
    }

    /// Parents and references: everything a record points at is there and the owner's to point at.
    fn check_surroundings<C: Collection>(
        &self,
        conn: &mut Connection,
        caller: &Caller,
        record: &C,
        before: Option<&C>,
    ) -> Result<(), Problem> {
        if let (Some(rule), Some(parent)) = (C::PARENT, record.parent())
            && before.and_then(C::parent) != Some(parent)
            && !row::find(conn, caller.account, rule.collection, parent)?.is_some_and(|row| row.is_live())
        {
            let pointer = format!("/{}", rule.member);
            return Err(Problem::invalid(pointer, "unknown_reference", "There is nothing with this id."));
        }
        let view = Self::view(caller);
        references::check(conn, caller.account, record, before, &self.parts().catalogue, view)
    }
}

/// Somebody was faster: the record changed or went since it was read.
fn overtaken<C: Collection>(conn: &mut Connection, owner: Id, row: &Row) -> Problem {
    match row::find(conn, owner, C::NAME, row.id) {
        Ok(Some(current)) if current.is_live() => match IfMatch::version(row.version).check(current.version) {
            Err(problem) => problem,
            Ok(()) => Problem::not_found(),
        },
        Ok(_) => Problem::not_found(),
        Err(error) => error.into(),
    }
}

/// Deletes versions that are older than the record keeps.
fn forget_revisions(conn: &mut Connection, owner: Id, row: &Row) -> QueryResult<()> {
    if row.version < REVISIONS_KEPT {
        return Ok(());
    }
    let old = record_revisions::table
        .filter(record_revisions::owner.eq(owner))
        .filter(record_revisions::record_id.eq(row.id))
        .filter(record_revisions::version.le(row.version - REVISIONS_KEPT))
        .select((record_revisions::version, record_revisions::document))
        .load::<(i64, Bytes)>(conn)?;
    for (version, _) in &old {
        diesel::delete(
            record_revisions::table
                .filter(record_revisions::owner.eq(owner))
                .filter(record_revisions::record_id.eq(row.id))
                .filter(record_revisions::version.eq(version)),
        )
        .execute(conn)?;
    }
    let bytes = old.iter().map(|(_, document)| i64::try_from(document.0.len()).unwrap_or(0)).sum::<i64>();
    head::book(conn, owner, Change { bytes: -bytes, ..Change::default() })
}
