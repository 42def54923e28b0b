//! Where Prometheus may fetch the metrics.

use std::net::SocketAddr;

use super::{ConfigError, Settings};

#[derive(Debug, Clone)]
pub struct Metrics {
    /// `MEND_METRICS_LISTEN`: address and port of the metrics, apart from the API; none means no metrics are served.
    pub listen: Option<SocketAddr>,
}

impl Metrics {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self { listen: settings.parse_given("metrics.listen", "an address and port such as 127.0.0.1:9090")? })
    }
}
