//! Reading records: one, a page, a filtered page within its budget, and earlier versions.
//! Holds always: a reader sees their own live records and nothing else; what a budget cuts short continues at the cursor.

use std::time::{Duration, Instant};

use crate::auth::Caller;
use crate::database::{Connection, Id};
use crate::http::problem::Problem;
use crate::privacy::Keystore;

use super::collection::{Collection, Filter};
use super::document::{self, Opened};
use super::engine::Records;
use super::row::{self, ListedRow, Listing, Position, Row};

/// How much one filtered request may open before it answers a short page with a cursor for the rest.
const BUDGET_ROWS: usize = 20_000;
const BUDGET_BYTES: usize = 64 * 1024 * 1024;
const BUDGET_TIME: Duration = Duration::from_secs(2);
/// Rows fetched at a time while filtering.
const CHUNK: u32 = 256;

/// One page of records and where the next one starts.
pub(super) struct Found {
    pub records: Vec<Opened>,
    pub next: Option<Position>,
}

/// One version of a record in its history.
pub(super) struct Version {
    pub number: i64,
    pub saved_at: crate::database::Timestamp,
    pub fields: Vec<u8>,
}

impl Version {
    /// Appends `{"version":…,"saved_at":…,"content":{…}}`.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let head =
            format!("{{\"version\":{},\"saved_at\":\"{}\",\"content\":", self.number, self.saved_at.to_rfc3339());
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(&self.fields);
        out.push(b'}');
    }
}

impl Records {
    /// A live record of `owner`, with its row.
    ///
    /// # Errors
    /// 404 when there is none, or when its key was destroyed; database failures.
    pub(super) async fn find_row<C: Collection>(&self, owner: Id, id: Id) -> Result<(Row, Opened), Problem> {
        let keystore = self.parts().keystore.clone();
        self.parts()
            .database
            .read(move |conn| {
                let row = live::<C>(conn, owner, id)?;
                let opened = document::open::<C>(&keystore, &row)?.ok_or_else(Problem::not_found)?;
                Ok((row, opened))
            })
            .await
    }

    /// A live record of the caller, as its type.
    ///
    /// # Errors
    /// 404 when there is none; database failures.
    pub async fn find<C: Collection>(&self, caller: &Caller, id: Id) -> Result<C, Problem> {
        self.find_row::<C>(caller.account, id).await?.1.record()
    }

    /// One page of the owner's live records that match.
    pub(super) async fn list<C: Collection>(
        &self,
        owner: Id,
        listing: Listing,
        filter: C::Filter,
        after: Option<Position>,
        limit: u32,
    ) -> Result<Found, Problem> {
        let keystore = self.parts().keystore.clone();
        self.parts().database.read(move |conn| scan::<C>(conn, &keystore, owner, &listing, &filter, after, limit)).await
    }

    /// Versions of a live record below `before`, latest first, the current one included.
    pub(super) async fn history<C: Collection>(
        &self,
        owner: Id,
        id: Id,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Version>, Problem> {
        let keystore = self.parts().keystore.clone();
        self.parts()
            .database
            .read(move |conn| {
                let row = live::<C>(conn, owner, id)?;
                let current = document::open::<C>(&keystore, &row)?.ok_or_else(Problem::not_found)?;
                let mut versions = Vec::new();
                if row.version < before {
                    versions.push(Version { number: row.version, saved_at: row.updated_at, fields: current.fields });
                }
                for revision in row::revisions(conn, owner, id, before, i64::from(limit))? {
                    if let Some(fields) = document::open_revision::<C>(&keystore, &revision)? {
                        versions.push(Version { number: revision.version, saved_at: revision.saved_at, fields });
                    }
                }
                Ok(versions)
            })
            .await
    }
}

/// The owner's live row.
///
/// # Errors
/// 404, the same for what is not there, not live and not theirs.
pub(super) fn live<C: Collection>(conn: &mut Connection, owner: Id, id: Id) -> Result<Row, Problem> {
    row::find(conn, owner, C::NAME, id)?.filter(Row::is_live).ok_or_else(Problem::not_found)
}

fn scan<C: Collection>(
    conn: &mut Connection,
    keystore: &Keystore,
    owner: Id,
    listing: &Listing,
    filter: &C::Filter,
    after: Option<Position>,
    limit: u32,
) -> Result<Found, Problem> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let chunk = if filter.is_empty() { limit + 1 } else { CHUNK };
    let started = Instant::now();
    let (mut after, mut rows_seen, mut bytes_seen) = (after, 0_usize, 0_usize);
    let mut records = Vec::new();
    loop {
        let rows = row::page(conn, owner, C::NAME, listing, after, i64::from(chunk))?;
        let is_last_chunk = rows.len() < usize::try_from(chunk).unwrap_or(usize::MAX);
        for row in rows {
            if records.len() == wanted {
                return Ok(Found { records, next: after });
            }
            rows_seen += 1;
            bytes_seen += row.document.as_ref().map_or(0, |document| document.0.len());
            after = Some(position(&row, listing));
            if let Some(opened) = document::open_listed::<C>(keystore, owner, &row)?
                && (filter.is_empty() || filter.matches(&opened.record()?))
            {
                records.push(opened);
            }
        }
        if is_last_chunk {
            return Ok(Found { records, next: None });
        }
        if rows_seen >= BUDGET_ROWS || bytes_seen >= BUDGET_BYTES || started.elapsed() >= BUDGET_TIME {
            return Ok(Found { records, next: after });
        }
    }
}

fn position(row: &ListedRow, listing: &Listing) -> Position {
    let key = if listing.sort.by_day() { row.day.map_or(0, i64::from) } else { row.created_at.as_micros() };
    Position(key, row.id)
}
