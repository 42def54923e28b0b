//! What a record is pinned to: the revision of an item that was published when the record began.
//! Holds always: a later edit of the item rewrites nobody's past; what is withheld from somebody is not begun by them.

use std::any::Any;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::auth::Caller;
use crate::catalogue::any_document::AnyDocument;
use crate::catalogue::{Catalogue, Document, Kind};
use crate::database::{Failure, Id};
use crate::http::problem::Problem;

use super::engine::Records;

/// Reads a revision of a kind whose type is known no more.
type Read = for<'a> fn(&'a Catalogue, Id, i64) -> BoxFuture<'a, Result<Option<Arc<dyn AnyDocument>>, Failure>>;

/// The item that a record is pinned to.
#[derive(Clone, Copy)]
pub struct Pin {
    kind: &'static str,
    item: Id,
    revision: Option<i64>,
    read: Read,
}

impl Pin {
    /// To revision `revision` of an item of the kind `K`; 0 for a record that begins now.
    #[must_use]
    pub fn to<K: Kind>(item: Id, revision: i64) -> Self {
        let read: Read = |catalogue, item, revision| {
            Box::pin(async move {
                let document = catalogue.revision::<K>(item, revision).await?;
                Ok(document.map(|document| -> Arc<dyn AnyDocument> { document }))
            })
        };
        Self { kind: K::NAME, item, revision: (revision > 0).then_some(revision), read }
    }
}

/// What the revision says that a record is pinned to.
#[derive(Clone)]
pub struct Pinned {
    pub revision: i64,
    /// Whether its owner would be shown the item today, and this revision of it. Always so for a record that begins.
    pub is_shown: bool,
    document: Arc<dyn AnyDocument>,
}

impl Pinned {
    /// The document; nothing for another kind than the one that was pinned to.
    #[must_use]
    pub fn document<K: Kind>(&self) -> Option<&Document<K>> {
        let document: &dyn Any = self.document.as_ref();
        document.downcast_ref()
    }
}

impl Records {
    /// What `pin` leads to; nothing when a record would begin with what the caller is not shown.
    ///
    /// # Errors
    /// Database failures.
    pub(super) async fn pinned(&self, caller: &Caller, pin: Pin) -> Result<Option<Pinned>, Problem> {
        let catalogue = &self.parts().catalogue;
        let (sight, snapshot) = (self.sight(caller).await?, catalogue.snapshot());
        let entry = snapshot.shelf(sight.view, pin.kind).by_id(pin.item).filter(|entry| sight.opens(entry));
        let Some(revision) = pin.revision.or(entry.map(|entry| entry.revision)) else { return Ok(None) };
        let document = (pin.read)(catalogue, pin.item, revision).await?;
        Ok(document.map(|document| {
            let is_shown = entry.is_some() && sight.allows(pin.item, None, document.header());
            Pinned { revision, is_shown, document }
        }))
    }
}
