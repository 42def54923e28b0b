//! Every id inside a record is authorised here, nested ones included, before the record is stored.
//! Holds always: an id of somebody else and an id of nothing get the same fault; an old reference whose target has
//! gone stays, for what a person wrote is not rewritten by deleting something else.

use crate::catalogue::{Catalogue, View};
use crate::database::{Connection, Id};
use crate::http::problem::Problem;

use super::collection::{Collection, Reference, Target};
use super::faults::Faults;
use super::row;

/// Refuses new references that name nothing the owner can reach.
///
/// # Errors
/// 422 `unknown_reference` with a pointer for each; database failures.
pub(super) fn check<C: Collection>(
    conn: &mut Connection,
    owner: Id,
    record: &C,
    before: Option<&C>,
    catalogue: &Catalogue,
    view: View,
) -> Result<(), Problem> {
    let old = before.map(C::references).unwrap_or_default();
    let mut faults = Faults::default();
    for reference in record.references() {
        let is_old = old.iter().any(|known| known.id == reference.id && known.target == reference.target);
        if !is_old && !exists(conn, owner, &reference, catalogue, view)? {
            faults.add(reference.pointer, "unknown_reference", "There is nothing with this id.");
        }
    }
    faults.into_result()
}

fn exists(
    conn: &mut Connection,
    owner: Id,
    reference: &Reference,
    catalogue: &Catalogue,
    view: View,
) -> Result<bool, Problem> {
    Ok(match reference.target {
        Target::Record(collection) => {
            row::find(conn, owner, collection, reference.id)?.is_some_and(|row| row.is_live())
        }
        Target::Item(kind) => catalogue.exists(view, kind, reference.id),
        Target::Published => catalogue.kind_of(view, reference.id).is_some(),
    })
}
