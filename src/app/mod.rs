//! Puts the parts together: opens what is stored, builds the web application around it, serves it and stops it.
//! Holds always: what serves has been migrated and fits its keys; a stop loses nothing that was acknowledged.

mod chores;
mod document;
mod house;
mod running;
mod server;
mod start_error;

use actix_web::web::ServiceConfig;

use crate::config::Config;
use crate::database::Clock;

pub use document::openapi;
pub use house::House;
pub use running::{Running, Told};
pub use start_error::StartError;

/// The service as a whole.
pub struct Mend;

impl Mend {
    /// Opens the data directory, migrates, loads the starter catalogue, and serves. Returns when the service is ready.
    ///
    /// # Errors
    /// What is missing or wrong, in words for an operator.
    pub fn start(config: Config, clock: Clock) -> Result<Running, StartError> {
        Self::start_with(config, clock, |_| {})
    }

    /// The same with routes beside the product's own, for tests of what happens around handlers.
    ///
    /// # Errors
    /// Like [`Mend::start`].
    pub fn start_with(config: Config, clock: Clock, beside: fn(&mut ServiceConfig)) -> Result<Running, StartError> {
        crate::operations::metrics::collect()?;
        let house = House::open(config, clock)?;
        server::start(house, beside)
    }
}
