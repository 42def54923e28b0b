//! PostgreSQL: whether the way to it is safe, and the settings of every connection.
//! Holds always: a server on another machine is spoken to over TLS, unless the operator allowed otherwise by name.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::OpenError;

/// Added to the URL where it does not say otherwise. A dead peer is noticed in seconds, a primary is told from its
/// standby, and the environment's address cannot stand in for the URL's.
const DEFAULTS: [(&str, &str); 8] = [
    ("connect_timeout", "5"),
    ("target_session_attrs", "read-write"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "10000"),
    ("application_name", "mend"),
    ("hostaddr", ""),
];

/// A handler answers within 10 s, so nothing needs to run longer. A commit that waits for its standby is not a running
/// statement and waits on. An operator's stronger `synchronous_commit` stays.
///
/// Each query of ours reads an index in the order of the answer and stops at its limit. Without statistics, which a table
/// that grew just now does not have, the planner would rather collect all rows of a person in a bitmap and sort them.
pub(super) const SESSION: &str = "SET statement_timeout = '15s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET enable_bitmapscan = off; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')";

/// The URL with our defaults, once its hosts and its `sslmode` are found safe.
pub(super) fn checked_url(url: &str, allow_insecure: bool) -> Result<String, OpenError> {
    let parts = Parts::of(url)?;
    let demands_tls = parts.last("sslmode").is_some_and(|mode| matches!(mode, "require" | "verify-ca" | "verify-full"));
    if demands_tls && !cfg!(feature = "postgres-tls") {
        return Err(OpenError::TlsNotBuilt);
    }
    if let Some(host) =
        parts.hosts().into_iter().find(|host| !is_local(host)).filter(|_| !demands_tls && !allow_insecure)
    {
        return Err(OpenError::InsecurePostgres { host });
    }
    let mut whole = url.to_owned();
    for (name, value) in DEFAULTS {
        if parts.last(name).is_none() {
            whole.push(if whole.contains('?') { '&' } else { '?' });
            whole.extend([name, "=", value]);
        }
    }
    Ok(whole)
}

pub(super) fn connect(url: &str) -> Result<PgConnection, OpenError> {
    let failed = |cause: String| {
        // What waiting does not mend; libpq tells it by its text only.
        const LASTING: [&str; 3] = ["authentication failed", "does not exist", "no pg_hba.conf entry"];
        if LASTING.iter().any(|sign| cause.contains(sign)) {
            return OpenError::Connect { what: "the PostgreSQL of the database URL".to_owned(), cause };
        }
        OpenError::Unreachable(cause)
    };
    let mut connection = PgConnection::establish(url).map_err(|cause| failed(cause.to_string()))?;
    connection.batch_execute(SESSION).map_err(|cause| failed(cause.to_string()))?;
    Ok(connection)
}

/// What libpq will see in a URL. Several hosts make it no ordinary URL, so it is taken apart here.
struct Parts {
    authority_hosts: Vec<String>,
    parameters: Vec<(String, String)>,
}

impl Parts {
    fn of(url: &str) -> Result<Self, OpenError> {
        let unusable =
            OpenError::UnusableUrl("the database URL must look like postgres://user:password@host:5432/name");
        let Some((_, rest)) = url.split_once("://") else { return Err(unusable) };
        let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = before.split('/').next().unwrap_or_default();
        let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
        let parameters: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if parameters.iter().any(|(name, _)| name == "service") {
            return Err(OpenError::UnusableUrl(
                "the database URL must not name a service: what it would add is not checked",
            ));
        }
        let authority_hosts = hosts.split(',').map(|host| decoded(without_port(host))).collect();
        Ok(Self { authority_hosts, parameters })
    }

    /// The last one wins, as with libpq.
    fn last(&self, name: &str) -> Option<&str> {
        self.parameters.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Every host that may be connected to: a parameter replaces the authority's, and `hostaddr` is where it really goes.
    fn hosts(&self) -> Vec<String> {
        let listed = |name| self.last(name).map(|list| list.split(',').map(str::to_owned).collect::<Vec<_>>());
        let mut hosts = listed("host").unwrap_or_else(|| self.authority_hosts.clone());
        hosts.extend(listed("hostaddr").unwrap_or_default());
        hosts
    }
}

fn without_port(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    }
}

fn decoded(host: &str) -> String {
    // A plus sign is itself in this part of a URL, while the decoder would make it a space.
    url::form_urlencoded::parse(host.replace('+', "%2B").as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

/// A Unix socket (a path, or nothing at all, which is libpq's own socket) or a loopback address.
fn is_local(host: &str) -> bool {
    host.is_empty()
        || host.starts_with(['/', '@'])
        || host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_this_machine_needs_no_tls() {
        for url in [
            "postgres://localhost/mend",
            "postgres://mend:secret@127.0.0.1:5432/mend",
            "postgresql://mend@[::1]:5432/mend",
            "postgres:///mend?host=/var/run/postgresql",
            "postgres://%2Fvar%2Frun%2Fpostgresql/mend",
            "postgres:///mend",
            "postgres://localhost:5432,127.0.0.1:5433/mend",
        ] {
            assert!(checked_url(url, false).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_server_on_another_machine_needs_it() {
        for url in [
            "postgres://db.example.org/mend",
            "postgres://db.example.org/mend?sslmode=prefer",
            "postgres://db.example.org/mend?sslmode=require&sslmode=disable",
            "postgres://localhost,10.0.0.5/mend",
            "postgres://localhost/mend?host=db.example.org",
            "postgres://localhost/mend?hostaddr=10.0.0.5",
            "postgres://user@localhost:pass@db.example.org/mend",
            "postgres://127.0.0.1.example.org/mend",
        ] {
            assert!(matches!(checked_url(url, false), Err(OpenError::InsecurePostgres { .. })), "{url}");
            assert!(checked_url(url, true).is_ok(), "{url}");
        }
    }

    #[test]
    #[cfg(not(feature = "postgres-tls"))]
    fn a_url_that_demands_tls_says_what_is_missing() {
        let url = "postgres://db.example.org/mend?sslmode=verify-full";
        assert!(matches!(checked_url(url, false), Err(OpenError::TlsNotBuilt)));
    }

    #[test]
    fn a_service_file_is_refused_and_the_defaults_leave_the_url_its_own() {
        assert!(checked_url("postgres://localhost/mend?service=other", true).is_err());
        let url = checked_url("postgres://localhost/mend?connect_timeout=1", false).unwrap();
        assert_eq!(url.matches("connect_timeout").count(), 1);
        assert!(url.contains("target_session_attrs=read-write"));
    }
}
