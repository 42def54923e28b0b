//! From files into the catalogue: everything is checked first, then stored in one transaction.
//! Holds always: what a curator wrote or took back is never overwritten; a file always makes the same item.

use super::checking::{Item, check, sorted, unresolved};
use super::exchange::meeting::Meeting;
use super::exchange::shape::Shapes;
use super::files::{self, File, Finding, Written};
use super::history;
use super::kinds::{Kinds, Stage};
use super::media;
use super::store::{self, ItemRow, NewRevision};
use super::translations;
use super::vocabulary::ItemStatus;
use super::workflow::audit::{self, Act};
use crate::database::{Connection, Database, Failure, Id, Timestamp};

pub use super::checking::lint;

/// The fact that says which starter content was imported last.
const STARTER_DIGEST: &str = "starter_digest";
/// How often an import is tried when another node imports at the same moment.
const TRIES: u32 = 3;

/// What an import did, each item as `<kind>/<slug>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub unchanged: Vec<String>,
    /// Left alone, since a curator wrote them, changed them or took them back.
    pub kept: Vec<String>,
}

/// Why an import did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{} rule(s) of the content are broken, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Content(Vec<Finding>),
    #[error(
        "publishing needs somebody who has read the files: say who, or let one person do everything (catalogue.two_person)"
    )]
    NotApproved,
    #[error(transparent)]
    Database(#[from] Failure),
}

/// Imports and publishes the starter catalogue when it differs from what was imported last. Blocks; for the start.
pub fn starter(database: &Database, kinds: &Kinds) -> Result<Option<Report>, ImportError> {
    let files = files::starter();
    let digest = files::digest(&files).to_vec();
    let is_known = |digest: Vec<u8>| {
        database.read_now(move |connection: &mut Connection| {
            Ok::<_, Failure>(store::fact(connection, STARTER_DIGEST)? == Some(digest))
        })
    };
    let mut tries = 0;
    loop {
        if is_known(digest.clone())? {
            return Ok(None);
        }
        let items = lint(kinds, &files).map_err(ImportError::Content)?;
        let (fact, now, kinds) = (digest.clone(), database.clock().now(), kinds.clone());
        let outcome = database.write_now(move |connection: &mut Connection| {
            let how = How { publish: true, ..How::default() };
            let report = store_items(connection, &kinds, &items, how, now)?;
            store::set_fact(connection, STARTER_DIGEST, &fact, now)?;
            Ok::<_, Failure>(report)
        });
        tries += 1;
        match outcome {
            Ok(report) => return Ok(Some(report)),
            // Another node was faster; then its digest is there at the next look.
            Err(Failure::UniqueViolation) if tries < TRIES => {}
            Err(failure) => return Err(failure.into()),
        }
    }
}

/// How files are brought in.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// Publish the items; without it they become drafts.
    pub publish: bool,
    /// The curator who read the files and answers for publishing them.
    pub approved_by: Option<Id>,
    /// Whether somebody has to answer for it.
    pub two_person: bool,
    /// Tell what would happen, and change nothing.
    pub dry_run: bool,
}

/// Why a transaction ends without a change.
enum Undone {
    /// It was only to be tried.
    Tried(Report),
    Refused(Vec<Finding>),
    Failed(Failure),
}

impl From<Failure> for Undone {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Imports files, all or nothing. Blocks; for the command line.
pub fn run(database: &Database, kinds: &Kinds, files: &[File], how: How) -> Result<Report, ImportError> {
    bring_in(database, kinds, files::read(kinds, files), how)
}

/// Imports what was read from files of any format, all or nothing. Blocks; for the command line.
pub fn bring_in(
    database: &Database,
    kinds: &Kinds,
    (written, findings): (Vec<Written>, Vec<Finding>),
    how: How,
) -> Result<Report, ImportError> {
    if how.publish && how.two_person && how.approved_by.is_none() {
        return Err(ImportError::NotApproved);
    }
    let stage = if how.publish { Stage::Published } else { Stage::Draft };
    let (items, findings) = check(written, findings, stage);
    if !findings.is_empty() {
        return Err(ImportError::Content(sorted(findings)));
    }
    let (now, kinds) = (database.clock().now(), kinds.clone());
    let outcome = database.write_now(move |connection: &mut Connection| {
        if how.publish {
            let mut findings = links_to_nothing(connection, &kinds, &items).map_err(Failure::from)?;
            findings.extend(without_files(connection, &kinds, &items).map_err(Failure::from)?);
            if !findings.is_empty() {
                return Err(Undone::Refused(sorted(findings)));
            }
        }
        let report = store_items(connection, &kinds, &items, how, now).map_err(Failure::from)?;
        if how.dry_run { Err(Undone::Tried(report)) } else { Ok(report) }
    });
    match outcome {
        Ok(report) | Err(Undone::Tried(report)) => Ok(report),
        Err(Undone::Refused(findings)) => Err(ImportError::Content(findings)),
        Err(Undone::Failed(failure)) => Err(failure.into()),
    }
}

/// Links that lead neither to one of the items nor to one in the database.
fn links_to_nothing(connection: &mut Connection, kinds: &Kinds, items: &[Item]) -> diesel::QueryResult<Vec<Finding>> {
    unresolved(kinds, items, |singular, locale, slug| {
        let Some(kind) = kinds.singular(singular) else { return Ok(false) };
        let row = store::at(connection, kind.name, locale, slug)?;
        Ok(row.is_some_and(|row| !kind.is_shown_beside || row.published_revision.is_some()))
    })
}

/// Items whose file is not there, or is another than they say.
fn without_files(connection: &mut Connection, kinds: &Kinds, items: &[Item]) -> diesel::QueryResult<Vec<Finding>> {
    let mut findings = Vec::new();
    for item in items {
        let document = kinds.named(item.kind).and_then(|kind| kind.open(&item.document).ok());
        if let Some(file) = document.as_ref().and_then(|document| document.file()) {
            let faults = media::faults(connection, file)?;
            findings.extend(faults.into_iter().map(|fault| item.origin.finding(fault)));
        }
    }
    Ok(findings)
}

fn store_items(
    connection: &mut Connection,
    kinds: &Kinds,
    items: &[Item],
    how: How,
    now: Timestamp,
) -> diesel::QueryResult<Report> {
    if how.publish {
        store::raise_version(connection, now)?;
    }
    let (mut report, mut shapes) = (Report::default(), Shapes::default());
    // What is translated comes first, so that each translation can say from which state it was made.
    let (originals, translated): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.header.translation_of.is_none());
    for item in originals.into_iter().chain(translated) {
        let settled = translations::settled(connection, kinds, item)?;
        let item = settled.as_ref().unwrap_or(item);
        let list = match store_item(connection, (kinds, &mut shapes), item, how, now)? {
            Outcome::Added => &mut report.added,
            Outcome::Changed => &mut report.changed,
            Outcome::Unchanged => &mut report.unchanged,
            Outcome::Kept => &mut report.kept,
        };
        list.push(format!("{}/{}", item.kind, item.slug));
    }
    Ok(report)
}

