//! What a link checker was answered: read from its lines, kept for each address of the catalogue.
//! Holds always: a file is recorded whole or not at all; what is not in the catalogue is not kept.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::Placed;
use crate::database::schema::link_checks;
use crate::database::{Connection, Id, Timestamp};

/// Makes the ids of addresses.
const NAMESPACE: Id = Id::from_bytes(*b"mend link checks");
/// The longest time for which a check says anything: 90 days, in microseconds.
const LONG_MICROS: i64 = 90 * 24 * 3_600 * 1_000_000;
/// How many rows one statement deletes.
const AT_ONCE: usize = 500;

/// What an address answered when it was last asked.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = link_checks, treat_none_as_null = true)]
pub struct Checked {
    pub id: Id,
    pub url: String,
    pub checked_at: Timestamp,
    /// 0: nobody answered.
    pub http_status: i32,
    pub broken_since: Option<Timestamp>,
}

/// What became of a checker's lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Addresses whose answer was kept.
    pub kept: usize,
    /// How many of these are broken.
    pub broken: usize,
    /// Addresses that are not in the catalogue.
    pub unknown: usize,
}

/// A line that is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {0}: not an address, a tab and the status of its answer (000 for none); nothing was recorded")]
pub struct NotAResult(usize);

/// The id of an address.
#[must_use]
pub fn id_of(url: &str) -> Id {
    Id::named(NAMESPACE, url)
}

/// Reads lines of `url<TAB>status`, as curl's `-w '%{url}\t%{http_code}\n'` prints them. Of several lines for one address
/// the last one counts.
///
/// # Errors
/// The first line that is something else.
pub fn parse(text: &str) -> Result<BTreeMap<String, i32>, NotAResult> {
    let mut found = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let status = |word: &str| word.trim().parse().ok().filter(|status| (0..=999).contains(status));
        let result = line.split_once('\t').and_then(|(url, word)| Some((url.trim(), status(word)?)));
        let (url, status) = result.filter(|(url, _)| !url.is_empty()).ok_or(NotAResult(number))?;
        found.insert(url.to_owned(), status);
    }
    Ok(found)
}

/// Whether an answer means that people find nothing there.
#[must_use]
pub fn is_broken(http_status: i32) -> bool {
    !(200..400).contains(&http_status) && !is_refused(http_status)
}

/// Whether an answer means that programs are not let in, which says nothing of people.
#[must_use]
pub fn is_refused(http_status: i32) -> bool {
    matches!(http_status, 401 | 403 | 405 | 406 | 429 | 451 | 999)
}

impl Checked {
    /// Whether it is too long ago to say anything of today.
    #[must_use]
    pub fn is_old(&self, now: Timestamp) -> bool {
        now.as_micros() - self.checked_at.as_micros() > LONG_MICROS
    }
}

/// Every check that is kept.
///
/// # Errors
/// The query's error.
pub fn all(connection: &mut Connection) -> QueryResult<Vec<Checked>> {
    link_checks::table.select(Checked::as_select()).load(connection)
}

/// Keeps what was answered, and forgets the addresses that are in the catalogue no more.
///
/// # Errors
/// The query's error.
pub fn store(
    connection: &mut Connection,
    results: &BTreeMap<String, i32>,
    catalogue: &[Placed],
    now: Timestamp,
) -> QueryResult<Recorded> {
    let known: BTreeSet<&str> = catalogue.iter().map(|placed| placed.url.as_str()).collect();
    let before = all(connection)?;
    let gone: Vec<Id> = before.iter().filter(|row| !known.contains(row.url.as_str())).map(|row| row.id).collect();
    for chunk in gone.chunks(AT_ONCE) {
        diesel::delete(link_checks::table.filter(link_checks::id.eq_any(chunk))).execute(connection)?;
    }
    let mut recorded = Recorded::default();
    for (url, http_status) in results {
        if !known.contains(url.as_str()) {
            recorded.unknown += 1;
            continue;
        }
        let (id, http_status) = (id_of(url), *http_status);
        let since = before.iter().find(|row| row.id == id).and_then(|row| row.broken_since);
        let broken_since = is_broken(http_status).then(|| since.unwrap_or(now));
        let row = Checked { id, url: url.clone(), checked_at: now, http_status, broken_since };
        if diesel::update(link_checks::table.find(id)).set(&row).execute(connection)? == 0 {
            diesel::insert_into(link_checks::table).values(&row).execute(connection)?;
        }
        recorded.kept += 1;
        recorded.broken += usize::from(broken_since.is_some());
    }
    Ok(recorded)
}
