//! What the map's vocabularies are called where they are published.
//! Holds always: a name that was published never changes its meaning.

use super::{Erasure, Export, Holds, Retention, Store};

impl Store {
    /// Its name in the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Keystore => "keystore",
        }
    }
}

impl Holds {
    /// Its name in the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Time => "time",
            Self::Number => "number",
            Self::Word => "word",
            Self::Published => "published",
            Self::Sealed => "sealed",
            Self::KeyedHash => "keyed_hash",
            Self::TokenHash => "token_hash",
        }
    }
}

impl Retention {
    /// Its name in the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Record => "record",
            Self::Days(_) => "days",
            Self::Database => "database",
        }
    }

    /// The number of days, where that is what holds.
    #[must_use]
    pub const fn days(self) -> Option<u16> {
        match self {
            Self::Days(days) => Some(days),
            _ => None,
        }
    }
}

impl Export {
    /// Its name in the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Included => "included",
            Self::LeftOut => "left_out",
        }
    }
}

impl Erasure {
    /// Its name in the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Unlinked => "unlinked",
            Self::Kept => "kept",
        }
    }
}
