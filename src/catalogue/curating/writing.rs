//! The jobs behind a curator's changes, each one transaction.
//! Holds always: a slug and a language never change once they were published; what was published is never deleted; whoever saves
//! an item, makes it a draft, and readers go on seeing what they saw.

use crate::auth::Caller;
use crate::catalogue::any_document::AnyDocument;
use crate::catalogue::kinds::Registered;
use crate::catalogue::store::{self, ItemRow, NewRevision};
use crate::catalogue::translations;
use crate::catalogue::vocabulary::ItemStatus;
use crate::catalogue::workflow::audit::{self, Act};
use crate::catalogue::workflow::{overtaken, refuse};
use crate::database::{Connection, Id, Timestamp};
use crate::http::code::Code;
use crate::http::conditional::etag;
use crate::http::idempotency::{Idempotency, KeptAnswer, Key};
use crate::http::problem::Problem;

use super::sent::Sent;
use super::state::State;

/// A create that may come again: its key, and what it was sent with.
pub(super) struct Repeat {
    pub(super) idempotency: Idempotency,
    pub(super) key: Key,
    pub(super) request_hash: [u8; 32],
}

/// Stores a new draft; the answer, and whether it was given before.
pub(super) fn create(
    connection: &mut Connection,
    kind: &Registered,
    curator: &Caller,
    sent: Sent,
    repeat: Option<&Repeat>,
    now: Timestamp,
) -> Result<(KeptAnswer, bool), Problem> {
    if let Some(Repeat { idempotency, key, request_hash }) = repeat
        && let Some(answer) = idempotency.find(connection, curator.account, key, request_hash)?
    {
        return Ok((answer, true));
    }
    let id = sent.id.unwrap_or_default();
    let document = settled(connection, kind, sent.document, id)?;
    if store::is_taken(connection, id)? {
        return existing(connection, kind, id, document.as_ref(), now).map(|answer| (answer, false));
    }
    insert(connection, kind, curator, (id, document.as_ref()), sent.note.as_deref(), now)?;
    let answer = kept(201, &State::find(connection, kind, id, now)?)?;
    if let Some(Repeat { idempotency, key, request_hash }) = repeat {
        idempotency.keep(connection, curator.account, key, request_hash, &answer)?;
    }
    Ok((answer, false))
}

/// Makes a draft of what did not come as one, such as a text that somebody handed over: as if the curator had written it, so
/// that somebody else approves it. Its id.
///
/// # Errors
/// 422 when the document breaks a rule, 409 when its slug is taken.
pub fn begin(
    connection: &mut Connection,
    kind: &Registered,
    curator: &Caller,
    document: Box<dyn AnyDocument>,
    note: &str,
    now: Timestamp,
) -> Result<Id, Problem> {
    let id = Id::new();
    let document = settled(connection, kind, document, id)?;
    insert(connection, kind, curator, (id, document.as_ref()), Some(note), now)?;
    Ok(id)
}

fn insert(
    connection: &mut Connection,
    kind: &Registered,
    curator: &Caller,
    (id, document): (Id, &dyn AnyDocument),
    note: Option<&str>,
    now: Timestamp,
) -> Result<(), Problem> {
    let header = document.header();
    refuse_taken(connection, kind.name, &header.locale, &header.slug, id)?;
    let item = ItemRow::draft(id, kind.name, &header.slug, &header.locale, now, Some(curator.account)).saying(header);
    store::insert(connection, &item, &revision(&item, document, curator, note)?)?;
    Ok(audit::note(connection, &act(&item, curator, None, note), &[ItemStatus::Draft])?)
}

/// Stores the next state of an item; the same content as before leaves it as it is.
pub(super) fn save(
    connection: &mut Connection,
    kind: &Registered,
    curator: &Caller,
    state: State,
    sent: Sent,
    now: Timestamp,
) -> Result<State, Problem> {
    let document = settled(connection, kind, sent.document, state.item.id)?;
    if text(document.as_ref())? == text(state.document.as_ref())? {
        return Ok(state);
    }
    let (before, header) = (&state.item, document.header());
    refuse_moved(before, &header.slug, &header.locale)?;
    refuse_taken(connection, kind.name, &header.locale, &header.slug, before.id)?;
    let item = ItemRow {
        status: ItemStatus::Draft.as_str().to_owned(),
        version: before.version + 1,
        latest_revision: before.latest_revision + 1,
        publish_at: None,
        unpublish_at: before.unpublish_at.filter(|_| before.published_revision.is_some()),
        updated_at: now,
        ..before.clone()
    }
    .saying(header);
    let note = sent.note.as_deref();
    let next = revision(&item, document.as_ref(), curator, note)?;
    if !store::save(connection, &item, &next)? {
        return Err(overtaken(connection, before));
    }
    let from = before.state();
    if from != ItemStatus::Draft {
        audit::note(connection, &act(&item, curator, Some(from), note), &[ItemStatus::Draft])?;
    }
    State::find(connection, kind, item.id, now)
}

