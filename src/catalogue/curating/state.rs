//! An item as it stands, the way a curator sees it: its row, its latest document, and what is known around them.
//! Holds always: it is read in one transaction, so that its parts belong together.

use diesel::QueryResult;

use crate::catalogue::document::{Document, Header};
use crate::catalogue::item::{Curated, CuratedItem};
use crate::catalogue::kind::Kind;
use crate::catalogue::store::{self, ItemRow};
use crate::catalogue::{history, translations};
use crate::database::{Connection, Id, Timestamp};
use crate::http::problem::Problem;

/// An item as it stands.
pub(super) struct State<K> {
    pub(super) item: ItemRow,
    pub(super) document: Document<K>,
    pub(super) told: Curated,
}

impl<K: Kind> State<K> {
    pub(super) fn find(connection: &mut Connection, id: Id, now: Timestamp) -> Result<Self, Problem> {
        let item = store::find(connection, K::NAME, id)?.ok_or_else(Problem::not_found)?;
        let document = store::typed::<K>(connection, id, item.latest_revision)?.ok_or_else(Problem::not_found)?;
        let told = told(connection, &item, &document.header, now)?;
        Ok(Self { item, document, told })
    }

    /// The item as it is answered.
    pub(super) fn json(&self) -> Result<Vec<u8>, Problem> {
        let item: CuratedItem<'_, Document<K>> = CuratedItem { envelope: &self.told, document: &self.document };
        serde_json::to_vec(&item).map_err(super::unwritable)
    }
}

fn told(connection: &mut Connection, item: &ItemRow, header: &Header, now: Timestamp) -> QueryResult<Curated> {
    let (revised_by, change_note) = history::written(connection, item.id, item.latest_revision)?;
    let source_changed = translations::source_changed(connection, &item.kind, header)?;
    Ok(Curated {
        id: item.id,
        version: item.version,
        status: item.state(),
        latest_revision: item.latest_revision,
        published_revision: item.published_revision,
        first_published_at: item.first_published_at,
        published_at: item.published_at,
        publish_at: item.publish_at,
        unpublish_at: item.unpublish_at,
        is_review_overdue: item.is_review_overdue(now),
        source_changed,
        created_at: item.created_at,
        updated_at: item.updated_at,
        created_by: item.created_by,
        revised_by,
        change_note,
    })
}
