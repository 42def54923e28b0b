//! Accounts and who asks: roles as extractors, access tokens, sessions, passwords, throttling, security events.
//! Holds always: a request acts for an account only while its session lives, and at most 1 s longer on another node.
//!
//! One file a flow: [`registration`], [`sign_in`], [`rotation`] (refresh), [`own`] (what somebody signed in does to their
//! account), [`staff`] (what the command line does). The others are what the flows are made of.

mod access;
pub mod accounts;
pub mod caller;
mod device;
mod email;
pub mod events;
mod hashing;
mod memory;
mod own;
mod password;
mod position;
mod refresh;
mod refused;
mod registration;
mod role;
mod rotation;
pub mod session_list;
pub mod sessions;
mod sign_in;
mod staff;
pub mod throttle;
mod workspace;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use caller::{Admin, As, Caller, Curator, Reader};
pub use email::Email;
pub use password::Password;
pub use position::Position;
pub use refused::{Fault, Reason, Refused};
pub use registration::{Name, Registration};
pub use role::{Role, UnknownRole};
pub use sign_in::{Label, SignIn, SignedIn};
pub use staff::Promotion;

use crate::config::{self, Config};
use crate::database::{Clock, Database, Id, Timestamp};
use crate::privacy::KeyRing;
use access::AccessTokens;
use hashing::Hasher;
use memory::Memory;
use sessions::{Lifetime, Standing};

/// The settings that accounts read.
type Settings = config::Auth;

/// Accounts, sessions and tokens: `web::Data<Auth>` in the app.
#[derive(Clone)]
pub struct Auth(Arc<Parts>);

struct Parts {
    database: Database,
    ring: Arc<KeyRing>,
    clock: Clock,
    settings: Settings,
    catalogue_is_public: bool,
    access: AccessTokens,
    hasher: Hasher,
    memory: Memory,
}

/// What somebody signed in holds. Does not print.
#[derive(Clone)]
pub struct Tokens {
    /// The JWT for `Authorization: Bearer`.
    pub access: String,
    /// How long it is good.
    pub access_lifetime: Duration,
    /// Gets the next pair; good once.
    pub refresh: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

impl Auth {
    /// Puts accounts together on an open database and key ring.
    ///
    /// # Errors
    /// `Broken` when argon2 does not take the configured parameters.
    pub fn new(config: &Config, database: Database, ring: Arc<KeyRing>) -> Result<Self, Refused> {
        Ok(Self(Arc::new(Parts {
            clock: database.clock().clone(),
            database,
            access: AccessTokens::new(Arc::clone(&ring)),
            ring,
            hasher: Hasher::new(&config.auth)?,
            settings: config.auth.clone(),
            catalogue_is_public: config.catalogue.public,
            memory: Memory::new(),
        })))
    }

    /// Whose access token this is, and what they may do now.
    ///
    /// # Errors
    /// `NotSignedIn` unless the token is good and its session lives; `Unavailable` when the database is.
    pub async fn identify(&self, token: &str) -> Result<Caller, Refused> {
        const ENDED: Refused = Refused::NotSignedIn { reason: Reason::Ended };
        let now = self.now();
        let claims = self.0.access.verify(token, now)?;
        let standing = self.standing(claims.sub, claims.sid, now).await?.ok_or(ENDED)?;
        if standing.is_alive(&self.0.settings, now) { Ok(standing.caller(claims.sid)) } else { Err(ENDED) }
    }

    /// How a session stands, from memory or from the database.
    async fn standing(&self, account: Id, session: Id, now: Timestamp) -> Result<Option<Standing>, Refused> {
        if let Some(standing) = self.0.memory.find(account, session, now) {
            return Ok(Some(standing));
        }
        let mark = self.0.memory.mark(account);
        let read = move |conn: &mut _| sessions::find(conn, session).map_err(Refused::from);
        let standing = self.0.database.read(read).await?.filter(|standing| standing.account == account);
        if let Some(standing) = &standing {
            self.0.memory.remember(session, standing.clone(), mark, now);
        }
        Ok(standing)
    }

    /// Drops what this node remembers of the account's sessions, so that a change of role, flag or session counts
    /// from the next request on. Call it after the change is committed.
    pub fn forget_sessions_of(&self, account: Id) {
        self.0.memory.forget(account);
    }

    /// Whether the operator lets everyone read the catalogue.
    #[must_use]
    pub fn catalogue_is_public(&self) -> bool {
        self.0.catalogue_is_public
    }

    /// The database in which the accounts are.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The ring with which the accounts are sealed.
    #[must_use]
    pub fn ring(&self) -> &Arc<KeyRing> {
        &self.0.ring
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    fn lifetime(&self, role: Role) -> Lifetime {
        Lifetime::of(role, &self.0.settings)
    }

    /// Tokens for a session: the given refresh token and a fresh access token, which never outlives the session.
    fn tokens(
        &self,
        account: Id,
        refresh: &refresh::RefreshToken,
        session_ends_at: Timestamp,
        now: Timestamp,
    ) -> Result<Tokens, Refused> {
        let lifetime = Duration::from_secs(self.0.settings.access_minutes * 60).min(session_ends_at.since(now));
        let access = self.0.access.issue(account, refresh.session, now, lifetime)?;
        Ok(Tokens { access, access_lifetime: lifetime, refresh: refresh.encode() })
    }
}

#[cfg(test)]
mod tests;
