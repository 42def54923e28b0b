//! The handlers of every private resource, written once.
//! Holds always: the caller is known before anything else of a request is looked at, and is the owner of all that is touched.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};

use crate::auth::{As, Caller};
use crate::database::Id;
use crate::http::body::Raw;
use crate::http::code::Code;
use crate::http::conditional::{self, IfMatch, etag};
use crate::http::idempotency::Key;
use crate::http::input::{self, Strict};
use crate::http::problem::{Answer, Problem};
use crate::http::{merge_patch, page, query};

use super::collection::{Collection, Surroundings};
use super::document::{self, Opened};
use super::engine::Records;
use super::listing::{self, HistoryQuery, PatchQuery};
use super::read::Version;
use super::shapes::Input;
use super::write::{Draft, Halt, Repeat, settle};
use super::{READ_ONLY, answers, row};

type Engine = web::Data<Records>;

/// GET /v1/{collection}
pub(super) async fn list<C: Collection>(engine: Engine, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    let asked = listing::parse::<C>(&request, &engine, &caller)?;
    let found = engine.list::<C>(caller.account, asked.listing, asked.filter, asked.after, asked.limit).await?;
    let next = found.next.map(|position| listing::cursor::<C>(&engine, &caller, &asked.fingerprint, position));
    Ok(paged(&request, answers::page(&found.records, Opened::write, next.as_deref()), next.as_deref()))
}

