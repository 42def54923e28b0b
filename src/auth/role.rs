//! Roles: what an account may open beyond its own records.
//! Holds always: no role reads anybody's private records; curators and admins look after content and accounts.

use std::fmt;
use std::str::FromStr;

/// What an account may do. Each role may do what the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Writes and reads their own records and reads the published catalogue.
    User,
    /// Also writes, reviews and publishes the catalogue.
    Curator,
    /// Also looks after the curators.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::User, Self::Curator, Self::Admin];

    /// The names of all roles.
    pub const WORDS: [&str; 3] = [Self::User.as_str(), Self::Curator.as_str(), Self::Admin.as_str()];

    /// The name as it is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Curator => "curator",
            Self::Admin => "admin",
        }
    }

    /// Whether the role opens more than the account's own records. Sessions of staff are shorter.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Curator | Self::Admin)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is user, curator or admin")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}
