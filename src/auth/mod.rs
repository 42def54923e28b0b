//! Accounts and who asks: roles as extractors, access tokens, sessions, passwords, throttling, security events.
//! Holds always: a request acts for an account only while its session lives, and at most 1 s longer on another node.

pub mod accounts;
pub mod caller;
pub mod refused;
pub mod role;

pub use caller::{Admin, As, Caller, Curator, Reader};
pub use refused::{Fault, Reason, Refused};
pub use role::Role;

use crate::database::Id;

/// Accounts, sessions and tokens: `web::Data<Auth>` in the app.
#[derive(Clone)]
pub struct Auth {}

impl Auth {
    /// Whose access token this is, and what they may do now.
    ///
    /// # Errors
    /// `NotSignedIn` unless the token is good and its session lives; `Unavailable` when the database is.
    pub async fn identify(&self, _token: &str) -> Result<Caller, Refused> {
        todo!()
    }

    /// Drops what this node remembers of the account's sessions, so that a change of role, flag or session counts
    /// from the next request on. Call it after the change is committed.
    pub fn forget_sessions_of(&self, _account: Id) {
        todo!()
    }

    /// Whether the operator lets everyone read the catalogue.
    #[must_use]
    pub fn catalogue_is_public(&self) -> bool {
        todo!()
    }
}