/// POST /v1/{collection}
pub(super) async fn create<C: Collection>(engine: Engine, asked: As<Caller, (HttpRequest, Raw)>) -> Answer {
    let As { caller, input: (request, Raw(body)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let idempotency = &engine.parts().idempotency;
    let repeat = Key::from_request(&request)?
        .map(|key| Repeat { key, request_hash: idempotency.request_hash(caller.account, &request, &body) });
    if let Some(answer) = engine.answered_before(&caller, repeat.as_ref()).await? {
        return Ok(answer.to_response(true));
    }
    let sent = read::<C>(input::value(&body)?)?;
    if let Some(standing) = repeated(&engine, &caller, &sent).await? {
        return Ok(answers::record(&standing));
    }
    let draft = draft(&engine, &caller, sent).await?;
    let (id, fields) = (draft.id, draft.fields.clone());
    let (records, owner) = (engine.get_ref().clone(), caller.clone());
    let written =
        engine.parts().database.write(move |conn| records.insert::<C>(conn, &owner, draft, repeat.as_ref())).await;
    match written {
        Ok(answer) => {
            engine.after_commit::<C>(&caller);
            Ok(answer.to_response(false))
        }
        Err(Halt::Answered(answer)) => Ok(answer.to_response(true)),
        Err(Halt::Exists(row)) => existing::<C>(&engine, &row, id, &fields),
        Err(Halt::Refused(problem)) => Err(problem),
    }
}

/// GET /v1/{collection}/{id}
pub(super) async fn get<C: Collection>(engine: Engine, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (_, opened) = engine.find_row::<C>(caller.account, path_id(&request)?).await?;
    let tag = etag(opened.version);
    if conditional::if_none_match(&request, &tag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    Ok(answers::record(&opened))
}

/// PUT /v1/{collection}/{id}
pub(super) async fn replace<C: Collection>(engine: Engine, asked: As<Caller, (HttpRequest, Raw)>) -> Answer {
    let As { caller, input: (request, Raw(body)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let id = path_id(&request)?;
    let header = conditional::if_match(&request)?;
    let sent = read::<C>(input::value(&body)?)?;
    let if_match = header.or(sent.version.map(IfMatch::version)).ok_or_else(conditional::precondition_required)?;
    let opened = engine
        .edit::<C>(&caller, id, if_match, |current, around| {
            let (mut record, before) = (sent.record, current.record::<C>()?);
            settle(&mut record, Some(&before), around)?;
            Ok(record)
        })
        .await?;
    Ok(answers::record(&opened))
}

/// PATCH /v1/{collection}/{id}
pub(super) async fn update<C: Collection>(engine: Engine, asked: As<Caller, (HttpRequest, Raw)>) -> Answer {
    let As { caller, input: (request, Raw(body)) } = asked;
    let options: PatchQuery = query::parse(query::pairs(&request)?)?;
    let id = path_id(&request)?;
    let if_match = conditional::required(&request)?;
    let patch = merge_patch::parse(input::value(&body)?, options.update_mask.as_deref())?;
    let opened = engine
        .edit::<C>(&caller, id, if_match, |current, around| {
            let (mut value, before) = (current.value::<C>()?, current.record::<C>()?);
            merge_patch::apply(&mut value, &patch);
            let mut record = read::<C>(value)?.record;
            settle(&mut record, Some(&before), around)?;
            Ok(record)
        })
        .await?;
    Ok(answers::record(&opened))
}

/// DELETE /v1/{collection}/{id}
pub(super) async fn delete<C: Collection>(engine: Engine, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let id = path_id(&request)?;
    engine.trash::<C>(caller.account, id, conditional::required(&request)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// POST /v1/{collection}/{id}/restore
pub(super) async fn restore<C: Collection>(engine: Engine, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let id = path_id(&request)?;
    engine.restore::<C>(caller.account, id, conditional::if_match(&request)?).await?;
    let (_, opened) = engine.find_row::<C>(caller.account, id).await?;
    Ok(answers::record(&opened))
}

/// GET /v1/{collection}/{id}/revisions
pub(super) async fn history<C: Collection>(engine: Engine, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    let options: HistoryQuery = query::parse(query::pairs(&request)?)?;
    let id = path_id(&request)?;
    let before = listing::history_position(&engine, &caller, &request, options.cursor.as_deref())?;
    let limit = options.limit.get();
    let mut versions = engine.history::<C>(caller.account, id, before, limit + 1).await?;
    let more = versions.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    versions.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next =
        versions.last().filter(|_| more).map(|last| listing::history_cursor(&engine, &caller, &request, last.number));
    Ok(paged(&request, answers::page(&versions, Version::write, next.as_deref()), next.as_deref()))
}

/// GET /v1/{collection}/{id}/revisions/{version}
pub(super) async fn version<C: Collection>(engine: Engine, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let number: i64 = request.match_info().query("version").parse().map_err(|_cause| Problem::not_found())?;
    let before = number.checked_add(1).ok_or_else(Problem::not_found)?;
    let versions = engine.history::<C>(caller.account, path_id(&request)?, before, 1).await?;
    let found = versions.into_iter().find(|found| found.number == number).ok_or_else(Problem::not_found)?;
    let mut body = Vec::new();
    found.write(&mut body);
    Ok(HttpResponse::Ok().content_type(answers::JSON).body(body))
}

impl Records {
    /// A live record of the caller's, for a resource's own operations.
    ///
    /// # Errors
    /// 404 when there is none; database failures.
    pub async fn read<C: Collection>(&self, caller: &Caller, id: Id) -> Result<C, Problem> {
        self.find_row::<C>(caller.account, id).await?.1.record()
    }

    /// Changes a live record from code, managed members included: for a resource's own operations.
    ///
    /// # Errors
    /// 404, 412, what `change` refuses, 422 for references, database failures.
    pub async fn change<C: Collection>(
        &self,
        caller: &Caller,
        id: Id,
        if_match: IfMatch,
        change: impl FnOnce(C, &Surroundings<'_>) -> Result<C, Problem>,
    ) -> Answer {
        let opened = self.edit::<C>(caller, id, if_match, |current, around| change(current.record()?, around)).await?;
        Ok(answers::record(&opened))
    }
}

/// What a client sent, checked against the schema: the record and the envelope's members that mean something.
struct Sent<C> {
    id: Option<Id>,
    version: Option<i64>,
    record: C,
}

fn read<C: Collection>(mut value: Value) -> Result<Sent<C>, Problem> {
    let mut envelope = Map::new();
    if let Some(members) = value.as_object_mut() {
        for name in READ_ONLY.iter().chain(C::MANAGED) {
            members.remove(*name);
        }
        // Absent or null: both leave a member empty, whatever its type.
        members.retain(|_, member| !member.is_null());
    }
    input::check::<Input<C>>(&value, Strict::Whole)?;
    if let Some(members) = value.as_object_mut() {
        for name in ["id", "version"] {
            members.remove(name).map(|member| envelope.insert(name.to_owned(), member));
        }
    }
    let id = envelope.get("id").and_then(Value::as_str).map(str::parse).transpose();
    let id = id.map_err(|_cause| Problem::invalid("/id", "wrong_format", "An id is a UUID in its hyphenated form."))?;
    let version = envelope.get("version").and_then(Value::as_i64);
    Ok(Sent { id, version, record: input::typed(value)? })
}

/// The record that a creation repeats, of those that are pinned: held against the revision that it was pinned to then, what
/// was sent is what stands there. Anything else is left to the creation, which tells what is wrong with it.
async fn repeated<C: Collection>(engine: &Records, caller: &Caller, sent: &Sent<C>) -> Result<Option<Opened>, Problem> {
    let (Some(pin), Some(id)) = (C::PIN, sent.id) else { return Ok(None) };
    let standing = match engine.find_row::<C>(caller.account, id).await {
        Ok((_row, standing)) => standing,
        Err(problem) if problem.code() == Code::NotFound => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let (before, mut record): (C, C) = (standing.record()?, sent.record.clone());
    let around = engine.around(caller, Some(pin(&before))).await?;
    let is_same = settle(&mut record, Some(&before), &around).is_ok() && document::fields(&record)? == standing.fields;
    Ok(is_same.then_some(standing))
}

async fn draft<C: Collection>(engine: &Records, caller: &Caller, sent: Sent<C>) -> Result<Draft<C>, Problem> {
    let Sent { id, mut record, .. } = sent;
    let pin = C::PIN.map(|pin| pin(&record));
    settle(&mut record, None, &engine.around(caller, pin).await?)?;
    let id = id.unwrap_or_default();
    let fields = document::fields(&record)?;
    let key = engine.parts().keystore.owner_key(caller.account).await?;
    let sealed = document::seal::<C>(&key, caller.account, id, &fields);
    Ok(Draft { id, record, fields, sealed, data_key: key.id })
}

/// The id is there already: the same content is the same creation, anything else is another record.
fn existing<C: Collection>(engine: &Records, row: &row::Row, id: Id, fields: &[u8]) -> Answer {
    if row.collection == C::NAME && row.is_live() {
        let keystore = &engine.parts().keystore;
        if let Some(opened) = document::open::<C>(keystore, row)?
            && opened.id == id
            && opened.fields == fields
        {
            return Ok(answers::record(&opened));
        }
    }
    Err(Problem::new(Code::IdTaken))
}

/// The id in the path; what is no id names nothing.
fn path_id(request: &HttpRequest) -> Result<Id, Problem> {
    request.match_info().query("id").parse().map_err(|_cause| Problem::not_found())
}

fn paged(request: &HttpRequest, body: Vec<u8>, next: Option<&str>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type(HeaderValue::from_static(answers::JSON));
    if let Some(next) = next {
        response.insert_header(page::link_next(request, next));
    }
    response.body(body)
}
