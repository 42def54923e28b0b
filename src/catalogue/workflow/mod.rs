//! The ways of an item from draft to published: which there are, who may take them, and what they do.
//! Holds always: each one is noted in the same transaction; what readers see changes by publishing and archiving alone; where two
//! persons are asked for, nobody approves what they wrote.

pub mod audit;
pub mod schedule;
pub mod table;

use actix_web::http::header::{self, HeaderValue};

use super::history;
use super::item::Transition;
use super::kinds::Kinds;
use super::media;
use super::rules::fault;
use super::store::{self, ItemRow};
use super::vocabulary::ItemStatus;
use crate::database::{Connection, Id, Timestamp};
use crate::http::code::Code;
use crate::http::conditional::etag;
use crate::http::problem::{Fault, Problem};
use audit::Act;

/// Who moves an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mover {
    /// Nobody: the clock, or the command line.
    pub account: Option<Id>,
    /// Whether the author of a revision is kept from approving it.
    pub two_person: bool,
}

/// Moves an item; answers its row as it is then. What is so already stays as it is.
///
/// # Errors
/// 409 when there is no such way, or the mover wrote what they would approve; 422 when the item breaks a rule of publishing; 412
/// when somebody was faster.
pub fn perform(
    connection: &mut Connection,
    kinds: &Kinds,
    mover: Mover,
    before: &ItemRow,
    wish: &Transition,
    now: Timestamp,
) -> Result<ItemRow, Problem> {
    let from = before.state();
    check_times(wish, now)?;
    let same_times = (before.publish_at, before.unpublish_at) == (wish.publish_at, wish.unpublish_at);
    let stays = from == wish.to;
    if stays && (same_times || !matches!(from, ItemStatus::Scheduled | ItemStatus::Published)) {
        return Ok(before.clone());
    }
    let passed = if stays { vec![wish.to] } else { way(from, wish.to, mover)? };
    if passed.contains(&ItemStatus::Approved) && from != ItemStatus::Scheduled {
        check_approver(connection, mover, before)?;
    }
    if passed.iter().any(|status| is_past_review(*status)) {
        refuse(publishing_faults(connection, kinds, before)?)?;
    }
    let item = moved(before, wish, stays, now);
    if item.published_revision != before.published_revision {
        store::raise_version(connection, now)?;
    }
    if !store::update(connection, &item)? {
        return Err(overtaken(connection, before));
    }
    let (revision, actor, note) = (item.latest_revision, mover.account, wish.note.as_deref());
    audit::note(connection, &Act { item: item.id, revision, at: now, actor, from: Some(from), note }, &passed)?;
    if let Some(number) = item.published_revision.filter(|number| before.published_revision != Some(*number)) {
        history::note_publication(connection, item.id, number, now, actor)?;
    }
    Ok(item)
}

/// The row after the move.
fn moved(before: &ItemRow, wish: &Transition, stays: bool, now: Timestamp) -> ItemRow {
    let mut item = ItemRow {
        status: wish.to.as_str().to_owned(),
        version: before.version + 1,
        publish_at: wish.publish_at,
        updated_at: now,
        ..before.clone()
    };
    match wish.to {
        ItemStatus::Published => {
            item.unpublish_at = wish.unpublish_at;
            if !stays {
                item.published_revision = Some(before.latest_revision);
                item.published_at = Some(now);
                item.first_published_at = before.first_published_at.or(Some(now));
            }
        }
        ItemStatus::Scheduled => item.unpublish_at = wish.unpublish_at,
        ItemStatus::Archived => {
            (item.published_revision, item.published_at, item.unpublish_at) = (None, None, None);
        }
        // What readers see goes on as it was, its end included.
        ItemStatus::Draft | ItemStatus::InReview | ItemStatus::Approved => {
            item.unpublish_at = before.unpublish_at.filter(|_| before.published_revision.is_some());
        }
    }
    item
}

const fn is_past_review(status: ItemStatus) -> bool {
    matches!(status, ItemStatus::Approved | ItemStatus::Scheduled | ItemStatus::Published)
}

