//! What the operator does from the command line: make an account with a role, give an account another role, say who
//! answers for an import.
//! Holds always: it works beside a running service, which sees the new role within a second.

use super::events::{self, Kind};
use super::password::Known;
use super::{Auth, Email, Password, Refused, Role, accounts};
use crate::database::{Connection, Failure, Id};

/// What giving a role did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promotion {
    Changed,
    /// The account had that role already.
    Unchanged,
}

impl Auth {
    /// Makes an account with a role. Blocks; for the command line.
    ///
    /// # Errors
    /// `Invalid` for a weak password or an address that has an account; `Unavailable`.
    pub fn create_account_now(&self, email: &Email, password: &Password, role: Role) -> Result<Id, Refused> {
        const TAKEN: (&str, &str) =
            ("taken", "This address has an account; use `mend accounts promote` to change its role.");
        let faults = password.faults("/password", Known { email, name: None });
        if !faults.is_empty() {
            return Err(Refused::Invalid(faults));
        }
        let hash = self.0.hasher.hash_now(password)?;
        let (auth, email, now) = (self.clone(), email.clone(), self.now());
        let job = move |conn: &mut Connection| {
            let new = accounts::New { email: &email, password: &hash, name: None, role };
            let account = accounts::insert(conn, &auth.0.ring, &new, now)?;
            events::append(conn, Some(account), None, Kind::Registered, now)?;
            Ok::<_, Refused>(account)
        };
        match self.0.database.write_now(job) {
            Err(Refused::Unavailable(Failure::UniqueViolation)) => Err(Refused::invalid("/email", TAKEN.0, TAKEN.1)),
            outcome => outcome,
        }
    }

    /// The account of a curator or an admin. Blocks; for the command line.
    ///
    /// # Errors
    /// `NotFound` when nobody has the address; `NotAllowed` when the account's role does not look after content.
    pub fn curator_now(&self, email: &Email) -> Result<Id, Refused> {
        let lookup = accounts::lookup(&self.0.ring, email);
        let find = move |conn: &mut Connection| Ok::<_, Refused>(accounts::find_role(conn, &lookup)?);
        let (account, role) = self.0.database.read_now(find)?.ok_or(Refused::NotFound)?;
        if role >= Role::Curator { Ok(account) } else { Err(Refused::NotAllowed) }
    }

    /// Gives an account another role. Its sessions stay and are judged by the new role from the next second on. Blocks;
    /// for the command line.
    ///
    /// # Errors
    /// `NotFound` when nobody has the address; `Unavailable`.
    pub fn promote_now(&self, email: &Email, role: Role) -> Result<Promotion, Refused> {
        let lookup = accounts::lookup(&self.0.ring, email);
        let now = self.now();
        let job = move |conn: &mut Connection| {
            let account = accounts::find_id(conn, &lookup)?.ok_or(Refused::NotFound)?;
            if !accounts::set_role(conn, account, role, now)? {
                return Ok((account, Promotion::Unchanged));
            }
            events::append(conn, Some(account), None, Kind::RoleChanged, now)?;
            Ok::<_, Refused>((account, Promotion::Changed))
        };
        let (account, promotion) = self.0.database.write_now(job)?;
        self.forget_sessions_of(account);
        Ok(promotion)
    }
}
