//! Puts the parts together: opens what is stored, builds the web application around it, serves it and stops it.
//! Holds always: what serves has been migrated and fits its keys; a stop loses nothing that was acknowledged.

mod chores;
mod document;
mod house;
mod running;
mod server;
mod start_error;
mod waiting;

use actix_web::web::ServiceConfig;

use crate::config::Config;
use crate::database::{Clock, DataDirectory};

pub use document::openapi;
pub use house::House;
pub use running::{Running, Told};
pub use start_error::StartError;

use waiting::Waiting;

/// The service as a whole.
pub struct Mend;

impl Mend {
    /// Opens the data directory, waits for the databases, migrates, loads the starter catalogue, and serves. Returns when the service is ready.
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
        let directory = DataDirectory::lock(&config.data_dir)?;
        let waiting = Waiting::for_databases(&config, &clock)?;
        let house = House::open(config, clock, directory)?;
        server::start(house, beside, waiting.map(Waiting::end))
    }
}
