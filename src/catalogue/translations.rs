//! Translations: which state of an original one was made from, and whether that has changed since.
//! Holds always: a translation is an item of its own, with its own status; what it says of its original is a fingerprint of the
//! original's text, so that it means the same in every installation.

use diesel::QueryResult;
use sha2::{Digest as _, Sha256};

use super::checking::Item;
use super::document::{Header, TranslationOf};
use super::kinds::Kinds;
use super::store;
use crate::database::Connection;

/// Names a state by its text: 16 hexadecimal digits.
#[must_use]
pub fn fingerprint(document: &str) -> String {
    let digest = Sha256::digest(document.as_bytes());
    format!("{:016x}", u64::from_be_bytes(digest.first_chunk().copied().unwrap_or_default()))
}

/// Fills in which state of the original was translated, where the translator has not said.
pub fn settle(connection: &mut Connection, kind: &str, header: &mut Header) -> QueryResult<()> {
    if let Some(original) = &mut header.translation_of
        && original.fingerprint.is_none()
    {
        original.fingerprint = current(connection, kind, original)?;
    }
    Ok(())
}

/// An item from files with the same filled in; nothing when there is nothing to fill in. Its original comes before it. What is
/// stored already was not translated anew by being imported again.
pub fn settled(connection: &mut Connection, kinds: &Kinds, item: &Item) -> QueryResult<Option<Item>> {
    let is_open = item.header.translation_of.as_ref().is_some_and(|original| original.fingerprint.is_none());
    let Some(kind) = kinds.named(item.kind).filter(|_| is_open) else { return Ok(None) };
    let stored = match store::at(connection, item.kind, &item.locale, &item.slug)? {
        Some(row) => store::document(connection, row.id, row.latest_revision)?,
        None => None,
    };
    let Ok(mut document) = kind.open(&item.document) else { return Ok(None) };
    let stored = stored.as_ref().and_then(|text| kind.open(text).ok());
    if let Some(before) = &stored {
        document.header_mut().translation_of.clone_from(&before.header().translation_of);
    }
    // Both are written anew, so that a member that is new to the service does not make them differ.
    if document.text().ok() != stored.and_then(|before| before.text().ok()) {
        document.header_mut().translation_of.clone_from(&item.header.translation_of);
        settle(connection, item.kind, document.header_mut())?;
    }
    let (header, text) = (document.header().clone(), document.text());
    Ok(text.ok().map(|document| Item { header, document, ..item.clone() }))
}

/// Whether the original says something else than when it was translated; nothing for an original.
pub fn source_changed(connection: &mut Connection, kind: &str, header: &Header) -> QueryResult<Option<bool>> {
    let Some(original) = &header.translation_of else { return Ok(None) };
    Ok(Some(original.fingerprint != current(connection, kind, original)?))
}

/// The fingerprint of what readers see of the original, or of its latest state while they see nothing.
fn current(connection: &mut Connection, kind: &str, original: &TranslationOf) -> QueryResult<Option<String>> {
    let Some(item) = store::at(connection, kind, &original.locale, &original.slug)? else { return Ok(None) };
    let number = item.published_revision.unwrap_or(item.latest_revision);
    Ok(store::document(connection, item.id, number)?.map(|text| fingerprint(&text)))
}
