//! How the service is reached, and whether the process may open as many files as it is set to need.

use super::Report;
use crate::config::Config;
use crate::operations::machine;

/// Files that are open whatever is asked: databases, logs, listeners, libraries.
const ALWAYS_OPEN: u64 = 64;

pub(super) fn look(report: &mut Report, config: &Config) {
    report.look_at("public_url");
    public_url(report, config);
    report.look_at("open_files");
    let connections = u64::try_from(config.limits.connections).unwrap_or(u64::MAX);
    let database = u64::from(config.database.read_connections) + u64::from(config.database.write_connections);
    // Both stores have as many; SQLite opens a file and its log for each.
    let needed = connections.saturating_add(database * 4).saturating_add(ALWAYS_OPEN);
    if let Some(limit) = machine::open_files_limit().filter(|limit| *limit < needed) {
        report.warning(
            "open_files.limit",
            format!("The process may open {limit} files, and it is set to need up to {needed}."),
            "Raise the limit (ulimit -n, systemd LimitNOFILE, Docker ulimits), or lower MEND_LIMITS_CONNECTIONS.",
        );
    }
}

fn public_url(report: &mut Report, config: &Config) {
    let Some(url) = &config.server.public_url else {
        if !config.server.listen.ip().is_loopback() {
            report.warning(
                "public_url.missing",
                "The service listens beyond this machine, and nothing says under which address clients reach it.",
                "Set MEND_PUBLIC_URL, or links in answers lead nowhere.",
            );
        }
        return;
    };
    let is_local = ["//localhost", "//127.", "//[::1]"].iter().any(|local| url.contains(local));
    if !url.starts_with("https://") && !is_local {
        report.warning(
            "public_url.not_https",
            "Clients are told to come without TLS: whoever is between reads passwords and what people write.",
            "Put a proxy with TLS before the service (docker/Caddyfile is one), and set MEND_PUBLIC_URL to its https address.",
        );
    }
    if url.starts_with("https://") && config.server.trusted_proxies.is_empty() {
        report.warning(
            "proxies.none",
            "Clients come by https, so through a proxy, and no proxy is trusted: all of them count as one address.",
            "Name the proxy's network in MEND_SERVER_TRUSTED_PROXIES.",
        );
    }
}
