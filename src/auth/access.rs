//! Access tokens: JWT signed with HS256 by a key of the ring, good for minutes.
//! Holds always: one function verifies, it sets every option, and only our own algorithm, type, issuer and audience pass.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::{Reason, Refused};
use crate::database::{Id, Timestamp};
use crate::privacy::KeyRing;

/// No token of ours comes near this.
const MAX_BYTES: usize = 4096;
/// A type of our own, so that no other JWT under the same key passes for an access token (RFC 8725, 3.11).
const TYPE: &str = "mend-access+jwt";
/// The ring says which installation a token is of, so that these need not change with the public address.
const ISSUER: &str = "urn:mend";
const AUDIENCE: &str = "urn:mend:api";
/// How far the clocks of two nodes may lie apart.
const LEEWAY: i64 = 10;
/// How many tokens whose signature was found good are remembered, and for how long. A client sends the same token for
/// minutes, and checking its signature anew is most of what a read from memory would cost.
const REMEMBERED: u64 = 10_000;
const REMEMBERED_FOR: Duration = Duration::from_mins(1);

/// What a token says. Instants are whole seconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    /// The account.
    pub(super) sub: Id,
    /// The session.
    pub(super) sid: Id,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Id,
}

/// Signs and verifies access tokens.
pub(super) struct AccessTokens {
    ring: Arc<KeyRing>,
    validation: Validation,
    /// Tokens with a good signature and what they say. Their times are judged again with every request.
    good: Cache<String, Arc<Claims>>,
}

impl AccessTokens {
    pub(super) fn new(ring: Arc<KeyRing>) -> Self {
        let good = Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build();
        Self { ring, validation: validation(), good }
    }

    /// A token for a session. It ends after `lifetime`.
    pub(super) fn issue(
        &self,
        account: Id,
        session: Id,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<String, Refused> {
        let issued = seconds(now);
        let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(0);
        self.sign(&Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: account,
            sid: session,
            iat: issued,
            nbf: issued,
            exp: issued.saturating_add(lifetime),
            jti: Id::new(),
        })
    }

    fn sign(&self, claims: &Claims) -> Result<String, Refused> {
        let active = self.ring.token_keys().into_iter().next();
        let (kid, secret) = active.ok_or(Refused::Broken("the key ring has no active key"))?;
        let header = Header { typ: Some(TYPE.to_owned()), kid: Some(kid.to_string()), ..Header::new(Algorithm::HS256) };
        let signed = jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret.as_slice()));
        signed.map_err(|_cause| Refused::Broken("a token could not be signed"))
    }

    /// What a token says, when it is ours and its time is now.
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Result<Arc<Claims>, Refused> {
        let claims = self.signed_claims(token).ok_or(Refused::NotSignedIn { reason: Reason::Invalid })?;
        let now = seconds(now);
        if now.saturating_add(LEEWAY) < claims.nbf.max(claims.iat) {
            return Err(Refused::NotSignedIn { reason: Reason::Invalid });
        }
        if now.saturating_sub(LEEWAY) >= claims.exp {
            return Err(Refused::NotSignedIn { reason: Reason::Expired });
        }
        Ok(claims)
    }

    fn signed_claims(&self, token: &str) -> Option<Arc<Claims>> {
        if token.len() > MAX_BYTES {
            return None;
        }
        if let Some(claims) = self.good.get(token) {
            return Some(claims);
        }
        let claims = Arc::new(self.checked_claims(token)?);
        self.good.insert(token.to_owned(), Arc::clone(&claims));
        Some(claims)
    }

    fn checked_claims(&self, token: &str) -> Option<Claims> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        let ours = header.typ.as_deref() == Some(TYPE) && header.alg == Algorithm::HS256 && header.crit.is_none();
        let kid: i32 = header.kid.filter(|_| ours)?.parse().ok()?;
        let secret = self.ring.token_key(kid)?;
        let key = DecodingKey::from_secret(secret.as_slice());
        jsonwebtoken::decode::<Claims>(token, &key, &self.validation).ok().map(|token| token.claims)
    }
}

/// Every option by name, since the crate's defaults are lax. It reads the system clock by itself, so the two instants
/// are only required here and judged by [`AccessTokens::verify`] with the service's clock.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.algorithms = vec![Algorithm::HS256];
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_aud = true;
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.leeway = 0;
    validation.reject_tokens_expiring_in_less_than = 0;
    validation.sub = None;
    validation
}

fn seconds(instant: Timestamp) -> i64 {
    instant.as_micros().div_euclid(1_000_000)
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
