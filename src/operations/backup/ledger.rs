//! The ledger of what was erased: written into each set and on its own, and applied by every restore.
//! Holds always: a key is known by owner, id and the instant it was made, a record by owner and id, so a ledger that is newer
//! than a backup takes away exactly what was erased, and can be applied again.
//!
//! Destroyed keys are entered by the keystore itself, in the transaction that destroys them. Purged records need no entry of
//! their own: what is left of one says when it was purged.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use diesel::prelude::*;

use super::error::{BackupError, failed};
use super::header::{self, Content, Opened};
use super::lines::{self, Line, Lines, PurgedRecord};
use super::source::Source;
use crate::database::ids::sql_types;
use crate::database::schema::{record_revisions, records};
use crate::database::{Bytes, Connection, Failure, Id, Timestamp};
use crate::privacy::KeyRing;
use crate::records::Collection as _;
use crate::resources::private::relationships::Relationship;

/// What a file of the ledger is called after its set's name.
pub(super) const ENDING: &str = "ledger";
/// Records in one step of reading.
const STEP: i64 = 1000;

/// Writes all of it; answers how many entries.
pub(super) fn write(source: &mut Source, path: &Path, out: &mut dyn Write) -> Result<u64, BackupError> {
    let broken = failed(path, "written");
    let mut lines = Lines::new(out);
    source.keystore.each_destroyed(|key| lines.write(&Line::Destroyed(key)).map_err(&broken))?;
    let mut after = None;
    loop {
        let page = purged(&mut source.main, after)?;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        for record in page {
            lines.write(&Line::Purged(record)).map_err(&broken)?;
        }
    }
    let count = lines.count;
    lines.finish().map_err(broken)?;
    Ok(count)
}

/// The next records that were purged, in the order of time.
fn purged(main: &mut Connection, after: Option<PurgedRecord>) -> Result<Vec<PurgedRecord>, Failure> {
    let columns = (records::owner, records::id, records::purged_at.assume_not_null());
    let mut rows = records::table.filter(records::purged_at.is_not_null()).select(columns).limit(STEP).into_boxed();
    if let Some(last) = after {
        let same_owner = records::owner.eq(last.owner).and(records::id.gt(last.id));
        let same_instant = records::purged_at.eq(last.purged_at).and(same_owner.or(records::owner.gt(last.owner)));
        rows = rows.filter(same_instant.or(records::purged_at.gt(last.purged_at)));
    }
    let order = (records::purged_at.asc(), records::owner.asc(), records::id.asc());
    let rows: Vec<(Id, Id, Timestamp)> = rows.order(order).load(main)?;
    Ok(rows.into_iter().map(|(owner, id, purged_at)| PurgedRecord { owner, id, purged_at }).collect())
}

/// A ledger that was found, and when it was written.
pub(super) struct Found {
    pub path: PathBuf,
    pub created_at: Timestamp,
}

/// The newest ledger of this installation in these folders. Files that are none, or of others, are passed over.
pub(super) fn newest(folders: &[&Path], installation: Id) -> Result<Option<Found>, BackupError> {
    let mut newest: Option<Found> = None;
    for folder in folders {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        for entry in std::fs::read_dir(folder).map_err(failed(folder, "read"))?.flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|ending| ending != ENDING) {
                continue;
            }
            let mut file = std::fs::File::open(&path).map_err(failed(&path, "opened"))?;
            let Ok((header, _)) = header::read(&path, &mut file) else { continue };
            let is_newer = newest.as_ref().is_none_or(|found| found.created_at < header.created_at);
            if header.content == Content::Ledger && header.installation == installation && is_newer {
                newest = Some(Found { path, created_at: header.created_at });
            }
        }
    }
    Ok(newest)
}

/// The ledger in this file.
pub(super) fn named(path: &Path, installation: Id) -> Result<Found, BackupError> {
    let mut file = std::fs::File::open(path).map_err(failed(path, "opened"))?;
    let (header, _) = header::read(path, &mut file)?;
    if header.content != Content::Ledger {
        let wanted = Content::Ledger;
        return Err(BackupError::AnotherContent { path: path.to_owned(), found: header.content, wanted });
    }
    if header.installation != installation {
        return Err(BackupError::AnotherInstallation(path.to_owned()));
    }
    Ok(Found { path: path.to_owned(), created_at: header.created_at })
}

