//! What happens around every handler, each concern in its own file, and the order in which they stand.
//! Holds always: a request passes every layer or is answered by one of them with a problem; no layer looks at private text.

pub mod bounds;
pub mod client_address;
mod cors;
pub mod draining;
mod frame;
pub mod in_flight;
pub mod known_paths;
mod lane;
mod measure;
mod problems;
pub mod rate_limit;
pub mod request_id;
mod request_log;
mod security_headers;
mod slices;
pub mod time_limit;

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, Error};

use known_paths::KnownPaths;

use super::body::Budget;
use crate::config::Config;
use crate::database::Crowd;

/// An application as the framework builds it, whatever stands around it.
pub trait Application:
    ServiceFactory<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error, Config = (), InitError = ()>
{
}

impl<T> Application for T where
    T: ServiceFactory<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error, Config = (), InitError = ()>
{
}

/// What the layers of all workers share.
#[derive(Clone)]
pub struct Layers {
    server: Data<crate::config::Server>,
    limits: Data<crate::config::Limits>,
    budget: Data<Budget>,
    in_flight: Data<in_flight::InFlight>,
    rates: Data<rate_limit::Rates>,
    paths: Data<KnownPaths>,
    draining: Data<draining::Draining>,
}

impl Layers {
    /// What the configuration asks for, around the operations at these paths.
    #[must_use]
    pub fn new(config: &Config, paths: KnownPaths, draining: draining::Draining, crowd: Crowd) -> Self {
        Self {
            server: Data::new(config.server.clone()),
            limits: Data::new(config.limits.clone()),
            budget: Data::new(Budget::new(config.limits.body_bytes_in_flight)),
            in_flight: Data::new(in_flight::InFlight::new(config, crowd)),
            rates: Data::new(rate_limit::Rates::new(config.limits.requests_per_minute)),
            paths: Data::new(paths),
            draining: Data::new(draining),
        }
    }

    /// Lets handlers and layers find what they share.
    pub fn install(&self, app: &mut ServiceConfig) {
        app.app_data(self.server.clone());
        app.app_data(self.limits.clone());
        app.app_data(self.budget.clone());
        app.app_data(self.in_flight.clone());
        app.app_data(self.rates.clone());
        app.app_data(self.paths.clone());
        app.app_data(self.draining.clone());
    }

    /// Forgets the rate limits of callers who have not been seen for a while. Call it now and then.
    pub fn tidy(&self) {
        self.rates.tidy();
    }

    /// How many requests are worked on now.
    #[must_use]
    pub fn requests_in_flight(&self) -> usize {
        self.in_flight.count()
    }

    /// Puts the layers around an app; a request passes them from the last line to the first.
    pub fn around<T: Application + 'static>(&self, app: App<T>) -> App<impl Application + use<T>> {
        app.wrap(from_fn(rate_limit::layer))
            .wrap(from_fn(time_limit::layer))
            .wrap(from_fn(in_flight::layer))
            .wrap(from_fn(bounds::layer))
            .wrap(cors::layer(&self.server.cors_origins))
            .wrap(from_fn(frame::layer))
    }
}

/// The shared part of a layer; a layer without it lets the request pass, which a test of the whole app would show.
fn shared<T: 'static>(request: &ServiceRequest) -> Option<Arc<T>> {
    request.app_data::<Data<T>>().map(|data| Arc::clone(data))
}
