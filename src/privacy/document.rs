//! One sealed document a record: how private text stands in the database.
//! Holds always: a document opens only with its data key and at its own place (owner, collection, id, data-key id, shape); moved
//! or changed, it does not open. The version of the record is no part of the place, or trashing it would mean sealing it again.

use super::envelope::{self, Unsealable};
use super::secret::Secret;
use crate::database::Id;

/// Names this use of the cipher and its version in the associated data.
const DOMAIN: &str = "mend.document.v1";

/// A data key: most belong to all of an owner's documents, some to one document that can burn on its own.
/// `Debug` shows the id and never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataKey {
    pub id: Id,
    pub(super) secret: Secret,
}

impl DataKey {
    pub(super) fn random(id: Id) -> Self {
        Self { id, secret: Secret::random() }
    }
}

/// The place of a document. It is authenticated with the text.
#[derive(Debug, Clone, Copy)]
pub struct DocumentContext<'a> {
    pub owner: Id,
    /// The collection's stored name, such as `journal-entries`.
    pub collection: &'a str,
    pub id: Id,
    /// The id of the data key that seals the document, as its row names it.
    pub data_key: Id,
    /// Version of the document's shape.
    pub shape: i16,
}

impl DocumentContext<'_> {
    fn associated(&self) -> Vec<u8> {
        envelope::frame(
            DOMAIN,
            &[
                &[envelope::FORMAT],
                self.owner.as_bytes(),
                self.collection.as_bytes(),
                self.id.as_bytes(),
                self.data_key.as_bytes(),
                &self.shape.to_be_bytes(),
            ],
        )
    }
}

/// Seals `plain` (JSON, but that is the caller's affair) for its place. `context.data_key` is `key.id`.
#[must_use]
pub fn seal_document(key: &DataKey, context: &DocumentContext<'_>, plain: &[u8]) -> Vec<u8> {
    debug_assert_eq!(key.id, context.data_key, "a document sealed with a key that its row does not name is lost");
    envelope::seal(&key.secret, &[], &context.associated(), plain)
}

/// Opens what [`seal_document`] sealed.
///
/// # Errors
/// The format is unknown, or anything at all (text, key, place) is not as it was sealed.
pub fn open_document(key: &DataKey, context: &DocumentContext<'_>, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let (_, body) = envelope::split(sealed, 0)?;
    envelope::open(&key.secret, &context.associated(), body)
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