/// Removes a draft that nobody but curators ever saw.
pub(super) fn delete(
    connection: &mut Connection,
    curator: &Caller,
    state: &State,
    now: Timestamp,
) -> Result<(), Problem> {
    if state.item.first_published_at.is_some() {
        let detail = "What was published once is taken back with a transition to archived, not deleted.";
        return Err(Problem::new(Code::Conflict).detail(detail));
    }
    if !store::delete(connection, &state.item)? {
        return Err(overtaken(connection, &state.item));
    }
    let item = ItemRow { updated_at: now, ..state.item.clone() };
    Ok(audit::note_deletion(connection, &act(&item, curator, Some(state.item.state()), None))?)
}

/// What a change of the item's row was, for the history.
fn act<'a>(item: &ItemRow, curator: &Caller, from: Option<ItemStatus>, note: Option<&'a str>) -> Act<'a> {
    let (revision, at) = (item.latest_revision, item.updated_at);
    Act { item: item.id, revision, at, actor: Some(curator.account), from, note }
}

fn settled(
    connection: &mut Connection,
    kind: &Registered,
    mut document: Box<dyn AnyDocument>,
    id: Id,
) -> Result<Box<dyn AnyDocument>, Problem> {
    document.settle(id);
    refuse(document.faults())?;
    translations::settle(connection, kind.name, document.header_mut())?;
    Ok(document)
}

fn text(document: &dyn AnyDocument) -> Result<String, Problem> {
    document.text().map_err(super::unwritable)
}

fn revision(
    item: &ItemRow,
    document: &dyn AnyDocument,
    curator: &Caller,
    note: Option<&str>,
) -> Result<NewRevision, Problem> {
    let document = text(document)?;
    let (item_id, number, saved_at) = (item.id, item.latest_revision, item.updated_at);
    Ok(NewRevision {
        item_id,
        number,
        saved_at,
        author: Some(curator.account),
        note: note.map(str::to_owned),
        document,
    })
}

/// The id is there already: the same content is the same creation, anything else is another item.
fn existing(
    connection: &mut Connection,
    kind: &Registered,
    id: Id,
    document: &dyn AnyDocument,
    now: Timestamp,
) -> Result<KeptAnswer, Problem> {
    match State::find(connection, kind, id, now) {
        Ok(state) if text(state.document.as_ref())? == text(document)? => kept(200, &state),
        _ => Err(Problem::new(Code::IdTaken)),
    }
}

fn kept(status: u16, state: &State) -> Result<KeptAnswer, Problem> {
    Ok(KeptAnswer {
        status,
        etag: Some(etag(state.item.version)),
        location: Some(format!("/v1/admin/{}/{}", state.item.kind, state.item.id)),
        body: state.json()?,
    })
}

fn refuse_moved(before: &ItemRow, slug: &str, locale: &str) -> Result<(), Problem> {
    if before.first_published_at.is_none() {
        return Ok(());
    }
    let mut problem = Problem::new(Code::Conflict);
    for (pointer, changed) in [("/slug", before.slug != slug), ("/locale", before.locale != locale)] {
        if changed {
            problem = problem.at(pointer, "permanent", "This never changes once the item was published.");
        }
    }
    if problem.fault_list().is_empty() { Ok(()) } else { Err(problem) }
}

fn refuse_taken(connection: &mut Connection, kind: &str, locale: &str, slug: &str, id: Id) -> Result<(), Problem> {
    match store::at(connection, kind, locale, slug)? {
        Some(other) if other.id != id => {
            let detail = "Another item of this kind and language has this slug.";
            Err(Problem::new(Code::Conflict).at("/slug", "taken", detail))
        }
        _ => Ok(()),
    }
}
