//! Where a page of an account's own list ends.
//! Holds always: the order is by instant, then by id, the newest first.

use crate::database::{Id, Timestamp};

/// The last item of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub at: Timestamp,
    pub id: Id,
}

impl Position {
    /// The 24 bytes inside a cursor.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        [self.at.as_micros().to_be_bytes().as_slice(), self.id.as_bytes()].concat()
    }

    /// Reads [`Self::to_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (at, id) = bytes.split_first_chunk::<8>()?;
        let at = Timestamp::from_micros(i64::from_be_bytes(*at));
        Some(Self { at, id: Id::from_bytes(id.try_into().ok()?) })
    }
}

/// A page of at most `limit` of the rows found (one more than that were asked for), and where it ends if more follow.
pub(super) fn cut<T>(mut rows: Vec<T>, limit: u32, position: impl Fn(&T) -> Position) -> (Vec<T>, Option<Position>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(position);
    (rows, next)
}
