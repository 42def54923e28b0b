//! Registering.
//! Holds always: a known and an unknown address get the same answer after the same work, and a weak password is refused
//! before anybody looks whether the address is known.

use std::net::IpAddr;

use super::events::{self, Kind};
use super::password::Known;
use super::throttle::{self, Rule};
use super::{Auth, Email, Fault, Password, Refused, Role, accounts};
use crate::database::{Connection, Failure, Timestamp};

/// What somebody sends to register.
#[derive(Debug)]
pub struct Registration {
    pub email: Email,
    pub password: Password,
    /// The display name.
    pub name: Option<Name>,
    /// Where the request came from.
    pub address: IpAddr,
}

/// A display name. Prints as `[private]`.
pub type Name = crate::privacy::Text<100>;

impl Auth {
    /// Makes an account, or does as much work for an address that has one.
    ///
    /// # Errors
    /// `Invalid` for a weak password, `TooManyAttempts`, `Busy`, `Unavailable`.
    pub async fn register(&self, registration: Registration) -> Result<(), Refused> {
        let Registration { email, password, name, address } = registration;
        let name = name.map(Name::into_string);
        self.count_address(address).await?;
        let password = self.hold_to_policy(password, "/password", email.clone(), name.clone()).await?;
        let hash = self.0.hasher.hash(password).await?;
        let auth = self.clone();
        let now = self.now();
        let job = move |conn: &mut Connection| auth.add_or_note(conn, &email, &hash, name.as_deref(), now);
        match self.0.database.write(job).await {
            // Two requests raced for one address, and the other one made the account.
            Err(Refused::Unavailable(Failure::UniqueViolation)) => Ok(()),
            outcome => outcome,
        }
    }

    fn add_or_note(
        &self,
        conn: &mut Connection,
        email: &Email,
        hash: &str,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let known = accounts::find_id(conn, &accounts::lookup(&self.0.ring, email))?;
        let (account, kind) = if let Some(account) = known {
            (account, Kind::RegistrationRepeated)
        } else {
            let new = accounts::New { email, password: hash, name, role: Role::User };
            (accounts::insert(conn, &self.0.ring, &new, now)?, Kind::Registered)
        };
        Ok(events::append(conn, Some(account), None, kind, now)?)
    }

    /// Gives the password back when the policy takes it.
    pub(super) async fn hold_to_policy(
        &self,
        password: Password,
        pointer: &'static str,
        email: Email,
        name: Option<String>,
    ) -> Result<Password, Refused> {
        let judge = move || {
            let faults = password.faults(pointer, Known { email: &email, name: name.as_deref() });
            if faults.is_empty() { Ok(password) } else { Err(Refused::Invalid(faults)) }
        };
        self.0.hasher.run(judge).await?
    }

    /// Counts a request of an address on the network.
    pub(super) async fn count_address(&self, address: IpAddr) -> Result<(), Refused> {
        self.count(vec![(throttle::of_address(&self.0.ring, address), Rule::Rate)]).await
    }

    /// Counts an attempt in each bucket, or in none when one of them refuses.
    pub(super) async fn count(&self, buckets: Vec<(throttle::Bucket, Rule)>) -> Result<(), Refused> {
        if !self.0.settings.throttle {
            return Ok(());
        }
        let now = self.now();
        let raise = move |conn: &mut Connection| {
            buckets.iter().try_for_each(|(bucket, rule)| throttle::raise(conn, bucket, *rule, now))
        };
        self.0.database.write(raise).await
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Invalid(vec![fault])
    }
}
