//! Walking over the data keys without opening them, for whoever looks for keys that nothing needs.
//! Holds always: a key's place and age are told, never the key.

use super::{Examined, KeyFailure, Keystore, rows};
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
    /// Opens the first `limit` keys, to see whether ring and keystore belong together. Blocks.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn examine_some_now(&self, limit: i64) -> Result<Examined, KeyFailure> {
        let mut found = Examined::default();
        for row in self.look(move |conn| rows::page(conn, None, limit))? {
            match self.unwrap_row(&row) {
                Ok(_) => *found.readable_counts.entry(row.ring_key).or_default() += 1,
                Err(_counted) => found.unreadable_count += 1,
            }
        }
        Ok(found)
    }

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
