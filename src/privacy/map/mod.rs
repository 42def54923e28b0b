//! The privacy map: what each stored column is for, how long it stays, and what export and erasure do with it.
//! Holds always: every column of both stores stands here once, and no other; a test holds the map against live databases of both
//! engines ([`differences`]), so a migration that forgets it fails the build.
//!
//! Records are sealed as a whole, so their columns stand here once for all collections; what the members of each collection are
//! for, the collection says itself ([`StoredDocument`]).

mod accounts;
mod catalogue;
mod compare;
mod fields;
mod keeping;
mod records;
mod submissions;
mod words;

pub use compare::differences;
pub use fields::{Keeping, StoredDocument, StoredField, keeping};

/// Which of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// The one of `MEND_DATABASE_URL`.
    Main,
    /// The one of `MEND_KEYS_KEYSTORE_URL`.
    Keystore,
}

/// What a column holds, as somebody sees it who has a copy of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// An identifier that means nothing outside this service.
    Identifier,
    /// An instant or a day.
    Time,
    /// A count, a version, a size.
    Number,
    /// One of a few fixed words, such as a role.
    Word,
    /// Text that is meant to be read by everybody.
    Published,
    /// Private text or a key, sealed: unreadable without the key ring.
    Sealed,
    /// A hash under a key of the ring: it can be recognised with the ring and not be turned back.
    KeyedHash,
    /// The hash of a random token: it cannot be turned back or guessed.
    TokenHash,
}

/// How long it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// As long as the account.
    Account,
    /// As long as the record: until its owner deletes it, and up to 30 days more in the trash.
    Record,
    /// So many days at most.
    Days(u16),
    /// As long as the database: it is about nobody who writes here.
    Database,
}

/// What an export of one's own data does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// It is in the export, opened.
    Included,
    /// It is not: a secret, a hash, or bookkeeping that says nothing about the person.
    LeftOut,
}

/// What erasing an account does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// The row goes.
    Deleted,
    /// The row stays without the link to the person.
    Unlinked,
    /// It stays: it is about nobody who writes here.
    Kept,
}

/// One table and what holds for all of its columns.
#[derive(Debug, Clone, Copy)]
pub struct StoredTable {
    pub store: Store,
    pub name: &'static str,
    /// What a row is.
    pub row: &'static str,
    pub retention: Retention,
    pub erasure: Erasure,
    pub columns: &'static [StoredColumn],
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct StoredColumn {
    pub name: &'static str,
    pub holds: Holds,
    /// What it is needed for.
    pub purpose: &'static str,
    pub export: Export,
    /// Where it differs from the row's.
    pub retention: Option<Retention>,
    /// Where it differs from the row's.
    pub erasure: Option<Erasure>,
}

/// Every table of both stores.
pub const TABLES: &[&[StoredTable]] =
    &[accounts::TABLES, records::TABLES, submissions::TABLES, catalogue::TABLES, keeping::TABLES];

/// Every table of both stores, one after the other.
pub fn tables() -> impl Iterator<Item = &'static StoredTable> {
    TABLES.iter().copied().flatten()
}

const fn column(name: &'static str, holds: Holds, purpose: &'static str) -> StoredColumn {
    StoredColumn { name, holds, purpose, export: Export::LeftOut, retention: None, erasure: None }
}

impl StoredColumn {
    /// What holds for this column of `table`.
    #[must_use]
    pub fn keeping(&self, table: &StoredTable) -> Keeping {
        Keeping {
            retention: self.retention.unwrap_or(table.retention),
            export: self.export,
            erasure: self.erasure.unwrap_or(table.erasure),
        }
    }

    const fn exported(mut self) -> Self {
        self.export = Export::Included;
        self
    }

    const fn kept(mut self, retention: Retention) -> Self {
        self.retention = Some(retention);
        self
    }

    const fn erased(mut self, erasure: Erasure) -> Self {
        self.erasure = Some(erasure);
        self
    }
}
