//! Between a sealed row and the JSON that is answered.
//! Holds always: the sealed text is the JSON that will be answered, so a read opens it and puts the envelope around it
//! without parsing; only filters, edits and an older shape look inside.

use std::io::Write as _;

use serde_json::Value;

use crate::database::{Bytes, Id, Timestamp};
use crate::http::code::Code;
use crate::http::input;
use crate::http::problem::Problem;
use crate::privacy::{DataKey, DocumentContext, Keystore, open_document, seal_document};

use super::collection::Collection;
use super::row::{ListedRow, RevisionRow, Row};

/// A record as a reader gets it: the envelope's members and the JSON of its fields.
#[derive(Clone)]
pub(super) struct Opened {
    pub id: Id,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub fields: Vec<u8>,
}

impl Opened {
    /// The typed record.
    pub(super) fn record<C: Collection>(&self) -> Result<C, Problem> {
        serde_json::from_slice(&self.fields).map_err(|error| unreadable::<C>(&error))
    }

    /// The fields as JSON, for a merge patch.
    pub(super) fn value<C: Collection>(&self) -> Result<Value, Problem> {
        serde_json::from_slice(&self.fields).map_err(|error| unreadable::<C>(&error))
    }

    /// Appends `{"id":…,"version":…,"created_at":…,"updated_at":…,fields…}`.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (id, version) = (self.id, self.version);
        let (created, updated) = (self.created_at.to_rfc3339(), self.updated_at.to_rfc3339());
        // Writing into a vector cannot fail.
        let _ = write!(
            out,
            "{{\"id\":\"{id}\",\"version\":{version},\"created_at\":\"{created}\",\"updated_at\":\"{updated}\""
        );
        match self.fields.get(1..) {
            Some(rest) if rest.len() > 1 => {
                out.push(b',');
                out.extend_from_slice(rest);
            }
            _ => out.push(b'}'),
        }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.fields.len() + 192);
        self.write(&mut out);
        out
    }
}

/// A stored document that does not read: a fault of ours. The cause names a place in it, never its text.
fn unreadable<C: Collection>(error: &serde_json::Error) -> Problem {
    tracing::error!(
        collection = C::NAME,
        line = error.line(),
        column = error.column(),
        "a stored document does not read"
    );
    Problem::new(Code::Internal)
}

/// The fields of a record as they are sealed.
///
/// # Errors
/// 500 when the type cannot be serialised, which no valid collection shows.
pub(super) fn fields<C: Collection>(record: &C) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(record).map_err(|error| unreadable::<C>(&error))
}

/// Seals a record's fields under a data key of its owner.
pub(super) fn seal<C: Collection>(key: &DataKey, owner: Id, id: Id, fields: &[u8]) -> Bytes {
    let context = DocumentContext { owner, collection: C::NAME, id, data_key: key.id, shape: C::SHAPE };
    Bytes(seal_document(key, &context, fields))
}

/// Opens a row; nothing when its key was destroyed, for then the record is gone.
///
/// # Errors
/// 503 when the row was written by a newer version of this service; 500 when the text does not open.
pub(super) fn open<C: Collection>(keystore: &Keystore, row: &Row) -> Result<Option<Opened>, Problem> {
    let (Some(data_key), Some(document)) = (row.data_key, row.document.as_ref()) else {
        return Ok(None);
    };
    let fields = open_fields::<C>(keystore, row.owner, row.id, data_key, row.shape, &document.0)?;
    let (id, version, created_at, updated_at) = (row.id, row.version, row.created_at, row.updated_at);
    Ok(fields.map(|fields| Opened { id, version, created_at, updated_at, fields }))
}

/// The same for a row of one of `owner`'s lists.
///
/// # Errors
/// Like [`open`].
pub(super) fn open_listed<C: Collection>(
    keystore: &Keystore,
    owner: Id,
    row: &ListedRow,
) -> Result<Option<Opened>, Problem> {
    let (Some(data_key), Some(document)) = (row.data_key, row.document.as_ref()) else {
        return Ok(None);
    };
    let fields = open_fields::<C>(keystore, owner, row.id, data_key, row.shape, &document.0)?;
    let (id, version, created_at, updated_at) = (row.id, row.version, row.created_at, row.updated_at);
    Ok(fields.map(|fields| Opened { id, version, created_at, updated_at, fields }))
}

/// Opens an earlier version; nothing when its key was destroyed.
///
/// # Errors
/// Like [`open`].
pub(super) fn open_revision<C: Collection>(keystore: &Keystore, row: &RevisionRow) -> Result<Option<Vec<u8>>, Problem> {
    open_fields::<C>(keystore, row.owner, row.record_id, row.data_key, row.shape, &row.document.0)
}

fn open_fields<C: Collection>(
    keystore: &Keystore,
    owner: Id,
    id: Id,
    data_key: Id,
    shape: i16,
    sealed: &[u8],
) -> Result<Option<Vec<u8>>, Problem> {
    if shape > C::SHAPE {
        return Err(Problem::new(Code::Unavailable).detail("A newer version of the service wrote this record."));
    }
    let Some(key) = keystore.key_now(owner, data_key)? else {
        return Ok(None);
    };
    let context = DocumentContext { owner, collection: C::NAME, id, data_key, shape };
    let fields = open_document(&key, &context, sealed).map_err(|error| {
        tracing::error!(collection = C::NAME, record = %id, %error, "a sealed document does not open");
        Problem::new(Code::Internal)
    })?;
    if shape == C::SHAPE {
        return Ok(Some(fields));
    }
    // An older shape takes the typed path and is answered in today's.
    let record: C = input::typed(serde_json::from_slice(&fields).map_err(|error| unreadable::<C>(&error))?)?;
    self::fields(&record).map(Some)
}
