//! Walking over the data keys without opening them, for whoever looks for keys that nothing needs.
//! Holds always: a key's place and age are told, never the key.

use super::{KeyFailure, Keystore, rows};
use crate::database::{Id, Timestamp};

/// Where a data key stands, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub owner: Id,
    pub id: Id,
    /// By the clock of the node that made it.
    pub created_at: Timestamp,
}

impl Keystore {
    /// Up to `limit` keys after the place `after` (owner, id), in the order of their places.
    ///
    /// # Errors
    /// The keystore failed.
    pub async fn places(&self, after: Option<(Id, Id)>, limit: i64) -> Result<Vec<Place>, KeyFailure> {
        self.off_thread(move |keystore| {
            let rows = keystore.look(move |conn| rows::page(conn, after, limit))?;
            let place = |row: &rows::Row| Place { owner: row.owner, id: row.id, created_at: row.created_at };
            Ok(rows.iter().map(place).collect())
        })
        .await
    }
}
