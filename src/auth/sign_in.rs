//! Signing in with an address and a password.
//! Holds always: the attempt is counted before the password is looked at; an unknown address costs as much time and as many
//! writes as a wrong password, and is answered alike.

use std::fmt;
use std::net::IpAddr;

use super::accounts::Credentials;
use super::device::Device;
use super::events::{self, Kind};
use super::hashing::Verdict;
use super::refresh::RefreshToken;
use super::throttle::{self, Bucket, Rule};
use super::{Auth, Email, Password, Refused, Tokens, accounts, sessions};
use crate::database::{Connection, Timestamp};

/// A label that a client gives its session. Prints as `[private]`.
pub type Label = crate::privacy::Text<100>;

/// What somebody sends to sign in. The device token does not print.
pub struct SignIn {
    pub email: Email,
    pub password: Password,
    /// What the client calls itself, for the list of sessions.
    pub label: Option<Label>,
    /// What the last sign-in on this device answered. One that is not for this address counts as none.
    pub device_token: Option<String>,
    /// Where the request came from.
    pub address: IpAddr,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn [private]")
    }
}

/// What a successful sign-in gives. The device token does not print.
#[derive(Clone)]
pub struct SignedIn {
    pub tokens: Tokens,
    /// To be sent at the next sign-in from this device.
    pub device_token: String,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedIn [private]")
    }
}

/// What a right password leaves to be written.
struct Success {
    account: Credentials,
    /// The password's hash, when it is to be stored anew.
    renewed: Option<String>,
    label: Option<Label>,
    /// The bucket of failures that this success empties.
    bucket: Bucket,
}

impl Auth {
    /// Signs somebody in: a new session and its tokens.
    ///
    /// # Errors
    /// `WrongCredentials` (also for an account that is suspended), `TooManyAttempts`, `Busy`, `Unavailable`.
    pub async fn sign_in(&self, attempt: SignIn) -> Result<SignedIn, Refused> {
        let SignIn { email, password, label, device_token, address } = attempt;
        let ring = &self.0.ring;
        let lookup = accounts::lookup(ring, &email);
        let device = device_token.and_then(|token| Device::of_token(&token, ring, &lookup));
        let bucket = match device {
            Some(device) => throttle::of_device(ring, &lookup, device.id()),
            None => throttle::of_strangers(ring, &lookup),
        };
        self.count(vec![(throttle::of_address(ring, address), Rule::Rate), (bucket, Rule::Failures)]).await?;

        let found =
            self.0.database.read(move |conn| accounts::credentials(conn, &lookup).map_err(Refused::from)).await?;
        let stored = found.as_ref().map(|account| account.password(ring)).transpose()?;
        let verdict = self.0.hasher.verify(password, stored.clone()).await?;
        let account = match (found, verdict) {
            (Some(account), Verdict::Right { rehashed }) if account.is_active() => {
                let old_key = !account.is_sealed_with_current_key(ring);
                let renewed = rehashed.or(stored.filter(|_| old_key));
                Success { account, renewed, label, bucket }
            }
            (found, _) => return self.refuse(found).await,
        };
        let (tokens, device) = (self.welcome(account).await?, device.unwrap_or_else(Device::new));
        Ok(SignedIn { tokens, device_token: device.token(ring, &lookup) })
    }

    async fn refuse(&self, found: Option<Credentials>) -> Result<SignedIn, Refused> {
        let account = found.map(|account| account.id);
        let now = self.now();
        let note = move |conn: &mut Connection| events::append(conn, account, None, Kind::SignInFailed, now);
        self.0.database.write(move |conn| note(conn).map_err(Refused::from)).await?;
        Err(Refused::WrongCredentials)
    }

    async fn welcome(&self, success: Success) -> Result<Tokens, Refused> {
        let now = self.now();
        let (id, ends_at) = (success.account.id, now.plus(self.lifetime(success.account.role()).idle));
        let auth = self.clone();
        let refresh = self.0.database.write(move |conn| auth.open_session(conn, &success, now)).await?;
        self.tokens(id, &refresh, ends_at, now)
    }

    fn open_session(&self, conn: &mut Connection, success: &Success, now: Timestamp) -> Result<RefreshToken, Refused> {
        let Success { account, renewed, label, bucket } = success;
        let ring = &self.0.ring;
        let lifetime = self.lifetime(account.role());
        let token = sessions::open(conn, ring, account.id, lifetime, label.as_ref().map(AsRef::as_ref), now)?;
        if let Some(hash) = renewed {
            accounts::renew_hash(conn, ring, account, hash)?;
        }
        if self.0.settings.throttle {
            throttle::clear(conn, bucket)?;
        }
        events::append(conn, Some(account.id), Some(token.session), Kind::SignedIn, now)?;
        Ok(token)
    }
}
