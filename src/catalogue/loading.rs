//! From the database into a snapshot.
//! Holds always: one damaged row hides itself only; what did not change is not read again.

use std::sync::Arc;

use chrono::NaiveDate;

use super::kinds::Kinds;
use super::snapshot::{Loaded, Snapshot};
use super::store;
use crate::database::{Connection, Failure, Id};

/// Reads what is published, taking over what has not changed since `known`, as it is on the day `today`.
pub(super) fn load(
    connection: &mut Connection,
    kinds: &Kinds,
    known: &[Arc<Loaded>],
    today: NaiveDate,
) -> Result<Snapshot, Failure> {
    // The version first: what is committed after it is seen at the next look.
    let version = store::version(connection)?;
    let rows = store::published(connection)?;
    let same = |(id, _, revision, at): &store::PublishedRow| {
        let item = known.binary_search_by_key(id, |item| item.id).ok().and_then(|index| known.get(index));
        item.filter(|item| (item.revision, item.published_at) == (*revision, *at))
    };
    let wanted: Vec<(Id, i64)> = rows.iter().filter(|row| same(row).is_none()).map(|row| (row.0, row.2)).collect();
    let texts = store::documents(connection, &wanted)?;
    let mut loaded = Vec::new();
    for row in &rows {
        if let Some(item) = same(row) {
            loaded.push(Arc::clone(item));
            continue;
        }
        let (id, kind, revision, published_at) = row;
        let (Some(kind), Some(text)) = (kinds.named(kind), texts.get(&(*id, *revision))) else { continue };
        match kind.open(text) {
            Ok(document) => loaded.push(Arc::new(Loaded {
                id: *id,
                kind: kind.name,
                singular: kind.singular,
                revision: *revision,
                published_at: *published_at,
                document,
            })),
            // Written by a newer node, or damaged: the others are served, this one waits.
            Err(error) => tracing::error!(%id, revision, cause = %error, "a published item cannot be read"),
        }
    }
    loaded.sort_by_key(|item| item.id);
    Ok(Snapshot::build(version, kinds, loaded, today))
}
