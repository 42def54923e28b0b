//! Where the service listens and whom it believes about the client's address.

use std::net::SocketAddr;

use ipnet::IpNet;

use super::{ConfigError, Settings};

#[derive(Debug, Clone)]
pub struct Server {
    /// `MEND_LISTEN`: address and port of the API.
    pub listen: SocketAddr,
    /// `MEND_PUBLIC_URL`: the address that clients use, without a slash at the end; every link starts with it.
    /// None means the address that the service listens on.
    pub public_url: Option<String>,
    /// `MEND_SERVER_WORKERS`: worker threads of the web server; the number of cores unless set.
    pub workers: usize,
    /// `MEND_SERVER_TRUSTED_PROXIES`: networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `MEND_SERVER_CORS_ORIGINS`: web origins that browsers may call from, exactly as browsers send them.
    pub cors_origins: Vec<String>,
    /// `MEND_SERVER_SHUTDOWN_SECONDS`: how long a stop waits for requests in flight.
    pub shutdown_seconds: u64,
}

impl Server {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            listen: settings.parse("server.listen", "an address and port such as 127.0.0.1:8080")?,
            public_url: settings.web_address("server.public_url")?,
            workers: match settings.number("server.workers", 0..=1024)? {
                0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
                workers => workers,
            },
            trusted_proxies: settings.list(
                "server.trusted_proxies",
                "networks such as 10.0.0.0/8 or 127.0.0.1",
                network,
            )?,
            cors_origins: settings.list("server.cors_origins", "origins such as https://app.example.org", origin)?,
            shutdown_seconds: settings.number("server.shutdown_seconds", 1..=600)?,
        })
    }
}

/// A network, or a single address as the network of one.
fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse().ok().map(|address: std::net::IpAddr| address.into()))
}

/// An origin is scheme, host and port and nothing else, since it is compared letter by letter.
fn origin(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    (url.origin().ascii_serialization() == text).then(|| text.to_owned())
}
