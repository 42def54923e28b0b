//! Wrapping every data key again after the ring was rotated, while nodes read and write.
//! Holds always: the data keys themselves stay, so no document changes; a key that is destroyed meanwhile stays destroyed;
//! stopped half way, it goes on where keys with an older wrapping are left.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::rows::{Rewrapping, Row};
use super::{KeyFailure, Keystore, rows, wrapping};
use crate::database::{Bytes, Connection, Failure, Id};

/// Keys in one transaction: enough to make its sync cheap, few enough that nobody waits long for its lock.
const BATCH: i64 = 256;

/// How long a keystore may be too busy for one step.
const PATIENCE: Duration = Duration::from_secs(45);

/// The longest rest between two steps.
const REST: Duration = Duration::from_millis(100);

/// What [`Keystore::rewrap`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rewrapped {
    /// Data keys that are now wrapped with the active key and were not before.
    pub wrapped_count: usize,
    /// Data keys that did not open and were left as they are.
    pub unreadable_count: usize,
}

/// What [`Keystore::examine_now`] found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Examined {
    /// How many data keys open, by the ring key that wraps them.
    pub readable_counts: BTreeMap<i32, usize>,
    /// Data keys that do not open with the ring at hand.
    pub unreadable_count: usize,
}

impl Keystore {
    /// Wraps every data key with the ring's active key again. Works while nodes read and write.
    ///
    /// # Errors
    /// The keystore failed; what was wrapped so far stays.
    pub async fn rewrap(&self) -> Result<Rewrapped, KeyFailure> {
        self.off_thread(Self::rewrap_now).await
    }

    /// As [`Keystore::rewrap`], blocking: for the command line.
    ///
    /// # Errors
    /// The keystore failed; what was wrapped so far stays.
    pub fn rewrap_now(&self) -> Result<Rewrapped, KeyFailure> {
        let mut wrapped_count = 0;
        // A node that had not seen the new key yet may have made one behind this pass, hence another until nothing is found.
        loop {
            let pass = self.rewrap_pass()?;
            wrapped_count += pass.wrapped_count;
            if pass.wrapped_count == 0 {
                return Ok(Rewrapped { wrapped_count, ..pass });
            }
        }
    }

    fn rewrap_pass(&self) -> Result<Rewrapped, KeyFailure> {
        let active = self.ring().active_id();
        let mut pass = Rewrapped::default();
        self.visit(|page| {
            let mut batch = Vec::new();
            for row in page.iter().filter(|row| row.ring_key != active) {
                match self.unwrap_row(row) {
                    Ok(key) => {
                        let (new_ring_key, wrapped) = wrapping::wrap(self.ring(), row.owner, &key)?;
                        let (old_ring_key, wrapped) = (row.ring_key, Bytes(wrapped));
                        batch.push(Rewrapping { owner: row.owner, id: row.id, old_ring_key, new_ring_key, wrapped });
                    }
                    Err(_stays_as_it_is) => pass.unreadable_count += 1,
                }
            }
            pass.wrapped_count += self.store(&Arc::new(batch))?;
            Ok(())
        })?;
        Ok(pass)
    }

    /// Stores new wrappings in one transaction.
    fn store(&self, batch: &Arc<Vec<Rewrapping>>) -> Result<usize, Failure> {
        if batch.is_empty() {
            return Ok(0);
        }
        let begun = Instant::now();
        let stored = patiently(|| {
            let batch = Arc::clone(batch);
            self.change(move |conn| batch.iter().try_fold(0, |sum, new| Ok(sum + rows::replace_wrapping(conn, new)?)))
        });
        // On SQLite nobody else could write during this turn; the next as long a time is theirs.
        std::thread::sleep(begun.elapsed().min(REST));
        stored
    }

    /// Opens every data key, to see whether ring and keystore belong together.
    ///
    /// # Errors
    /// The keystore failed.
    pub fn examine_now(&self) -> Result<Examined, KeyFailure> {
        let mut found = Examined::default();
        self.visit(|page| {
            for row in page {
                match self.unwrap_row(row) {
                    Ok(_) => *found.readable_counts.entry(row.ring_key).or_default() += 1,
                    Err(_counted) => found.unreadable_count += 1,
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Reads, and asks again while the keystore is too busy.
    pub(super) fn patient_look<T: Send + 'static>(
        &self,
        query: impl Fn(&mut Connection) -> Result<T, Failure> + Copy + Send + 'static,
    ) -> Result<T, Failure> {
        patiently(|| self.look(query))
    }

    /// Shows each stored key to `visitor`, page by page, without holding a connection meanwhile.
    fn visit(&self, mut visitor: impl FnMut(&[Row]) -> Result<(), KeyFailure>) -> Result<(), KeyFailure> {
        let mut after: Option<(Id, Id)> = None;
        loop {
            let page = self.patient_look(move |conn| rows::page(conn, after, BATCH))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some((last.owner, last.id));
            visitor(&page)?;
        }
    }
}

/// Asks again while the keystore is too busy: an operator's command gives way to the nodes and still comes to its end.
fn patiently<T>(mut attempt: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
    let begun = Instant::now();
    loop {
        match attempt() {
            Err(Failure::Overloaded) if begun.elapsed() < PATIENCE => std::thread::sleep(REST),
            settled => return settled,
        }
    }
}
