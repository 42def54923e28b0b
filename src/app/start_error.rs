//! Why the service did not start.
//! Holds always: each message tells an operator what to look at, and none repeats a secret.

use std::net::SocketAddr;

use crate::auth::Refused;
use crate::catalogue::import::ImportError;
use crate::database::{Failure, OpenError};
use crate::operations::metrics::MetricsError;
use crate::privacy::{KeystoreError, RingError};

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(transparent)]
    Ring(#[from] RingError),
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    #[error("accounts cannot be set up: {0}")]
    Accounts(#[from] Refused),
    #[error("the starter catalogue cannot be loaded: {0}")]
    Starter(#[from] ImportError),
    #[error("the catalogue cannot be read: {0}")]
    Catalogue(#[from] Failure),
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    #[error("cannot listen on {address}: {cause}")]
    Listen { address: SocketAddr, cause: std::io::Error },
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
    #[error("the web server ended while it started")]
    Ended,
}
