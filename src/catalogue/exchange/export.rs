//! What an export holds: items by kind, language and state, in one order everywhere.
//! Holds always: it is of one piece, since it names revisions, which never change, from one look at the items.

use std::collections::HashMap;

use diesel::prelude::*;

use super::meeting::base;
use super::shape::Shapes;
use super::{Exported, Unwritable};
use crate::catalogue::kinds::{Kinds, Registered};
use crate::catalogue::store::{self, ItemRow};
use crate::catalogue::vocabulary::ItemStatus;
use crate::database::schema::catalogue_items;
use crate::database::{Connection, Failure};

/// How many documents are in hand at the same time as text.
const AT_ONCE: usize = 200;

/// What to export; an empty list means all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Plural names of kinds.
    pub kinds: Vec<String>,
    /// Languages.
    pub locales: Vec<String>,
    /// States of the latest revision.
    pub statuses: Vec<ItemStatus>,
    /// What readers see instead of each item's latest revision; what they do not see is left out.
    pub published: bool,
    /// Whether each item names its state.
    pub with_base: bool,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Database(#[from] Failure),
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
}

/// The items that are wanted, by kind (in the order in which kinds are registered), language and slug.
pub fn items(connection: &mut Connection, kinds: &Kinds, wanted: &Wanted) -> Result<Vec<Exported>, ExportError> {
    let rows: Vec<ItemRow> =
        catalogue_items::table.select(ItemRow::as_select()).load(connection).map_err(Failure::from)?;
    let order: HashMap<&str, (usize, Registered)> =
        kinds.all().enumerate().map(|(place, kind)| (kind.name, (place, *kind))).collect();
    let fits = |row: &ItemRow| {
        (wanted.kinds.is_empty() || wanted.kinds.contains(&row.kind))
            && (wanted.locales.is_empty() || wanted.locales.contains(&row.locale))
            && (wanted.statuses.is_empty() || wanted.statuses.contains(&row.state()))
    };
    let mut found: Vec<(usize, Registered, ItemRow, i64)> = Vec::new();
    for row in rows.into_iter().filter(fits) {
        let number = if wanted.published { row.published_revision } else { Some(row.latest_revision) };
        if let (Some((place, kind)), Some(number)) = (order.get(row.kind.as_str()), number) {
            found.push((*place, *kind, row, number));
        }
    }
    // Sorted here, since databases differ in how they sort texts.
    found.sort_by(|one, other| (one.0, &one.2.locale, &one.2.slug).cmp(&(other.0, &other.2.locale, &other.2.slug)));
    let mut shapes = Shapes::default();
    let mut items = Vec::with_capacity(found.len());
    for some in found.chunks(AT_ONCE) {
        let revisions: Vec<_> = some.iter().map(|(_, _, row, number)| (row.id, *number)).collect();
        let documents = store::documents(connection, &revisions).map_err(Failure::from)?;
        for (_, kind, row, number) in some {
            if let Some(document) = documents.get(&(row.id, *number)) {
                items.push(exported(*kind, &mut shapes, row, document, wanted.with_base)?);
            }
        }
    }
    Ok(items)
}

fn exported(
    kind: Registered,
    shapes: &mut Shapes,
    row: &ItemRow,
    document: &str,
    with_base: bool,
) -> Result<Exported, Unwritable> {
    let broken = |error: serde_json::Error| Unwritable::Broken(error.into());
    let settled = kind.settled(document, row.id).map_err(broken)?;
    let members = shapes.of(&kind).canonical(&serde_json::from_str(&settled).map_err(broken)?);
    Ok(Exported { kind, members, base: if with_base { base(&kind, shapes, document) } else { None } })
}
