//! Data keys that nothing needs: their account is gone, and no record or earlier version is sealed with them.
//! Holds always: a key that was made for a row that is still on its way is never destroyed.
//!
//! Keystore and database are two stores, and a key is synced before the first row that needs it. So a key without a row is
//! either an orphan or in somebody's hands, and the clock with which it was stamped may have been wrong. What tells them
//! apart is time that really passed on this node: a request holds a key for seconds, and nobody is handed the key of a
//! record that is not there. A key counts as an orphan when this node found it unneeded twice, [`GRACE`] apart. The marks are
//! in memory: a restart only makes it take longer.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Stopped, Swept, Turn};
use crate::http::problem::Problem;
use crate::privacy::KeyFailure;
use crate::records::KeyPlace;

/// Far longer than any request, and long enough to notice that a wrong copy of the database was put in place.
const GRACE: Duration = Duration::from_hours(24);
/// Keys looked at in one batch.
const PAGE: i64 = 256;
/// Marks kept at the same time; further orphans wait their turn.
const MOST_MARKS: usize = 10_000;

/// Where the walk over the keystore stands, and what it found unneeded so far.
#[derive(Default)]
pub(super) struct Orphans {
    after: Option<KeyPlace>,
    /// Since when a key is unneeded, by what really passed.
    marked: BTreeMap<KeyPlace, Duration>,
}

impl Orphans {
    /// Looks at the next page of keys and destroys those that have been unneeded for long enough.
    pub(super) async fn sweep_page(&mut self, turn: &Turn) -> Result<Swept, Stopped> {
        turn.renew().await?;
        let page = turn.stores.keystore.places(self.after, PAGE).await.map_err(failed)?;
        let old_enough = turn.now.minus(GRACE);
        let asked: Vec<KeyPlace> =
            page.iter().filter(|place| place.created_at <= old_enough).map(|place| (place.owner, place.id)).collect();
        let records = turn.stores.records.clone();
        let keys = asked.clone();
        let unneeded = turn.stores.database.read(move |conn| records.unneeded_keys(conn, &keys)).await?;
        for needed in asked.iter().filter(|place| !unneeded.contains(place)) {
            self.marked.remove(needed);
        }
        let mut rows = 0;
        for place in unneeded {
            if self.is_ripe(place, turn) && turn.stores.keystore.destroy(place.0, place.1).await.map_err(failed)? {
                self.marked.remove(&place);
                rows += 1;
            }
        }
        self.after = page.last().map(|place| (place.owner, place.id));
        Ok(Swept { rows, more: self.after.is_some() })
    }

    /// Whether this node found the key unneeded long ago; marks it when it sees that for the first time.
    fn is_ripe(&mut self, place: KeyPlace, turn: &Turn) -> bool {
        let steady = turn.stores.database.clock().steady();
        if let Some(since) = self.marked.get(&place) {
            return steady.saturating_sub(*since) >= GRACE;
        }
        if self.marked.len() < MOST_MARKS {
            self.marked.insert(place, steady);
        }
        false
    }
}

fn failed(failure: KeyFailure) -> Stopped {
    Stopped::Failed(Problem::from(failure))
}
