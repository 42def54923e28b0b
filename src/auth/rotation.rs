//! Refreshing: the current refresh token is exchanged for the next one and a fresh access token.
//! Holds always: of two requests with one token both get the same successor, on whichever nodes they arrive; a token that was
//! used up before ends the session and leaves a security event.

use std::time::Duration;

use super::events::{self, Kind};
use super::refresh::{Presented, RefreshToken};
use super::{Auth, Refused, Tokens, sessions};
use crate::database::{Connection, Id, Timestamp};

/// How often a request that lost a race looks again; the loser of a race finds its token just rotated, so once is enough.
const TRIES: usize = 3;

/// What came of a presented token. A refusal that must leave a trace is no `Err`, since that would undo the trace.
enum Outcome {
    /// The pair to give out, and when the session ends.
    Next { account: Id, token: RefreshToken, ends_at: Timestamp },
    /// A used-up token: the session of this account was ended.
    Reused { account: Id },
}

impl Auth {
    /// Exchanges a refresh token.
    ///
    /// # Errors
    /// `RefreshRefused` when it is unknown, used up, or its session has ended; `Unavailable`.
    pub async fn refresh(&self, token: &str) -> Result<Tokens, Refused> {
        let presented = RefreshToken::parse(token).ok_or(Refused::RefreshRefused)?;
        let now = self.now();
        let auth = self.clone();
        match self.0.database.write(move |conn| auth.exchange(conn, &presented, now)).await? {
            Outcome::Next { account, token, ends_at } => self.tokens(account, &token, ends_at, now),
            Outcome::Reused { account } => {
                self.forget_sessions_of(account);
                Err(Refused::RefreshRefused)
            }
        }
    }

    fn exchange(&self, conn: &mut Connection, presented: &RefreshToken, now: Timestamp) -> Result<Outcome, Refused> {
        let settings = &self.0.settings;
        let grace = Duration::from_secs(settings.grace_seconds);
        for _ in 0..TRIES {
            let standing = sessions::find(conn, presented.session)?.ok_or(Refused::RefreshRefused)?;
            let verdict = presented.judge(&self.0.ring, &standing.family(), now, grace);
            if verdict == Presented::Reused && !standing.is_revoked() {
                sessions::revoke(conn, standing.account, presented.session, now)?;
                events::append(conn, Some(standing.account), Some(presented.session), Kind::RefreshReused, now)?;
                return Ok(Outcome::Reused { account: standing.account });
            }
            if !matches!(verdict, Presented::Current | Presented::Repeated) || !standing.is_alive(settings, now) {
                return Err(Refused::RefreshRefused);
            }
            let token = RefreshToken::of(&self.0.ring, presented.session, presented.generation + 1);
            let lifetime = self.lifetime(standing.role());
            let raced = verdict == Presented::Current && !sessions::rotate(conn, &token, lifetime, &standing, now)?;
            if !raced {
                let ends_at = standing.absolute_end(lifetime).min(now.plus(lifetime.idle));
                return Ok(Outcome::Next { account: standing.account, token, ends_at });
            }
        }
        Err(Refused::Busy { retry_after: Duration::from_secs(1) })
    }
}
