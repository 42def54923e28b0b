//! The tip of the day.
//! Holds always: one person has one tip on one local day, on every device and node; none comes back before all others that
//! they may see have had their day; what they hid or what is withheld has none.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa::openapi::Ref;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};

use super::shuffled;
use crate::auth::{As, Caller};
use crate::catalogue::language::Wanted;
use crate::catalogue::shelf::Entry;
use crate::catalogue::{Catalogue, Sight, Snapshot};
use crate::database::Id;
use crate::http::code::Code;
use crate::http::conditional::IfMatch;
use crate::http::problem::{Answer, Problem};
use crate::http::query;
use crate::records::{Kept, Records};
use crate::resources::curated::tips::Tip;
use crate::resources::local::Zone;
use crate::resources::private::marks::{Mark, MarkKind};

#[derive(Deserialize)]
struct Options {
    time_zone: Option<String>,
    lang: Option<String>,
}

/// The tip of somebody's day.
#[derive(Serialize, ToSchema)]
pub(super) struct DayAnswer {
    /// The day, in the zone that was asked for.
    day: NaiveDate,
    /// The tip, whole; null when there is none that may be shown.
    #[schema(schema_with = tip_or_nothing, required = true)]
    tip: Option<Box<RawValue>>,
}

/// The schema of a whole tip stands under its kind's name.
fn tip_or_nothing() -> Schema {
    let nothing = ObjectBuilder::new().schema_type(Type::Null);
    Schema::OneOf(OneOfBuilder::new().item(nothing).item(Ref::from_schema_name(Tip::name())).build())
}

/// The tip of the day
///
/// The same all day long, on every device; another one on the next day, and none again before all others had their day.
/// Which tip it was is kept among the caller's marks (`shown`), for nobody else to see.
#[utoipa::path(
    get,
    path = "/v1/day",
    operation_id = "get_day",
    tag = "guidance",
    params(
        ("time_zone" = Option<String>, Query, description = "The IANA name of the zone whose day it is; UTC unless given.", max_length = 64, example = "Europe/Berlin"),
        ("lang" = Option<String>, Query, description = "The language that is wanted, before `Accept-Language`.", max_length = 35, example = "en"),
    ),
    responses((status = 200, description = "The day and its tip.", body = DayAnswer)),
    security(("bearer" = [])),
)]
#[get("/v1/day")]
pub(super) async fn get_day(
    catalogue: web::Data<Catalogue>,
    records: web::Data<Records>,
    asked: As<Caller, HttpRequest>,
) -> Answer {
    let As { caller, input: request } = asked;
    let options: Options = query::parse(query::pairs(&request)?)?;
    let zone = options.time_zone.as_deref().map_or(Ok(Zone::UTC), str::parse);
    let zone: Zone = zone.map_err(|_unknown| {
        Problem::new(Code::InvalidQuery).at("?time_zone", "wrong_value", "The IANA name of a time zone.")
    })?;
    let day = zone.day_of(catalogue.database().clock().now());
    let (sight, snapshot) = (records.sight(&caller).await?, catalogue.snapshot());
    let chosen = choose(&records, &caller, &sight, &snapshot, day).await?;
    let wanted = Wanted::of(request.headers(), options.lang.as_deref());
    let tip = chosen.and_then(|id| told(&sight, &snapshot, id, &wanted));
    Ok(HttpResponse::Ok().json(DayAnswer { day, tip }))
}

/// The day's tip: the one that was chosen already, if it may still be shown; else another one, which is noted.
async fn choose(
    records: &Records,
    caller: &Caller,
    sight: &Sight,
    snapshot: &Snapshot,
    day: NaiveDate,
) -> Result<Option<Id>, Problem> {
    let mark_id = Id::named(caller.account, &format!("tip of {day}"));
    let marks = records.all::<Mark>(caller).await?;
    let noted = marks.iter().find(|kept| kept.id == mark_id);
    let shelf = snapshot.shelf(sight.view, "tips");
    let stands = |id: &Id| shelf.by_id(*id).is_some_and(|entry| sight.lists(entry));
    if let Some(id) = noted.and_then(|kept| kept.record.item_id).filter(stands) {
        return Ok(Some(id));
    }
    let candidates = shelf.entries().iter().filter(|entry| entry.is_original && sight.lists(entry));
    let Some(found) = least_shown(candidates, &marks, mark_id, caller.account) else { return Ok(None) };
    if let Some(kept) = noted {
        note_instead(records, caller, kept, found).await?;
        return Ok(Some(found));
    }
    let standing = records.keep::<Mark>(caller, mark_id, Mark::shown(found, day)).await?;
    Ok(standing.and_then(|mark| mark.item_id).filter(stands).or(Some(found)))
}

/// The tip that had the fewest days; among those, whichever comes first in this person's own order.
fn least_shown<'a>(
    candidates: impl Iterator<Item = &'a Arc<Entry>>,
    marks: &[Kept<Mark>],
    today: Id,
    account: Id,
) -> Option<Id> {
    let mut days: HashMap<Id, usize> = HashMap::new();
    for kept in marks.iter().filter(|kept| kept.record.kind == MarkKind::Shown && kept.id != today) {
        if let Some(id) = kept.record.item_id {
            *days.entry(id).or_default() += 1;
        }
    }
    let place = |entry: &&Arc<Entry>| {
        let shown = days.get(&entry.id).copied().unwrap_or(0);
        (shown, shuffled(account, &shown.to_string(), entry.id))
    };
    candidates.min_by_key(place).map(|entry| entry.id)
}

/// Another tip takes the day of one that may not be shown any more.
async fn note_instead(records: &Records, caller: &Caller, kept: &Kept<Mark>, found: Id) -> Result<(), Problem> {
    let change = |mark: Mark, _: &crate::records::Surroundings<'_>| Ok(Mark { item_id: Some(found), ..mark });
    match records.change::<Mark>(caller, kept.id, IfMatch::version(kept.version), change).await {
        // Another device was faster, and chose by the same rule.
        Err(problem) if problem.code() == Code::VersionMismatch => Ok(()),
        changed => changed.map(drop),
    }
}

/// The whole tip in the wanted language, as this person sees it.
fn told(sight: &Sight, snapshot: &Snapshot, id: Id, wanted: &Wanted) -> Option<Box<RawValue>> {
    let shelf = snapshot.shelf(sight.view, "tips");
    let translated = shelf.find_in(&id.to_string(), wanted, true).filter(|entry| sight.lists(entry));
    let entry = translated.or_else(|| shelf.by_id(id))?;
    let json = sight.narrowed(snapshot, entry.full.json()).unwrap_or_else(|| entry.full.json().to_vec());
    RawValue::from_string(String::from_utf8(json).ok()?).ok()
}
