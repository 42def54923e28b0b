//! The rows of submissions, and the words sealed in them.
//! Holds always: words open with their own row's id and account only; what is not one's own is not there.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};

use super::unreadable;
use super::words::SubmissionStatus;
use crate::database::schema::submissions;
use crate::database::{Bytes, Connection, Id, Timestamp};
use crate::http::problem::Problem;
use crate::privacy::{KeyRing, Purpose, Text};
use crate::resources::curated::stories::StoryForm;

/// A submission as it is stored.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = submissions, treat_none_as_null = true)]
pub(super) struct Row {
    pub(super) id: Id,
    pub(super) account_id: Id,
    pub(super) status: String,
    pub(super) version: i64,
    pub(super) consent_edition: i32,
    pub(super) content_sealed: Option<Bytes>,
    pub(super) reason: Option<String>,
    pub(super) note_sealed: Option<Bytes>,
    pub(super) item_id: Option<Id>,
    pub(super) decided_by: Option<Id>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) ended_at: Option<Timestamp>,
}

/// What its writer said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) form: StoryForm,
    pub(super) title: Option<Text<120>>,
    pub(super) text: Text<12_000>,
    pub(super) pen_name: Option<Text<60>>,
    pub(super) language: String,
    pub(super) about_item_id: Option<Id>,
}

impl Row {
    /// What became of it; a word that only a newer node knows is taken for the end of the matter.
    pub(super) fn status(&self) -> SubmissionStatus {
        self.status.parse().unwrap_or(SubmissionStatus::Withdrawn)
    }

    /// Another status, at `now`.
    pub(super) fn becomes(mut self, status: SubmissionStatus, now: Timestamp) -> Self {
        status.as_str().clone_into(&mut self.status);
        self.version += 1;
        self.updated_at = now;
        let has_ended = matches!(status, SubmissionStatus::Declined | SubmissionStatus::Withdrawn);
        self.ended_at = has_ended.then_some(now);
        self
    }

    fn place(&self) -> [&[u8]; 2] {
        [self.account_id.as_bytes(), self.id.as_bytes()]
    }

    /// Puts the words in.
    pub(super) fn holding(mut self, ring: &KeyRing, content: &Content) -> Result<Self, Problem> {
        let plain = serde_json::to_vec(content).map_err(|cause| unreadable(&cause))?;
        self.content_sealed = Some(Bytes(ring.seal(Purpose::Submission, &self.place(), &plain)));
        Ok(self)
    }

    /// The words; none once they were taken back.
    pub(super) fn content(&self, ring: &KeyRing) -> Result<Option<Content>, Problem> {
        let Some(sealed) = &self.content_sealed else { return Ok(None) };
        let plain = ring.open(Purpose::Submission, &self.place(), &sealed.0).map_err(|cause| unreadable(&cause))?;
        // The message of a parser may hold what it read.
        serde_json::from_slice(&plain).map(Some).map_err(|_cause| unreadable(&"its words are not JSON"))
    }

    /// Puts in what a curator says to the writer.
    pub(super) fn noting(mut self, ring: &KeyRing, note: Option<&Text<1_000>>) -> Self {
        let seal =
            |note: &Text<1_000>| Bytes(ring.seal(Purpose::SubmissionNote, &self.place(), note.as_str().as_bytes()));
        self.note_sealed = note.map(seal);
        self
    }

    pub(super) fn note(&self, ring: &KeyRing) -> Result<Option<Text<1_000>>, Problem> {
        let Some(sealed) = &self.note_sealed else { return Ok(None) };
        let plain = ring.open(Purpose::SubmissionNote, &self.place(), &sealed.0).map_err(|cause| unreadable(&cause))?;
        let text = String::from_utf8(plain.to_vec()).map_err(|_cause| unreadable(&"its note is not UTF-8"))?;
        Text::new(text).map(Some).map_err(|cause| unreadable(&cause))
    }
}

/// Waits until no other transaction counts or adds what this person handed over. SQLite writes one after the other anyway.
pub(super) fn wait_for_the_same_person(connection: &mut Connection, account: Id) -> QueryResult<()> {
    let Connection::Postgres(postgres) = connection else { return Ok(()) };
    let (_, random) = account.as_bytes().split_last_chunk::<8>().ok_or(diesel::result::Error::NotFound)?;
    let lock = i64::from_be_bytes(*random);
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(lock).execute(postgres).map(drop)
}

/// How many of this person wait for curators.
pub(super) fn waiting_count(connection: &mut Connection, account: Id) -> QueryResult<i64> {
    submissions::table
        .filter(submissions::account_id.eq(account))
        .filter(submissions::status.eq(SubmissionStatus::Waiting.as_str()))
        .count()
        .get_result(connection)
}

pub(super) fn insert(connection: &mut Connection, row: &Row) -> QueryResult<()> {
    diesel::insert_into(submissions::table).values(row).execute(connection).map(drop)
}

/// Stores a row that [`own_locked`] or [`locked`] found in the same transaction.
pub(super) fn save(connection: &mut Connection, row: &Row) -> QueryResult<()> {
    diesel::update(submissions::table.find(row.id)).set(row).execute(connection).map(drop)
}

pub(super) fn delete(connection: &mut Connection, id: Id) -> QueryResult<usize> {
    diesel::delete(submissions::table.find(id)).execute(connection)
}

/// The person's own submission with this id.
pub(super) fn own(connection: &mut Connection, account: Id, id: Id) -> QueryResult<Option<Row>> {
    let own = submissions::table.filter(submissions::account_id.eq(account)).filter(submissions::id.eq(id));
    own.select(Row::as_select()).first(connection).optional()
}

/// The submission with this id, for a curator.
pub(super) fn any(connection: &mut Connection, id: Id) -> QueryResult<Option<Row>> {
    submissions::table.find(id).select(Row::as_select()).first(connection).optional()
}

/// The same, and until the transaction ends nobody else changes it.
pub(super) fn locked(connection: &mut Connection, id: Id) -> QueryResult<Option<Row>> {
    // A change that changes nothing takes the row's lock on either engine.
    let same = submissions::version.eq(submissions::version);
    diesel::update(submissions::table.find(id)).set(same).execute(connection)?;
    any(connection, id)
}

/// [`own`], locked like [`locked`].
pub(super) fn own_locked(connection: &mut Connection, account: Id, id: Id) -> QueryResult<Option<Row>> {
    if own(connection, account, id)?.is_none() {
        return Ok(None);
    }
    locked(connection, id)
}

/// The person's own, newest first, from before `before` on.
pub(super) fn list_own(
    connection: &mut Connection,
    account: Id,
    before: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Row>> {
    let mut query = submissions::table.filter(submissions::account_id.eq(account)).into_boxed();
    if let Some(before) = before {
        query = query.filter(submissions::id.lt(before));
    }
    query.order(submissions::id.desc()).limit(limit).select(Row::as_select()).load(connection)
}

/// Everybody's of these statuses (of any, when none is named), the oldest first, after `after`.
pub(super) fn list_all(
    connection: &mut Connection,
    statuses: &[SubmissionStatus],
    after: Option<Id>,
    limit: i64,
) -> QueryResult<Vec<Row>> {
    let mut query = submissions::table.into_boxed();
    if !statuses.is_empty() {
        let words: Vec<_> = statuses.iter().map(|status| status.as_str()).collect();
        query = query.filter(submissions::status.eq_any(words));
    }
    if let Some(after) = after {
        query = query.filter(submissions::id.gt(after));
    }
    query.order(submissions::id.asc()).limit(limit).select(Row::as_select()).load(connection)
}