/// What a ledger took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Applied {
    pub keys_destroyed: usize,
    pub records_purged: usize,
}

/// Takes away what the ledger names. Both connections are inside transactions of their own.
pub(super) fn apply(
    path: &Path,
    ring: &KeyRing,
    main: &mut Connection,
    keystore: &mut Connection,
) -> Result<Applied, BackupError> {
    let mut opened = Opened::open(path, Content::Ledger, ring)?;
    let (mut applied, mut owners) = (Applied::default(), BTreeSet::new());
    let outcome: Result<(), Stopped> = lines::each(opened.text(), |line| {
        match line {
            Line::Destroyed(key) => applied.keys_destroyed += usize::from(key.apply(keystore)?),
            Line::Purged(record) => {
                if purge(main, &record)? {
                    applied.records_purged += 1;
                    owners.insert(record.owner);
                }
            }
            Line::Key(_) | Line::End { .. } => {}
        }
        Ok(())
    });
    outcome.map_err(|stopped| stopped.at(path))?;
    for owner in owners {
        count_again(main, owner)?;
    }
    Ok(applied)
}

/// Leaves of a record what a purge leaves of it. Answers whether there was more.
fn purge(main: &mut Connection, record: &PurgedRecord) -> Result<bool, Failure> {
    let row = records::table.find((record.owner, record.id)).filter(records::purged_at.is_null());
    let before: Option<(String, Option<Timestamp>, Option<Id>)> =
        row.select((records::collection, records::trashed_at, records::trashed_with)).first(main).optional()?;
    let Some((collection, trashed_at, trashed_with)) = before else { return Ok(false) };
    if collection == Relationship::NAME {
        keep_withholding(main, record.owner)?;
    }
    diesel::update(records::table.find((record.owner, record.id)))
        .set((
            records::purged_at.eq(Some(record.purged_at)),
            records::trashed_at.eq(Some(trashed_at.unwrap_or(record.purged_at))),
            records::trashed_with.eq(Some(trashed_with.unwrap_or(record.id))),
            records::document.eq(None::<Bytes>),
            records::data_key.eq(None::<Id>),
            records::day.eq(None::<i32>),
            records::parent.eq(None::<Id>),
        ))
        .execute(main)?;
    let of_record = record_revisions::owner.eq(record.owner).and(record_revisions::record_id.eq(record.id));
    diesel::delete(record_revisions::table.filter(of_record)).execute(main)?;
    Ok(true)
}

/// Whether its owner or time purged a relationship, the ledger does not know; so where content is withheld from the owner, that
/// stays: too much is withheld then, never too little.
fn keep_withholding(main: &mut Connection, owner: Id) -> Result<(), Failure> {
    diesel::sql_query(
        "UPDATE owner_heads SET outreach_withheld = 1 \
         WHERE owner = $1 AND EXISTS (SELECT 1 FROM accounts WHERE id = $1 AND no_outreach = 1)",
    )
    .bind::<sql_types::Id, _>(owner)
    .execute(main)?;
    Ok(())
}

/// Sets an owner's counts by what is there.
fn count_again(main: &mut Connection, owner: Id) -> Result<(), Failure> {
    diesel::sql_query(
        "UPDATE owner_heads SET sequence = sequence + 1, \
         live_count = (SELECT count(*) FROM records WHERE owner = $1 AND trashed_at IS NULL AND purged_at IS NULL), \
         trashed_count = (SELECT count(*) FROM records WHERE owner = $1 AND trashed_at IS NOT NULL AND purged_at IS NULL), \
         stored_bytes = (SELECT coalesce(sum(length(document)), 0) FROM records WHERE owner = $1) \
             + (SELECT coalesce(sum(length(document)), 0) FROM record_revisions WHERE owner = $1) \
         WHERE owner = $1",
    )
    .bind::<sql_types::Id, _>(owner)
    .execute(main)?;
    Ok(())
}

/// Why the reading of lines ended early: the file, or what was done with a line.
pub(super) enum Stopped {
    Reading(io::Error),
    Failed(BackupError),
}

impl Stopped {
    pub(super) fn at(self, path: &Path) -> BackupError {
        match self {
            Self::Reading(cause) => failed(path, "read")(cause),
            Self::Failed(error) => error,
        }
    }
}

impl From<io::Error> for Stopped {
    fn from(cause: io::Error) -> Self {
        Self::Reading(cause)
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.into())
    }
}
