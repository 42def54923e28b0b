//! What somebody signed in does to their own account: read it, sign out, end sessions, change the password.
//! Holds always: what ends a session is forgotten by this node before the answer leaves.

use super::events::{self, Event, Kind};
use super::hashing::Verdict;
use super::refresh::RefreshToken;
use super::session_list::{self, Summary};
use super::sessions;
use super::throttle::{self, Rule};
use super::{Auth, Caller, Email, Password, Position, Refused, Tokens, accounts};
use crate::database::{Connection, Id, Timestamp};

impl Auth {
    /// The caller's account.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn profile(&self, account: Id) -> Result<accounts::Profile, Refused> {
        let ring = self.0.ring.clone();
        self.0.database.read(move |conn| accounts::profile(conn, &ring, account)).await
    }

    /// A page of the living sessions of the caller's account, the newest first, and where it ends if more follow.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sessions(
        &self,
        caller: &Caller,
        after: Option<Position>,
        limit: u32,
    ) -> Result<(Vec<Summary>, Option<Position>), Refused> {
        let (auth, caller, now) = (self.clone(), caller.clone(), self.now());
        let lifetime = self.lifetime(caller.role);
        let page = (after, limit);
        self.0.database.read(move |conn| session_list::list(conn, &auth.0.ring, &caller, lifetime, now, page)).await
    }

    /// A page of the security events of the caller's account, the newest first, and where it ends if more follow.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn security_events(
        &self,
        caller: &Caller,
        after: Option<Position>,
        limit: u32,
    ) -> Result<(Vec<Event>, Option<Position>), Refused> {
        let account = caller.account;
        self.0.database.read(move |conn| events::list(conn, account, after, limit).map_err(Refused::from)).await
    }

    /// Ends the caller's session.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), Refused> {
        self.end(caller, caller.session, Kind::SignedOut).await
    }

    /// Ends one session of the caller's account.
    ///
    /// # Errors
    /// `NotFound` when the account has no such living session.
    pub async fn end_session(&self, caller: &Caller, session: Id) -> Result<(), Refused> {
        let kind = if session == caller.session { Kind::SignedOut } else { Kind::SessionRevoked };
        self.end(caller, session, kind).await
    }

    async fn end(&self, caller: &Caller, session: Id, kind: Kind) -> Result<(), Refused> {
        let (account, now) = (caller.account, self.now());
        let job = move |conn: &mut Connection| {
            if sessions::revoke(conn, account, session, now)? {
                Ok(events::append(conn, Some(account), Some(session), kind, now)?)
            } else {
                Err(Refused::NotFound)
            }
        };
        self.0.database.write(job).await?;
        self.forget_sessions_of(account);
        Ok(())
    }

    /// Ends every session of the caller's account but the caller's own.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn end_other_sessions(&self, caller: &Caller) -> Result<(), Refused> {
        let (account, session, now) = (caller.account, caller.session, self.now());
        let job = move |conn: &mut Connection| {
            sessions::revoke_others(conn, account, session, now)?;
            Ok::<_, Refused>(events::append(conn, Some(account), Some(session), Kind::OtherSessionsRevoked, now)?)
        };
        self.0.database.write(job).await?;
        self.forget_sessions_of(account);
        Ok(())
    }

    /// Changes the password. The current one is the proof that the owner asks, and counts as an attempt. Every session
    /// ends, this one too; the tokens are those of a new session in its place.
    ///
    /// # Errors
    /// `Invalid` for a wrong current password or a weak new one, `TooManyAttempts`, `Busy`, `Unavailable`.
    pub async fn change_password(&self, caller: &Caller, current: Password, new: Password) -> Result<Tokens, Refused> {
        const WRONG: Refused = Refused::Broken("an account without an address");
        let profile = self.profile(caller.account).await?;
        let email = Email::parse(&profile.email).map_err(|_fault| WRONG)?;
        let unchanged = new == current;
        let new = self.hold_to_policy(new, "/new_password", email, profile.name).await?;
        let bucket = throttle::of_checks(&self.0.ring, caller.account);
        self.count(vec![(bucket, Rule::Failures)]).await?;

        let account = caller.account;
        let found = self.0.database.read(move |conn| accounts::credentials_of(conn, account).map_err(Refused::from));
        let credentials = found.await?.ok_or(Refused::NotFound)?;
        let stored = credentials.password(&self.0.ring)?;
        if self.0.hasher.verify(current, Some(stored)).await? == Verdict::Wrong {
            return Err(self.wrong_current(caller).await);
        }
        if unchanged {
            return Err(Refused::invalid(
                "/new_password",
                "unchanged",
                "Choose another password than the current one.",
            ));
        }
        let hash = self.0.hasher.hash(new).await?;
        let (auth, caller, now) = (self.clone(), caller.clone(), self.now());
        let lifetime = self.lifetime(credentials.role());
        let token =
            self.0.database.write(move |conn| auth.replace_password(conn, &caller, &credentials, &hash, now)).await?;
        self.forget_sessions_of(account);
        self.tokens(account, &token, now.plus(lifetime.idle), now)
    }

    fn replace_password(
        &self,
        conn: &mut Connection,
        caller: &Caller,
        credentials: &accounts::Credentials,
        hash: &str,
        now: Timestamp,
    ) -> Result<RefreshToken, Refused> {
        let (account, ring) = (caller.account, &self.0.ring);
        if !accounts::set_password(conn, ring, credentials, hash, now)? {
            return Err(wrong_current());
        }
        sessions::revoke_everything(conn, account, now)?;
        let label = sessions::label(conn, ring, caller.session)?;
        let token = sessions::open(conn, ring, account, self.lifetime(credentials.role()), label.as_deref(), now)?;
        if self.0.settings.throttle {
            throttle::clear(conn, &throttle::of_checks(ring, account))?;
        }
        events::append(conn, Some(account), Some(token.session), Kind::PasswordChanged, now)?;
        Ok(token)
    }

    async fn wrong_current(&self, caller: &Caller) -> Refused {
        let (account, session, now) = (caller.account, caller.session, self.now());
        let note = move |conn: &mut Connection| {
            events::append(conn, Some(account), Some(session), Kind::PasswordCheckFailed, now).map_err(Refused::from)
        };
        self.0.database.write(note).await.err().unwrap_or_else(wrong_current)
    }
}

fn wrong_current() -> Refused {
    Refused::invalid("/current_password", "wrong_password", "This is not the current password.")
}
