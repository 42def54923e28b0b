//! Lists for curators: every item of a kind whatever its status, and the history of one.
//! Holds always: drafts are seen here and nowhere else; a list says how many items fit in all.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use diesel::prelude::*;
use serde::Deserialize;

use crate::catalogue::document::Header;
use crate::catalogue::item::{CuratedPage, CuratedSummary, RevisionPage};
use crate::catalogue::kinds::Registered;
use crate::catalogue::store::{self, ItemRow};
use crate::catalogue::vocabulary::ItemStatus;
use crate::catalogue::workflow::audit::{self, TransitionPage};
use crate::catalogue::{cursor, history, translations};
use crate::database::connection::MultiBackend;
use crate::database::schema::catalogue_items;
use crate::database::{Connection, Id, Timestamp};
use crate::http::code::Code;
use crate::http::page::{Limit, PageQuery};
use crate::http::problem::Problem;
use crate::http::query;

/// How far `offset` reaches; beyond it the cursor goes on.
pub(super) const MAX_OFFSET: u32 = 100_000;

#[derive(Debug, Deserialize)]
struct Filter {
    #[serde(default)]
    status: Vec<ItemStatus>,
    #[serde(default)]
    locale: Vec<String>,
    /// Only those whose review is overdue, or only those whose review is not.
    overdue: Option<bool>,
    offset: Option<u32>,
}

/// The question of a curator's list.
#[derive(Debug)]
pub(super) struct Asked {
    list: &'static str,
    statuses: BTreeSet<&'static str>,
    locales: BTreeSet<String>,
    overdue: Option<bool>,
    offset: u32,
    limit: Limit,
    after: Option<(Timestamp, Id)>,
}

impl Asked {
    pub(super) fn read(request: &HttpRequest, list: &'static str) -> Result<Self, Problem> {
        let mut pairs = query::pairs(request)?;
        let (page, filter): (PageQuery, Filter) = (query::take(&mut pairs)?, query::take(&mut pairs)?);
        query::finish(&pairs)?;
        let offset = filter.offset.unwrap_or(0);
        if offset > MAX_OFFSET || (filter.offset.is_some() && page.cursor.is_some()) {
            let detail = format!("At most {MAX_OFFSET}, and not together with a cursor.");
            return Err(Problem::new(Code::InvalidQuery).at("?offset", "wrong_value", detail));
        }
        let mut asked = Self {
            list,
            statuses: filter.status.into_iter().map(ItemStatus::as_str).collect(),
            locales: filter.locale.into_iter().collect(),
            overdue: filter.overdue,
            offset,
            limit: page.limit,
            after: None,
        };
        if let Some(text) = page.cursor {
            asked.after = Some(asked.open(&text).ok_or_else(|| Problem::new(Code::InvalidCursor))?);
        }
        Ok(asked)
    }

    fn question(&self) -> Vec<&[u8]> {
        let words = self.statuses.iter().map(|word| word.as_bytes()).chain([b"|".as_slice()]);
        let overdue: &[u8] = self.overdue.map_or(b"", |overdue| if overdue { b"overdue" } else { b"not overdue" });
        ["admin".as_bytes(), self.list.as_bytes(), overdue]
            .into_iter()
            .chain(words)
            .chain(self.locales.iter().map(String::as_bytes))
            .collect()
    }

    fn cursor(&self, last: &ItemRow) -> String {
        let created = last.created_at.as_micros().to_be_bytes();
        cursor::write(&self.question(), &[created.as_slice(), last.id.as_bytes()].concat())
    }

    fn open(&self, text: &str) -> Option<(Timestamp, Id)> {
        let bytes = cursor::read(&self.question(), text)?;
        let (created, id) = bytes.split_first_chunk::<8>()?;
        let id: [u8; 16] = id.try_into().ok()?;
        Some((Timestamp::from_micros(i64::from_be_bytes(*created)), Id::from_bytes(id)))
    }
}

/// Diesel's query with its filters, once for the page and once for the count.
macro_rules! fitting {
    ($asked:expr, $kind:expr, $now:expr) => {{
        let mut query = catalogue_items::table.filter(catalogue_items::kind.eq($kind)).into_boxed::<MultiBackend>();
        if !$asked.statuses.is_empty() {
            query = query.filter(catalogue_items::status.eq_any($asked.statuses.iter().copied().collect::<Vec<_>>()));
        }
        if !$asked.locales.is_empty() {
            query = query.filter(catalogue_items::locale.eq_any($asked.locales.iter().cloned().collect::<Vec<_>>()));
        }
        query = match $asked.overdue {
            Some(true) => query.filter(catalogue_items::review_due_at.le($now)),
            Some(false) => {
                query.filter(catalogue_items::review_due_at.is_null().or(catalogue_items::review_due_at.gt($now)))
            }
            None => query,
        };
        query
    }};
}

