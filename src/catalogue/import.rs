//! From files into the catalogue: everything is checked first, then stored in one transaction.
//! Holds always: what a curator wrote or took back is never overwritten; a file always makes the same item.

use std::collections::HashSet;

use super::files::{self, File, Finding};
use super::kinds::Kinds;
use super::store::{self, ItemRow, NewRevision};
use super::vocabulary::ItemStatus;
use super::workflow::audit::{self, Act};
use super::{document::Header, history};
use crate::database::{Connection, Database, Failure, Id, Timestamp};

/// Where the ids of items that come from files are derived: UUID version 5 of `<kind>/<locale>/<slug>`.
const NAMESPACE: Id =
    Id::from_bytes([0x6d, 0x65, 0x6e, 0x64, 0x63, 0x61, 0x74, 0x61, 0x8c, 0x6f, 0x67, 0x75, 0x65, 0x00, 0x00, 0x01]);
/// The fact that says which starter content was imported last.
const STARTER_DIGEST: &str = "starter_digest";
/// How often an import is tried when another node imports at the same moment.
const TRIES: u32 = 3;

/// An item from files that keeps every rule.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: Id,
    /// The kind's plural name.
    pub kind: &'static str,
    pub slug: String,
    pub locale: String,
    pub header: Header,
    pub document: String,
}

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

/// Checks files: the items they hold, or everything that is wrong with them.
pub fn lint(kinds: &Kinds, files: &[File]) -> Result<Vec<Item>, Vec<Finding>> {
    let (written, mut findings) = files::read(kinds, files);
    let mut items = Vec::new();
    let mut known = HashSet::new();
    for item in &written {
        let name = (item.kind.singular, item.locale.as_str(), item.slug.as_str());
        let id = id_of(name.0, name.1, name.2);
        known.insert(name);
        match item.kind.prepare(item.said.clone(), id) {
            Ok(prepared) => items.push((item, id, prepared)),
            Err(faults) => findings.extend(faults.into_iter().map(|fault| {
                let (file, line) = item.place(&fault.pointer);
                Finding { file, line, rule: fault.code, detail: format!("{}: {}", fault.pointer, fault.detail) }
            })),
        }
    }
    for (item, _, prepared) in &items {
        for (index, link) in prepared.references.links.iter().enumerate() {
            if !known.contains(&(link.kind.as_str(), item.locale.as_str(), link.slug.as_str())) {
                let (file, line) = item.place(&format!("/links/{index}"));
                let detail = format!("there is no {} called {}", link.kind, link.slug);
                findings.push(Finding { file, line, rule: "unresolved_link", detail });
            }
        }
    }
    if !findings.is_empty() {
        findings.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        return Err(findings);
    }
    let item = |(written, id, prepared): (&files::Written, Id, super::kinds::Prepared)| Item {
        id,
        kind: written.kind.name,
        slug: prepared.slug,
        locale: prepared.locale,
        header: prepared.header,
        document: prepared.document,
    };
    Ok(items.into_iter().map(item).collect())
}

/// The id that an item from files always has.
#[must_use]
pub fn id_of(kind: &str, locale: &str, slug: &str) -> Id {
    Id::named(NAMESPACE, &format!("{kind}/{locale}/{slug}"))
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
        let (fact, now) = (digest.clone(), database.clock().now());
        let outcome = database.write_now(move |connection: &mut Connection| {
            let report = store_items(connection, &items, How { publish: true, ..How::default() }, now)?;
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
    Failed(Failure),
}

impl From<Failure> for Undone {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Imports files, all or nothing. Blocks; for the command line.
pub fn run(database: &Database, kinds: &Kinds, files: &[File], how: How) -> Result<Report, ImportError> {
    if how.publish && how.two_person && how.approved_by.is_none() {
        return Err(ImportError::NotApproved);
    }
    let items = lint(kinds, files).map_err(ImportError::Content)?;
    let now = database.clock().now();
    let outcome = database.write_now(move |connection: &mut Connection| {
        let report = store_items(connection, &items, how, now).map_err(Failure::from)?;
        if how.dry_run { Err(Undone::Tried(report)) } else { Ok(report) }
    });
    match outcome {
        Ok(report) | Err(Undone::Tried(report)) => Ok(report),
        Err(Undone::Failed(failure)) => Err(failure.into()),
    }
}

fn store_items(connection: &mut Connection, items: &[Item], how: How, now: Timestamp) -> diesel::QueryResult<Report> {
    if how.publish {
        store::raise_version(connection, now)?;
    }
    let mut report = Report::default();
    for item in items {
        let list = match store_item(connection, item, how, now)? {
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

fn store_item(connection: &mut Connection, item: &Item, how: How, now: Timestamp) -> diesel::QueryResult<Outcome> {
    let publish = how.publish;
    let Some(before) = store::find(connection, item.kind, item.id)? else {
        if store::at(connection, item.kind, &item.locale, &item.slug)?.is_some() {
            return Ok(Outcome::Kept);
        }
        let mut row = ItemRow::draft(item.id, item.kind, &item.slug, &item.locale, now, None).saying(&item.header);
        if publish {
            show(&mut row, now);
        }
        store::insert(connection, &row, &revision(item, 1, now))?;
        note(connection, &row, None, how, now)?;
        return Ok(Outcome::Added);
    };
    let was_taken_back = before.published_revision.is_none() && before.first_published_at.is_some();
    if was_taken_back || history::was_edited(connection, item.id)? {
        return Ok(Outcome::Kept);
    }
    let is_same = store::document(connection, item.id, before.latest_revision)?.as_ref() == Some(&item.document);
    let is_shown = before.published_revision == Some(before.latest_revision);
    if is_same && (is_shown || !publish) {
        return Ok(Outcome::Unchanged);
    }
    let from = before.state();
    let mut row =
        ItemRow { version: before.version + 1, updated_at: now, publish_at: None, ..before }.saying(&item.header);
    if !is_same {
        row.latest_revision += 1;
        ItemStatus::Draft.as_str().clone_into(&mut row.status);
    }
    if publish {
        show(&mut row, now);
    }
    let is_stored = if is_same {
        store::update(connection, &row)?
    } else {
        store::save(connection, &row, &revision(item, row.latest_revision, now))?
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

fn revision(item: &Item, number: i64, now: Timestamp) -> NewRevision {
    NewRevision { item_id: item.id, number, saved_at: now, author: None, note: None, document: item.document.clone() }
}
