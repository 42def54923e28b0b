//! Counting over everybody what people say of items, without keeping who said it.
//! Holds always: one person counts once for one item, however often they say it; what they take back is taken off; the
//! count changes in the transaction of the record.

use crate::catalogue::signals::{self, Signal};
use crate::database::{Connection, Id};
use crate::http::problem::Problem;
use crate::privacy::Keystore;

use super::collection::Collection;
use super::day_number;
use super::document;
use super::engine::Records;
use super::row::{self, Row};

/// Opens a row and asks the record what it says of which item.
pub(super) type Says = fn(&Keystore, &Row) -> Result<Option<Signal>, Problem>;

impl Records {
    /// Counts what `rows` say once they have become live (`step` 1), or no longer are (`step` -1).
    pub(super) fn count(&self, conn: &mut Connection, owner: Id, rows: &[Row], step: i64) -> Result<(), Problem> {
        let parts = self.parts();
        for row in rows {
            let Some(says) = self.registered(&row.collection).and_then(|collection| collection.says) else { continue };
            let Some(signal) = says(&parts.keystore, row)? else { continue };
            if self.is_said_elsewhere(conn, owner, row, signal, says)? {
                continue;
            }
            let today = day_number(parts.database.clock().now().to_utc().date_naive());
            signals::count(conn, signal, step, today, parts.catalogue.settings().reports_to_review)?;
        }
        Ok(())
    }

    /// Whether another live record of the owner says the same.
    fn is_said_elsewhere(
        &self,
        conn: &mut Connection,
        owner: Id,
        row: &Row,
        signal: Signal,
        says: Says,
    ) -> Result<bool, Problem> {
        for other in row::kept(conn, owner, &row.collection)? {
            if other.id != row.id && other.is_live() && says(&self.parts().keystore, &other)? == Some(signal) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What one row says.
pub(super) fn says<C: Collection>(keystore: &Keystore, row: &Row) -> Result<Option<Signal>, Problem> {
    match document::open::<C>(keystore, row)? {
        Some(opened) => Ok(opened.record::<C>()?.signal()),
        None => Ok(None),
    }
}
