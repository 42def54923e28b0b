//! What a list request asks for, and the cursors that continue it.
//! Holds always: a cursor continues the list it came from: same person, same route, same filters, same order.

use actix_web::HttpRequest;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::auth::Caller;
use crate::database::Id;
use crate::http::code::Code;
use crate::http::page::Limit;
use crate::http::problem::Problem;
use crate::http::query::{self, Pairs};

use super::collection::Collection;
use super::day_number;
use super::engine::Records;
use super::row::{Listing, Position, Sort};

/// How many ids or parents one request may name.
const BATCH: usize = 100;

/// The parameters of every list.
#[derive(Deserialize)]
struct ListQuery {
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
    #[serde(default)]
    id: Vec<Id>,
    sort: Option<Sort>,
}

/// The parameters of lists whose records have a day.
#[derive(Deserialize)]
struct DayQuery {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// The parameters of a history.
#[derive(Deserialize)]
pub(super) struct HistoryQuery {
    #[serde(default)]
    pub limit: Limit,
    pub cursor: Option<String>,
}

/// The parameters of a patch.
#[derive(Deserialize)]
pub(super) struct PatchQuery {
    pub update_mask: Option<String>,
}

/// A list request, understood.
pub(super) struct Request<F> {
    pub listing: Listing,
    pub filter: F,
    pub after: Option<Position>,
    pub limit: u32,
    /// What a cursor is bound to besides person and route.
    pub fingerprint: Vec<u8>,
}

/// Understands a list request.
///
/// # Errors
/// 400 for a parameter or a cursor that this list cannot have.
pub(super) fn parse<C: Collection>(
    request: &HttpRequest,
    engine: &Records,
    caller: &Caller,
) -> Result<Request<C::Filter>, Problem> {
    let mut pairs = query::pairs(request)?;
    let fingerprint = fingerprint(&pairs);
    let asked: ListQuery = query::take(&mut pairs)?;
    let sort = asked.sort.unwrap_or_default();
    let days = if C::DATED { query::take(&mut pairs)? } else { DayQuery { from: None, to: None } };
    let parents = parents::<C>(&mut pairs)?;
    let filter: C::Filter = query::take(&mut pairs)?;
    query::finish(&pairs)?;
    if asked.id.len() > BATCH || parents.len() > BATCH {
        return Err(invalid("?id", "too_many", "At most 100 ids at a time."));
    }
    if sort.by_day() && !C::DATED {
        return Err(invalid("?sort", "unknown_value", "One of: -created_at, created_at."));
    }
    let after = match &asked.cursor {
        Some(cursor) => {
            let position = engine.parts().cursors.open(caller.account, C::NAME, &fingerprint, cursor)?;
            Some(serde_json::from_slice(&position).map_err(|_cause| Problem::new(Code::InvalidCursor))?)
        }
        None => None,
    };
    let listing =
        Listing { ids: asked.id, parents, from: days.from.map(day_number), to: days.to.map(day_number), sort };
    Ok(Request { listing, filter, after, limit: asked.limit.get(), fingerprint })
}

/// The cursor that continues a list after `position`.
pub(super) fn cursor<C: Collection>(
    engine: &Records,
    caller: &Caller,
    fingerprint: &[u8],
    position: Position,
) -> String {
    let position = serde_json::to_vec(&position).unwrap_or_default();
    engine.parts().cursors.seal(caller.account, C::NAME, fingerprint, &position)
}

/// The version below which a history continues; with no cursor, above all.
///
/// # Errors
/// 400 `invalid_cursor`.
pub(super) fn history_position(
    engine: &Records,
    caller: &Caller,
    request: &HttpRequest,
    cursor: Option<&str>,
) -> Result<i64, Problem> {
    let Some(cursor) = cursor else { return Ok(i64::MAX) };
    let position = engine.parts().cursors.open(caller.account, request.path(), b"history", cursor)?;
    serde_json::from_slice(&position).map_err(|_cause| Problem::new(Code::InvalidCursor))
}

/// The cursor that continues a history below `version`.
pub(super) fn history_cursor(engine: &Records, caller: &Caller, request: &HttpRequest, version: i64) -> String {
    let position = serde_json::to_vec(&version).unwrap_or_default();
    engine.parts().cursors.seal(caller.account, request.path(), b"history", &position)
}

/// Takes the values of the parent parameter out of `pairs`.
fn parents<C: Collection>(pairs: &mut Pairs) -> Result<Vec<Id>, Problem> {
    let Some(parent) = C::PARENT else { return Ok(Vec::new()) };
    let (of_parent, rest): (Pairs, Pairs) =
        std::mem::take(pairs).into_iter().partition(|(name, _)| name == parent.member);
    *pairs = rest;
    of_parent
        .into_iter()
        .map(|(name, value)| value.parse().map_err(|_cause| invalid(&format!("?{name}"), "wrong_format", "A UUID.")))
        .collect()
}

/// Everything that was asked but the page's place and size.
fn fingerprint(pairs: &Pairs) -> Vec<u8> {
    let mut asked: Vec<_> = pairs.iter().filter(|(name, _)| name != "cursor" && name != "limit").collect();
    asked.sort();
    serde_json::to_vec(&asked).unwrap_or_default()
}

fn invalid(pointer: &str, code: &'static str, detail: &str) -> Problem {
    Problem::new(Code::InvalidQuery).at(pointer, code, detail)
}
