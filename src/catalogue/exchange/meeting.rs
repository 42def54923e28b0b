//! An item that is brought in meets the one that is there: whether they say the same, and whether the one knows the other.
//! Holds always: what the service makes of an id is left aside, so that items of two installations can be compared.

use super::shape::Shapes;
use crate::catalogue::checking::Item;
use crate::catalogue::kinds::{Kinds, Registered};
use crate::catalogue::translations::fingerprint;
use crate::database::Id;

/// What an import finds where its item belongs.
pub struct Meeting {
    /// Whether the item there says the same already.
    pub is_same: bool,
    /// Whether the item brought in was made from the state there.
    pub knows_it: bool,
    /// The item brought in, as the one there would store it.
    pub document: String,
}

impl Meeting {
    /// `item` meets the state `stored` of the item `id`.
    #[must_use]
    pub fn of(kinds: &Kinds, shapes: &mut Shapes, item: &Item, stored: &str, id: Id) -> Self {
        let Some(kind) = kinds.named(item.kind) else {
            return Self { is_same: false, knows_it: false, document: item.document.clone() };
        };
        // What cannot be read is not the same as anything; then the item stays as it was brought in.
        let document = kind.settled(&item.document, id).unwrap_or_else(|_unread| item.document.clone());
        let is_same = kind.settled(stored, id).is_ok_and(|there| there == document);
        let knows_it = item.base.is_some() && item.base == base(kind, shapes, stored);
        Self { is_same, knows_it, document }
    }
}

/// Names a state by what an export says of it; none for what cannot be read.
#[must_use]
pub fn base(kind: &Registered, shapes: &mut Shapes, stored: &str) -> Option<String> {
    let document = kind.settled(stored, Id::from_bytes([0; 16])).ok()?;
    let said = shapes.of(kind).canonical(&serde_json::from_str(&document).ok()?);
    Some(fingerprint(&serde_json::to_string(&said).ok()?))
}
