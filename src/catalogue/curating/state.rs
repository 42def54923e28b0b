//! An item as it stands, the way a curator sees it: its row, its latest document, and what is known around them.
//! Holds always: it is read in one transaction, so that its parts belong together.

use diesel::QueryResult;

use crate::catalogue::any_document::AnyDocument;
use crate::catalogue::document::Header;
use crate::catalogue::item::Curated;
use crate::catalogue::kinds::Registered;
use crate::catalogue::store::{self, ItemRow};
use crate::catalogue::{history, translations};
use crate::database::{Connection, Id, Timestamp};
use crate::http::problem::Problem;

/// An item as it stands.
pub(super) struct State {
    pub(super) item: ItemRow,
    pub(super) document: Box<dyn AnyDocument>,
    pub(super) told: Curated,
}

impl State {
    pub(super) fn find(
        connection: &mut Connection,
        kind: &Registered,
        id: Id,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let item = store::find(connection, kind.name, id)?.ok_or_else(Problem::not_found)?;
        let document = document(connection, kind, id, item.latest_revision)?;
        let told = told(connection, &item, document.header(), now)?;
        Ok(Self { item, document, told })
    }

    /// The item as it is answered.
    pub(super) fn json(&self) -> Result<Vec<u8>, Problem> {
        self.document.for_curators(&self.told).map_err(super::unwritable)
    }
}

/// What a revision says.
pub(super) fn document(
    connection: &mut Connection,
    kind: &Registered,
    id: Id,
    number: i64,
) -> Result<Box<dyn AnyDocument>, Problem> {
    let text = store::document(connection, id, number)?.ok_or_else(Problem::not_found)?;
    kind.open(&text).map_err(super::unwritable)
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