fn check_times(wish: &Transition, now: Timestamp) -> Result<(), Problem> {
    let mut faults = Vec::new();
    let of_schedule = wish.to == ItemStatus::Scheduled;
    match wish.publish_at {
        None if of_schedule => faults.push(fault("/publish_at", "missing_member", "A schedule says when.")),
        Some(_) if !of_schedule => {
            faults.push(fault("/publish_at", "not_scheduled", "Only `scheduled` has a time to come."));
        }
        Some(at) if at <= now => faults.push(fault("/publish_at", "in_the_past", "A schedule is in the future.")),
        _ => {}
    }
    if let Some(end) = wish.unpublish_at {
        if !of_schedule && wish.to != ItemStatus::Published {
            faults.push(fault("/unpublish_at", "not_scheduled", "Only what is or will be published has an end."));
        } else if end <= wish.publish_at.unwrap_or(now) {
            faults.push(fault("/unpublish_at", "before_start", "The end comes after the beginning."));
        }
    }
    refuse(faults)
}

fn way(from: ItemStatus, to: ItemStatus, mover: Mover) -> Result<Vec<ItemStatus>, Problem> {
    table::path(from, to, mover.two_person).ok_or_else(|| {
        let ways: Vec<&str> = table::ways_from(from).iter().map(|status| status.as_str()).collect();
        let detail = format!("From {from} an item goes to: {}.", ways.join(", "));
        Problem::new(Code::Conflict).at("/to", "no_such_way", detail)
    })
}

fn check_approver(connection: &mut Connection, mover: Mover, item: &ItemRow) -> Result<(), Problem> {
    let author = history::author(connection, item.id, item.latest_revision)?;
    if mover.two_person && author.is_some() && author == mover.account {
        let detail = "Whoever wrote a revision does not approve it; ask another curator.";
        return Err(Problem::new(Code::Conflict).at("/to", "own_revision", detail));
    }
    Ok(())
}

/// What keeps an item's latest revision from being published.
pub fn publishing_faults(connection: &mut Connection, kinds: &Kinds, item: &ItemRow) -> Result<Vec<Fault>, Problem> {
    let text = store::document(connection, item.id, item.latest_revision)?.ok_or_else(Problem::not_found)?;
    let kind = kinds.named(&item.kind).ok_or_else(Problem::not_found)?;
    let (document, mut faults) = kind.check(&text).map_err(super::curating::unwritable)?;
    for (index, link) in document.references().links.iter().enumerate() {
        match kinds.linked(&link.kind) {
            None => {
                faults.push(fault(format!("/links/{index}/kind"), "unknown_kind", "There is no such kind of item."));
            }
            Some(kind) if store::at(connection, kind.name, &item.locale, &link.slug)?.is_none() => {
                faults.push(fault(format!("/links/{index}/slug"), "unresolved_link", "There is no such item."));
            }
            Some(_) => {}
        }
    }
    if let Some(file) = document.file() {
        faults.extend(media::faults(connection, file)?);
    }
    for (index, slug) in document.references().media.iter().enumerate() {
        if !media::is_shown(connection, kinds, document.header(), slug)? {
            let detail = "There is no published picture of this name.";
            faults.push(fault(format!("/media/{index}"), "unresolved_medium", detail));
        }
    }
    if let Some(original) = &document.header().translation_of
        && store::at(connection, kind.name, &original.locale, &original.slug)?.is_none()
    {
        faults.push(fault("/translation_of/slug", "unresolved_original", "There is no such item in that language."));
    }
    Ok(faults)
}

/// 422 with these faults, where there are any.
pub fn refuse(faults: Vec<Fault>) -> Result<(), Problem> {
    if faults.is_empty() { Ok(()) } else { Err(Problem::new(Code::InvalidContent).faults(faults)) }
}

/// Somebody changed the item between the look and the change.
pub fn overtaken(connection: &mut Connection, before: &ItemRow) -> Problem {
    match store::find(connection, &before.kind, before.id) {
        Ok(Some(now)) => {
            let problem = Problem::new(Code::VersionMismatch);
            match HeaderValue::try_from(etag(now.version)) {
                Ok(value) => problem.header(header::ETAG, value),
                Err(_) => problem,
            }
        }
        Ok(None) => Problem::not_found(),
        Err(error) => error.into(),
    }
}
