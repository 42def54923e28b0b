//! One running node of the service, in this process, on a port of its own.

use mend::config::Config;
use mend::database::Clock;

use super::logs;

/// A node that answers until it is dropped.
#[derive(Debug)]
pub struct Node {
    /// `http://127.0.0.1:<port>`
    pub base: String,
}

impl Node {
    pub fn start(config: Config, clock: Clock) -> Self {
        logs::file();
        drop((config, clock));
        todo!("once the service starts")
    }

    /// Makes an account the way `mend accounts create` does.
    pub fn create_account(&self, email: &str, password: &str, role: &str) {
        let _ = (email, password, role);
        todo!("once the service starts")
    }
}

/// The finished OpenAPI document.
pub fn openapi() -> serde_json::Value {
    todo!("once the service starts")
}
