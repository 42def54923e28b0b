//! Whether a copied database is whole and can be read: its structure, its references, and a sample of its documents.
//! Holds always: the sample is drawn by chance from current and earlier versions, and opened with the keys of the same copy; a
//! document without a key counts as erased only where the ledger says that the key was destroyed.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::error::BackupError;
use crate::database::schema::{record_revisions, records};
use crate::database::{Bytes, Connection, Failure, Id};
use crate::privacy::keystore::{DestroyedKey, StoredKey};
use crate::privacy::{DocumentContext, KeyRing, open_document};

/// Documents that are looked at in each of the two tables.
const SAMPLE: i64 = 200;

/// A sealed document and its place.
#[derive(Queryable)]
pub(super) struct Sealed {
    pub owner: Id,
    collection: String,
    id: Id,
    pub data_key: Id,
    shape: i16,
    document: Bytes,
}

/// What was found in the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Sampled {
    /// Documents that open.
    pub readable: usize,
    /// Documents whose key was destroyed.
    pub erased: usize,
}

/// What is known of a document's key.
pub(super) enum Known {
    Key(StoredKey),
    Destroyed,
    Missing,
}

impl Known {
    /// What a keystore knows of the key in this place.
    pub(super) fn by(keystore: &mut Connection, owner: Id, id: Id) -> Result<Self, Failure> {
        Ok(match StoredKey::find(keystore, owner, id)? {
            Some(key) => Self::Key(key),
            None if DestroyedKey::is_known(keystore, owner, id)? => Self::Destroyed,
            None => Self::Missing,
        })
    }
}

/// Holds SQLite's own checks against a copy.
pub(super) fn structure(copy: &mut Connection) -> Result<(), BackupError> {
    #[derive(QueryableByName)]
    struct Finding {
        #[diesel(sql_type = Text)]
        finding: String,
    }
    let Connection::Sqlite(copy) = copy else { return Ok(()) };
    let queries = [
        "SELECT integrity_check AS finding FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        "SELECT 'a reference of ' || \"table\" || ' leads nowhere' AS finding FROM pragma_foreign_key_check",
    ];
    for query in queries {
        let findings: Vec<Finding> = diesel::sql_query(format!("{query} LIMIT 5")).load(copy)?;
        if !findings.is_empty() {
            let findings: Vec<_> = findings.into_iter().map(|found| found.finding).collect();
            return Err(BackupError::Unsound(findings.join("; ")));
        }
    }
    Ok(())
}

/// Documents drawn by chance.
pub(super) fn sample(main: &mut Connection) -> Result<Vec<Sealed>, Failure> {
    let by_chance = || sql::<BigInt>("random()");
    let mut drawn: Vec<Sealed> = records::table
        .filter(records::document.is_not_null())
        .filter(records::data_key.is_not_null())
        .order(by_chance())
        .limit(SAMPLE)
        .select((
            records::owner,
            records::collection,
            records::id,
            records::data_key.assume_not_null(),
            records::shape,
            records::document.assume_not_null(),
        ))
        .load(main)?;
    let same_record = records::owner.eq(record_revisions::owner).and(records::id.eq(record_revisions::record_id));
    let earlier: Vec<Sealed> = record_revisions::table
        .inner_join(records::table.on(same_record))
        .order(by_chance())
        .limit(SAMPLE)
        .select((
            record_revisions::owner,
            records::collection,
            record_revisions::record_id,
            record_revisions::data_key,
            record_revisions::shape,
            record_revisions::document,
        ))
        .load(main)?;
    drawn.extend(earlier);
    Ok(drawn)
}

/// Opens each document of a sample.
pub(super) fn open_all(
    sample: &[Sealed],
    ring: &KeyRing,
    mut known: impl FnMut(Id, Id) -> Result<Known, Failure>,
) -> Result<Sampled, BackupError> {
    let (mut found, mut unreadable) = (Sampled::default(), 0);
    for sealed in sample {
        let opens = match known(sealed.owner, sealed.data_key)? {
            Known::Destroyed => {
                found.erased += 1;
                continue;
            }
            Known::Missing => false,
            Known::Key(stored) => {
                let context = DocumentContext {
                    owner: sealed.owner,
                    collection: &sealed.collection,
                    id: sealed.id,
                    data_key: sealed.data_key,
                    shape: sealed.shape,
                };
                stored.unwrap(ring).is_ok_and(|key| open_document(&key, &context, &sealed.document.0).is_ok())
            }
        };
        if opens {
            found.readable += 1;
        } else {
            unreadable += 1;
        }
    }
    match unreadable {
        0 => Ok(found),
        unreadable => Err(BackupError::Unreadable { unreadable, looked_at: sample.len() }),
    }
}
