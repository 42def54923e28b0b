//! Refresh tokens: what they are made of, and what a presented one means for its session.
//! Holds always: the token of a generation is always the same, so a repeated request gets the same successor on any node;
//! a token from any other generation ends the session.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::database::{Id, Timestamp};
use crate::privacy::{KeyRing, Purpose};

/// A refresh token: which session, which generation, and 256 secret bits. Opaque to clients; prints as `[private]`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RefreshToken {
    pub(super) session: Id,
    pub(super) generation: i64,
    secret: [u8; 32],
}

/// What a session's row says of its refresh tokens.
#[derive(Debug, Clone)]
pub(super) struct Family {
    pub(super) generation: i64,
    /// SHA-256 of the current token's secret.
    pub(super) hash: Vec<u8>,
    pub(super) rotated_at: Timestamp,
}

/// What a presented token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presented {
    /// The current one: rotate.
    Current,
    /// The one just rotated, again: the answer was lost, or two requests raced. Give the same successor.
    Repeated,
    /// One that was used up: somebody else has it. End the session.
    Reused,
    /// Not one of ours: nothing is known, nothing happens.
    Forged,
}

impl RefreshToken {
    /// The token of one generation of a session.
    pub(super) fn of(ring: &KeyRing, session: Id, generation: i64) -> Self {
        let secret = ring.digest(Purpose::Refresh, &[session.as_bytes(), &generation.to_be_bytes()]);
        Self { session, generation, secret }
    }

    /// Reads a token; `None` when it does not have the shape of one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 56] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (session, rest) = bytes.split_first_chunk::<16>()?;
        let (generation, secret) = rest.split_first_chunk::<8>()?;
        let secret: [u8; 32] = secret.try_into().ok()?;
        Some(Self { session: Id::from_bytes(*session), generation: i64::from_be_bytes(*generation), secret })
    }

    /// The text that a client keeps.
    pub(super) fn encode(&self) -> String {
        let generation = self.generation.to_be_bytes();
        URL_SAFE_NO_PAD.encode([self.session.as_bytes().as_slice(), &generation, &self.secret].concat())
    }

    /// What the database keeps of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    /// Judges this token against its session. `grace` is how long the token before the current one is still answered.
    pub(super) fn judge(&self, ring: &KeyRing, family: &Family, now: Timestamp, grace: Duration) -> Presented {
        let authentic = Self::of(ring, self.session, self.generation);
        if !bool::from(authentic.secret.ct_eq(&self.secret)) {
            return Presented::Forged;
        }
        if self.generation == family.generation {
            let kept = bool::from(self.hash().ct_eq(&family.hash));
            return if kept { Presented::Current } else { Presented::Reused };
        }
        let just_rotated = self.generation.checked_add(1) == Some(family.generation);
        if just_rotated && now.since(family.rotated_at) <= grace { Presented::Repeated } else { Presented::Reused }
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

#[cfg(test)]
#[path = "refresh_tests.rs"]
mod tests;