enum Outcome {
    Added,
    Changed,
    Unchanged,
    Kept,
}

fn store_item(
    connection: &mut Connection,
    known: (&Kinds, &mut Shapes),
    item: &Item,
    how: How,
    now: Timestamp,
) -> diesel::QueryResult<Outcome> {
    let at_address = store::at(connection, item.kind, &item.locale, &item.slug)?;
    let there = match at_address {
        Some(row) => Some(row),
        None => store::find(connection, item.kind, item.id)?,
    };
    match there {
        Some(before) => renew(connection, known, item, before, how, now),
        None => add(connection, item, how, now),
    }
}

fn add(connection: &mut Connection, item: &Item, how: How, now: Timestamp) -> diesel::QueryResult<Outcome> {
    let mut row = ItemRow::draft(item.id, item.kind, &item.slug, &item.locale, now, None).saying(&item.header);
    if how.publish {
        show(&mut row, now);
    }
    store::insert(connection, &row, &revision(&row, item.document.clone(), now))?;
    note(connection, &row, None, how, now)?;
    Ok(Outcome::Added)
}

fn renew(
    connection: &mut Connection,
    (kinds, shapes): (&Kinds, &mut Shapes),
    item: &Item,
    before: ItemRow,
    how: How,
    now: Timestamp,
) -> diesel::QueryResult<Outcome> {
    let stored = store::document(connection, before.id, before.latest_revision)?.unwrap_or_default();
    let Meeting { is_same, knows_it, document } = Meeting::of(kinds, shapes, item, &stored, before.id);
    let is_shown = before.published_revision == Some(before.latest_revision);
    if is_same && (is_shown || !how.publish) {
        return Ok(Outcome::Unchanged);
    }
    let was_taken_back = before.published_revision.is_none() && before.first_published_at.is_some();
    if was_taken_back || (!knows_it && history::was_edited(connection, before.id)?) {
        return Ok(Outcome::Kept);
    }
    let from = before.state();
    let mut row =
        ItemRow { version: before.version + 1, updated_at: now, publish_at: None, ..before }.saying(&item.header);
    if !is_same {
        row.latest_revision += 1;
        ItemStatus::Draft.as_str().clone_into(&mut row.status);
    }
    if how.publish {
        show(&mut row, now);
    }
    let is_stored = if is_same {
        store::update(connection, &row)?
    } else {
        store::save(connection, &row, &revision(&row, document, now))?
    };
    if !is_stored {
        return Ok(Outcome::Kept);
    }
    note(connection, &row, Some(from), how, now)?;
    Ok(Outcome::Changed)
}

fn show(row: &mut ItemRow, now: Timestamp) {
    ItemStatus::Published.as_str().clone_into(&mut row.status);
    row.published_revision = Some(row.latest_revision);
    row.published_at = Some(now);
    row.first_published_at = row.first_published_at.or(Some(now));
}

fn note(
    connection: &mut Connection,
    row: &ItemRow,
    from: Option<ItemStatus>,
    how: How,
    now: Timestamp,
) -> diesel::QueryResult<()> {
    let actor = how.approved_by;
    if how.publish {
        history::note_publication(connection, row.id, row.latest_revision, now, actor)?;
    }
    let to = row.state();
    if from == Some(to) && !how.publish {
        return Ok(());
    }
    let act = Act { item: row.id, revision: row.latest_revision, at: now, actor, from, note: Some("From files.") };
    audit::note(connection, &act, &[to])
}

fn revision(row: &ItemRow, document: String, now: Timestamp) -> NewRevision {
    NewRevision { item_id: row.id, number: row.latest_revision, saved_at: now, author: None, note: None, document }
}
