//! The jobs behind a curator's changes, each one transaction.
//! Holds always: a slug and a language never change once they were published; what was published is never deleted.

use crate::auth::Caller;
use crate::catalogue::document::Document;
use crate::catalogue::item::Transition;
use crate::catalogue::kind::Kind;
use crate::catalogue::kinds::Kinds;
use crate::catalogue::rules::{self, fault};
use crate::catalogue::store::{self, ItemRow, NewRevision};
use crate::catalogue::vocabulary::ItemStatus;
use crate::database::{Connection, Id, Timestamp};
use crate::http::code::Code;
use crate::http::conditional::{IfMatch, etag};
use crate::http::idempotency::{Idempotency, KeptAnswer, Key};
use crate::http::problem::{Fault, Problem};

use super::json;
use super::sent::Sent;

/// An item as it stands: its row and its latest document.
pub(super) struct State<K> {
    pub(super) item: ItemRow,
    pub(super) document: Document<K>,
}

impl<K: Kind> State<K> {
    pub(super) fn find(connection: &mut Connection, id: Id) -> Result<Self, Problem> {
        let item = store::find(connection, K::NAME, id)?.ok_or_else(Problem::not_found)?;
        let document = store::typed::<K>(connection, id, item.latest_revision)?.ok_or_else(Problem::not_found)?;
        Ok(Self { item, document })
    }
}

/// A create that may come again: its key, and what it was sent with.
pub(super) struct Repeat {
    pub(super) idempotency: Idempotency,
    pub(super) key: Key,
    pub(super) request_hash: [u8; 32],
}

/// Stores a new draft; the answer, and whether it was given before.
pub(super) fn create<K: Kind>(
    connection: &mut Connection,
    curator: &Caller,
    sent: Sent<K>,
    repeat: Option<&Repeat>,
    now: Timestamp,
) -> Result<(KeptAnswer, bool), Problem> {
    if let Some(Repeat { idempotency, key, request_hash }) = repeat
        && let Some(answer) = idempotency.find(connection, curator.account, key, request_hash)?
    {
        return Ok((answer, true));
    }
    let id = sent.id.unwrap_or_default();
    let document = settled(sent.document, id)?;
    if store::is_taken(connection, id)? {
        return existing(connection, id, &document).map(|answer| (answer, false));
    }
    let header = &document.header;
    refuse_taken(connection, K::NAME, &header.locale, &header.slug, id)?;
    let item = ItemRow::draft(id, K::NAME, &header.slug, &header.locale, now, Some(curator.account));
    store::insert(connection, &item, &revision(&item, &document, curator, now)?)?;
    let answer = kept(201, &State { item, document })?;
    if let Some(Repeat { idempotency, key, request_hash }) = repeat {
        idempotency.keep(connection, curator.account, key, request_hash, &answer)?;
    }
    Ok((answer, false))
}

/// Stores the next state of an item; the same content as before leaves it as it is.
pub(super) fn save<K: Kind>(
    connection: &mut Connection,
    curator: &Caller,
    state: State<K>,
    document: Document<K>,
    now: Timestamp,
) -> Result<State<K>, Problem> {
    let document = settled(document, state.item.id)?;
    if document == state.document {
        return Ok(state);
    }
    let (before, header) = (&state.item, &document.header);
    refuse_moved(before, &header.slug, &header.locale)?;
    refuse_taken(connection, K::NAME, &header.locale, &header.slug, before.id)?;
    let item = ItemRow {
        slug: header.slug.clone(),
        locale: header.locale.clone(),
        version: before.version + 1,
        latest_revision: before.latest_revision + 1,
        updated_at: now,
        ..before.clone()
    };
    let next = revision(&item, &document, curator, now)?;
    if !store::save(connection, &item, &next)? {
        return Err(overtaken(connection, K::NAME, before));
    }
    Ok(State { item, document })
}

/// Removes a draft that nobody but curators ever saw.
pub(super) fn delete<K: Kind>(connection: &mut Connection, state: &State<K>) -> Result<(), Problem> {
    if state.item.first_published_at.is_some() {
        let detail = "What was published once is taken back with a transition to draft, not deleted.";
        return Err(Problem::new(Code::Conflict).detail(detail));
    }
    if store::delete(connection, &state.item)? { Ok(()) } else { Err(overtaken(connection, K::NAME, &state.item)) }
}

