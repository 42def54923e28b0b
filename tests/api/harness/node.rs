//! One running node of the service, in this process, on a port of its own.

use mend::app::{Mend, Running};
use mend::auth::{Email, Password, Role};
use mend::config::Config;
use mend::database::Clock;

use super::logs;

/// A node that answers until it is dropped.
pub struct Node {
    /// `http://127.0.0.1:<port>`
    pub base: String,
    /// The node's inside, for what no client can see.
    pub running: Running,
}

impl Node {
    pub fn start(config: Config, clock: Clock) -> Self {
        Self::start_beside(config, clock, |_| {})
    }

    /// The same with routes beside the product's own.
    pub fn start_beside(config: Config, clock: Clock, beside: fn(&mut actix_web::web::ServiceConfig)) -> Self {
        logs::file();
        let running = Mend::start_with(config, clock, beside);
        let running = running.unwrap_or_else(|error| panic!("the service does not start: {error}"));
        Self { base: format!("http://{}", running.address), running }
    }

    /// Makes an account the way `mend accounts create` does.
    pub fn create_account(&self, email: &str, password: &str, role: Role) {
        let email = Email::parse(email).expect("an address of these tests");
        let made = self.running.house.auth.create_account_now(&email, &Password::from(password.to_owned()), role);
        made.unwrap_or_else(|refused| panic!("no account for {}: {refused}", email.as_given()));
    }
}

/// The finished OpenAPI document.
pub fn openapi() -> serde_json::Value {
    serde_json::to_value(mend::app::openapi()).expect("the document is JSON")
}
