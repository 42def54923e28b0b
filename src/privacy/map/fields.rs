//! The privacy map of documents: what each member of what a person writes, or of their account, is for and how it is kept.
//! Holds always: a member is declared by its own documentation, and kept like the rest of its document unless an exception
//! says otherwise; so a new member is declared by being documented.

use super::{Erasure, Export, Retention};

/// How something is kept, given out and forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    pub retention: Retention,
    pub export: Export,
    pub erasure: Erasure,
}

impl Keeping {
    /// As what a person writes: theirs as long as they keep it, in every export, gone with the account.
    pub const RECORD: Self = Self { retention: Retention::Record, export: Export::Included, erasure: Erasure::Deleted };
    /// As what belongs to an account: as long as the account, in every export, gone with it.
    pub const ACCOUNT: Self = Self { retention: Retention::Account, ..Self::RECORD };
}

/// One member of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredField {
    /// Its place: `harm.kinds`, `steps[].note`.
    pub path: String,
    /// What it is needed for.
    pub purpose: String,
    pub keeping: Keeping,
}

/// A kind of document that a person's data is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDocument {
    /// As in its path, e.g. `journal-entries`.
    pub name: &'static str,
    /// What it is kept for, in words a person would accept.
    pub purpose: &'static str,
    pub fields: Vec<StoredField>,
}

/// What holds for the member at `path`: the exception for it or for what it is part of, else what holds for the rest.
#[must_use]
pub fn keeping(path: &str, rest: Keeping, exceptions: &[(&str, Keeping)]) -> Keeping {
    let covers =
        |part: &str| path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let nearest = exceptions.iter().filter(|(part, _)| covers(part)).max_by_key(|(part, _)| part.len());
    nearest.map_or(rest, |(_, keeping)| *keeping)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_holds_for_a_member_and_what_is_inside_it() {
        let days = Keeping { retention: Retention::Days(7), ..Keeping::RECORD };
        let exceptions = [("steps", days), ("steps[].note", Keeping::ACCOUNT)];
        let kept = |path| keeping(path, Keeping::RECORD, &exceptions);
        assert_eq!(kept("steps"), days);
        assert_eq!(kept("steps[].state"), days);
        assert_eq!(kept("steps[].note"), Keeping::ACCOUNT);
        assert_eq!(kept("steps_done"), Keeping::RECORD);
        assert_eq!(kept("title"), Keeping::RECORD);
    }
}