/// One page, newest first.
pub(super) fn page(
    connection: &mut Connection,
    kind: &str,
    asked: &Asked,
    now: Timestamp,
) -> Result<CuratedPage, Problem> {
    let limit = usize::try_from(asked.limit.get()).unwrap_or(usize::MAX);
    let total: i64 = fitting!(asked, kind, now).count().get_result(connection)?;
    let mut query = fitting!(asked, kind, now);
    if let Some((created, id)) = asked.after {
        let older = catalogue_items::created_at.lt(created).or(catalogue_items::id.lt(id));
        query = query.filter(catalogue_items::created_at.le(created).and(older));
    }
    let mut rows: Vec<ItemRow> = query
        .order((catalogue_items::created_at.desc(), catalogue_items::id.desc()))
        .limit(i64::from(asked.limit.get()) + 1)
        .offset(i64::from(asked.offset))
        .select(ItemRow::as_select())
        .load(connection)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|last| asked.cursor(last));
    let items = rows.iter().map(|row| summary(connection, row, now)).collect::<Result<_, Problem>>()?;
    Ok(CuratedPage { items, next_cursor, total })
}

fn summary(connection: &mut Connection, row: &ItemRow, now: Timestamp) -> Result<CuratedSummary, Problem> {
    let text = store::document(connection, row.id, row.latest_revision)?.ok_or_else(Problem::not_found)?;
    let header: Header = serde_json::from_str(&text).map_err(super::unwritable)?;
    Ok(CuratedSummary {
        id: row.id,
        version: row.version,
        slug: row.slug.clone(),
        locale: row.locale.clone(),
        stance: header.stance,
        review_status: header.review.status,
        review_next_due_on: header.review.next_due_on,
        is_review_overdue: row.is_review_overdue(now),
        source_changed: translations::source_changed(connection, &row.kind, &header)?,
        title: header.title,
        status: row.state(),
        latest_revision: row.latest_revision,
        published_revision: row.published_revision,
        publish_at: row.publish_at,
        unpublish_at: row.unpublish_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The question for an item's past: its revisions, or its transitions.
#[derive(Debug)]
pub(super) struct AskedPast {
    what: &'static str,
    id: Id,
    limit: Limit,
    before: i64,
}

impl AskedPast {
    pub(super) fn read(request: &HttpRequest, what: &'static str, id: Id) -> Result<Self, Problem> {
        let page: PageQuery = query::parse(query::pairs(request)?)?;
        let position = |text: String| {
            let bytes = cursor::read(&[what.as_bytes(), id.as_bytes()], &text)?;
            Some(i64::from_be_bytes(bytes.try_into().ok()?))
        };
        let before = match page.cursor {
            Some(text) => position(text).ok_or_else(|| Problem::new(Code::InvalidCursor))?,
            None => i64::MAX,
        };
        Ok(Self { what, id, limit: page.limit, before })
    }

    /// Cuts what was found, one more than asked for, and tells where the next page starts.
    fn page<T>(&self, items: &mut Vec<T>, number: impl Fn(&T) -> i64) -> Option<String> {
        let limit = usize::try_from(self.limit.get()).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more).map(|last| number(last).to_be_bytes())?;
        Some(cursor::write(&[self.what.as_bytes(), self.id.as_bytes()], &last))
    }
}

/// One page of an item's history, newest first.
pub(super) fn revisions(
    connection: &mut Connection,
    kind: &Registered,
    asked: &AskedPast,
) -> Result<RevisionPage, Problem> {
    store::find(connection, kind.name, asked.id)?.ok_or_else(Problem::not_found)?;
    let mut items = history::revisions(connection, asked.id, asked.before, i64::from(asked.limit.get()) + 1)?;
    let next_cursor = asked.page(&mut items, |revision| revision.number);
    Ok(RevisionPage { items, next_cursor })
}

/// One page of the states that an item passed, newest first.
pub(super) fn transitions(
    connection: &mut Connection,
    kind: &Registered,
    asked: &AskedPast,
) -> Result<TransitionPage, Problem> {
    store::find(connection, kind.name, asked.id)?.ok_or_else(Problem::not_found)?;
    let mut items = audit::list(connection, asked.id, asked.before, i64::from(asked.limit.get()) + 1)?;
    let next_cursor = asked.page(&mut items, |entry| entry.number);
    Ok(TransitionPage { items, next_cursor })
}
