//! The text of a keystore's and a ledger's backup: one JSON value a line, and a last line with their number.
//! Holds always: a text without its last line, or with another number of lines, is damaged.

use std::io::{self, BufRead as _, Read, Write};

use serde::{Deserialize, Serialize};

use crate::database::{Id, Timestamp};
use crate::privacy::keystore::{DestroyedKey, StoredKey};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(super) enum Line {
    Key(StoredKey),
    Destroyed(DestroyedKey),
    Purged(PurgedRecord),
    End { count: u64 },
}

/// A record whose content is gone for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PurgedRecord {
    pub owner: Id,
    pub id: Id,
    pub purged_at: Timestamp,
}

/// Writes lines and counts them.
pub(super) struct Lines<'a> {
    out: &'a mut dyn Write,
    pub(super) count: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, count: 0 }
    }

    pub(super) fn write(&mut self, line: &Line) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.count = self.count.saturating_add(1);
        self.out.write_all(b"\n")
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.write(&Line::End { count: self.count })
    }
}

/// Shows each line but the last to `visitor`.
pub(super) fn each<E: From<io::Error>>(
    text: impl Read,
    mut visitor: impl FnMut(Line) -> Result<(), E>,
) -> Result<(), E> {
    let damaged = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let mut seen = 0_u64;
    let mut lines = io::BufReader::new(text).lines();
    while let Some(line) = lines.next() {
        let line = serde_json::from_str(&line?).map_err(|_cause| damaged("a line of it does not read"))?;
        match line {
            Line::End { count } if count == seen && lines.next().is_none() => return Ok(()),
            Line::End { .. } => return Err(damaged("its lines are not as many as it says").into()),
            line => visitor(line)?,
        }
        seen = seen.saturating_add(1);
    }
    Err(damaged("its end is missing").into())
}