/// Shows the latest revision to readers, or takes the item back from them. What is so already stays as it is.
pub(super) fn transition<K: Kind>(
    connection: &mut Connection,
    curator: &Caller,
    kinds: &Kinds,
    state: State<K>,
    transition: Transition,
    now: Timestamp,
) -> Result<State<K>, Problem> {
    let before = &state.item;
    let published_revision = match transition.to {
        ItemStatus::Published => Some(before.latest_revision),
        ItemStatus::Draft => None,
    };
    if before.published_revision == published_revision {
        return Ok(state);
    }
    if transition.to == ItemStatus::Published {
        let mut faults = rules::publishing_faults(&state.document);
        unresolved_links(connection, kinds, &state.document, &mut faults)?;
        refuse(faults)?;
    }
    store::raise_version(connection, now)?;
    let item = ItemRow {
        status: transition.to.as_str().to_owned(),
        version: before.version + 1,
        published_revision,
        published_at: published_revision.map(|_| now),
        first_published_at: before.first_published_at.or(published_revision.map(|_| now)),
        updated_at: now,
        ..before.clone()
    };
    if !store::update(connection, &item)? {
        return Err(overtaken(connection, K::NAME, before));
    }
    if let Some(number) = published_revision {
        store::note_publication(connection, item.id, number, now, Some(curator.account))?;
    }
    Ok(State { item, ..state })
}

/// The problem behind a document that cannot be written or read as JSON, which nothing that was checked can be.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn unwritable(error: serde_json::Error) -> Problem {
    tracing::error!(cause = %error, "an item is not JSON");
    Problem::new(Code::Internal)
}

fn settled<K: Kind>(mut document: Document<K>, id: Id) -> Result<Document<K>, Problem> {
    document.own.settle(id);
    refuse(rules::faults(&document))?;
    Ok(document)
}

fn refuse(faults: Vec<Fault>) -> Result<(), Problem> {
    if faults.is_empty() { Ok(()) } else { Err(Problem::new(Code::InvalidContent).faults(faults)) }
}

fn revision<K: Kind>(
    item: &ItemRow,
    document: &Document<K>,
    curator: &Caller,
    now: Timestamp,
) -> Result<NewRevision, Problem> {
    let document = serde_json::to_string(document).map_err(unwritable)?;
    let (item_id, number) = (item.id, item.latest_revision);
    Ok(NewRevision { item_id, number, saved_at: now, author: Some(curator.account), document })
}

/// The id is there already: the same content is the same creation, anything else is another item.
fn existing<K: Kind>(connection: &mut Connection, id: Id, document: &Document<K>) -> Result<KeptAnswer, Problem> {
    match State::<K>::find(connection, id) {
        Ok(state) if state.document == *document => kept(200, &state),
        _ => Err(Problem::new(Code::IdTaken)),
    }
}

fn kept<K: Kind>(status: u16, state: &State<K>) -> Result<KeptAnswer, Problem> {
    Ok(KeptAnswer {
        status,
        etag: Some(etag(state.item.version)),
        location: Some(format!("/v1/admin/{}/{}", K::NAME, state.item.id)),
        body: json(state)?,
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

fn unresolved_links<K: Kind>(
    connection: &mut Connection,
    kinds: &Kinds,
    document: &Document<K>,
    faults: &mut Vec<Fault>,
) -> Result<(), Problem> {
    for (index, link) in document.references.links.iter().enumerate() {
        let Some(kind) = kinds.singular(&link.kind) else {
            faults.push(fault(format!("/links/{index}/kind"), "unknown_kind", "There is no such kind of item."));
            continue;
        };
        if store::at(connection, kind.name, &document.header.locale, &link.slug)?.is_none() {
            faults.push(fault(format!("/links/{index}/slug"), "unresolved_link", "There is no such item."));
        }
    }
    Ok(())
}

/// Somebody changed the item between the look and the change.
fn overtaken(connection: &mut Connection, kind: &str, before: &ItemRow) -> Problem {
    match store::find(connection, kind, before.id) {
        Ok(Some(now)) => match IfMatch::version(before.version).check(now.version) {
            Err(problem) => problem,
            Ok(()) => Problem::new(Code::Conflict),
        },
        Ok(None) => Problem::not_found(),
        Err(error) => error.into(),
    }
}
