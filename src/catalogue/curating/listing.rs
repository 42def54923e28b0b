//! Lists for curators: every item of a kind whatever its status, and the history of one.
//! Holds always: drafts are seen here and nowhere else; a list says how many items fit in all.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use diesel::prelude::*;
use serde::Deserialize;

use crate::catalogue::cursor;
use crate::catalogue::document::Review;
use crate::catalogue::item::{CuratedPage, CuratedSummary, RevisionPage};
use crate::catalogue::kind::Kind;
use crate::catalogue::store::{self, ItemRow};
use crate::catalogue::vocabulary::ItemStatus;
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
    offset: Option<u32>,
}

/// The question of a curator's list.
#[derive(Debug)]
pub(super) struct Asked {
    list: &'static str,
    statuses: BTreeSet<&'static str>,
    locales: BTreeSet<String>,
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
        ["admin".as_bytes(), self.list.as_bytes()]
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
    ($asked:expr, $kind:expr) => {{
        let mut query = catalogue_items::table.filter(catalogue_items::kind.eq($kind)).into_boxed::<MultiBackend>();
        if !$asked.statuses.is_empty() {
            query = query.filter(catalogue_items::status.eq_any($asked.statuses.iter().copied().collect::<Vec<_>>()));
        }
        if !$asked.locales.is_empty() {
            query = query.filter(catalogue_items::locale.eq_any($asked.locales.iter().cloned().collect::<Vec<_>>()));
        }
        query
    }};
}

/// One page, newest first.
pub(super) fn page<K: Kind>(connection: &mut Connection, asked: &Asked) -> Result<CuratedPage, Problem> {
    let limit = usize::try_from(asked.limit.get()).unwrap_or(usize::MAX);
    let total: i64 = fitting!(asked, K::NAME).count().get_result(connection)?;
    let mut query = fitting!(asked, K::NAME);
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
    let items = rows.iter().map(|row| summary(connection, row)).collect::<Result<_, Problem>>()?;
    Ok(CuratedPage { items, next_cursor, total })
}

fn summary(connection: &mut Connection, row: &ItemRow) -> Result<CuratedSummary, Problem> {
    /// The few members of the latest document that a list shows.
    #[derive(Deserialize)]
    struct Shown {
        title: String,
        stance: Option<crate::catalogue::vocabulary::Stance>,
        review: Review,
    }
    let text = store::document(connection, row.id, row.latest_revision)?.ok_or_else(Problem::not_found)?;
    let shown: Shown = serde_json::from_str(&text).map_err(super::writing::unwritable)?;
    let envelope = row.envelope();
    Ok(CuratedSummary {
        id: row.id,
        version: row.version,
        slug: row.slug.clone(),
        locale: row.locale.clone(),
        title: shown.title,
        stance: shown.stance,
        review_status: shown.review.status,
        status: envelope.status,
        latest_revision: row.latest_revision,
        published_revision: row.published_revision,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The question for an item's history.
#[derive(Debug)]
pub(super) struct AskedRevisions {
    id: Id,
    limit: Limit,
    before: i64,
}

impl AskedRevisions {
    pub(super) fn read(request: &HttpRequest, id: Id) -> Result<Self, Problem> {
        let page: PageQuery = query::parse(query::pairs(request)?)?;
        let position = |text: String| {
            let bytes = cursor::read(&Self::question(&id), &text)?;
            Some(i64::from_be_bytes(bytes.try_into().ok()?))
        };
        let before = match page.cursor {
            Some(text) => position(text).ok_or_else(|| Problem::new(Code::InvalidCursor))?,
            None => i64::MAX,
        };
        Ok(Self { id, limit: page.limit, before })
    }

    fn question(id: &Id) -> [&[u8]; 2] {
        [b"revisions", id.as_bytes()]
    }
}

/// One page of an item's history, newest first.
pub(super) fn revisions<K: Kind>(connection: &mut Connection, asked: &AskedRevisions) -> Result<RevisionPage, Problem> {
    store::find(connection, K::NAME, asked.id)?.ok_or_else(Problem::not_found)?;
    let limit = usize::try_from(asked.limit.get()).unwrap_or(usize::MAX);
    let mut items = store::revisions(connection, asked.id, asked.before, i64::from(asked.limit.get()) + 1)?;
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(|last| last.number.to_be_bytes());
    let next_cursor = last.map(|number| cursor::write(&AskedRevisions::question(&asked.id), &number));
    Ok(RevisionPage { items, next_cursor })
}
