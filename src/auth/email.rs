//! E-mail addresses: one canonical spelling to find an account by, and the spelling that its owner uses.
//! Holds always: two spellings that reach the same mailbox by any sensible mail server have one canonical form.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use url::Host;

use super::Fault;

/// RFC 5321.
const MAX_BYTES: usize = 254;
const MAX_LOCAL_BYTES: usize = 64;

/// An address that was parsed. Prints as `[private]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    given: String,
    canonical: String,
    local_length: usize,
}

impl Email {
    /// Reads an address: surrounding white space is dropped, the text is brought to NFC; for the canonical form the
    /// local part is lower-cased and the domain written as DNS knows it.
    ///
    /// # Errors
    /// A fault at `/email` when it is no address.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(text).ok_or(Fault {
            pointer: "/email",
            code: "wrong_format",
            detail: "Send an e-mail address such as name@example.org, at most 254 bytes long.",
        })
    }

    fn read(text: &str) -> Option<Self> {
        let given: String = text.trim().nfc().collect();
        let (local, domain) = given.rsplit_once('@')?;
        let fits = given.len() <= MAX_BYTES && (1..=MAX_LOCAL_BYTES).contains(&local.len());
        if !fits || !local.chars().all(is_local) {
            return None;
        }
        let domain = match Host::parse(domain).ok()? {
            Host::Domain(name) if name.contains('.') && name.split('.').all(|label| !label.is_empty()) => name,
            _ => return None,
        };
        let local: String = local.to_lowercase().nfc().collect();
        let canonical = format!("{local}@{domain}");
        Some(Self { local_length: local.len(), given, canonical })
    }

    /// The address as its owner wrote it (NFC).
    #[must_use]
    pub fn as_given(&self) -> &str {
        &self.given
    }

    /// The one spelling by which it is found.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// What stands before the `@`, lower-cased.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.canonical.get(..self.local_length).unwrap_or_default()
    }
}

/// Quoted local parts and comments are valid in theory and a source of header tricks in practice.
fn is_local(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !"@\"(),:;<>[\\]".contains(c)
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_mailbox_are_one() {
        let plain = Email::parse("asha.rao@example.org").unwrap();
        for spelling in ["Asha.Rao@Example.ORG", "  asha.rao@example.org\n", "ASHA.RAO@EXAMPLE.org"] {
            assert_eq!(Email::parse(spelling).unwrap().canonical(), plain.canonical());
        }
        let composed = Email::parse("zo\u{e9}@b\u{fc}cher.example").unwrap();
        let decomposed = Email::parse("zoe\u{301}@bu\u{308}cher.example").unwrap();
        let ascii_domain = Email::parse("ZO\u{c9}@xn--bcher-kva.example").unwrap();
        assert_eq!(composed.canonical(), decomposed.canonical());
        assert_eq!(composed.canonical(), ascii_domain.canonical());
    }

    #[test]
    fn the_owners_spelling_is_kept() {
        let email = Email::parse("Asha.Rao@Example.org").unwrap();
        assert_eq!((email.as_given(), email.local_part()), ("Asha.Rao@Example.org", "asha.rao"));
        assert_eq!(format!("{email:?}"), "[private]");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long_local = format!("{}@example.org", "a".repeat(65));
        let long = format!("a@{}.org", "b.".repeat(130));
        let bad = ["", "@", "asha", "asha@", "@example.org", "asha@localhost", "asha@[127.0.0.1]", "asha@10.0.0.1"];
        let worse = ["a b@example.org", "a\r\nbcc:x@example.org", "\"a\"@example.org", "a@b@example.org", "a@b..org"];
        for text in bad.into_iter().chain(worse).chain([long_local.as_str(), long.as_str()]) {
            assert_eq!(Email::parse(text).unwrap_err().code, "wrong_format", "{text}");
        }
    }
}
