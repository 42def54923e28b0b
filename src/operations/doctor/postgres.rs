//! PostgreSQL: whether what it acknowledges is durable, how it is reached, its standby, and its clock.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Nullable, Text};

use super::Report;
use crate::database::{Clock, Connection, shared_now};

/// The oldest version that the service is tested with.
const OLDEST: i32 = 140_000;
const SKEWED: Duration = Duration::from_secs(2);
/// From here on tokens expire too early or too late.
const FAR_OFF: Duration = Duration::from_secs(30);

const LOOK: &str = "SELECT current_setting('server_version_num')::integer AS version, \
     current_setting('fsync') = 'on' AS fsync, current_setting('full_page_writes') = 'on' AS full_page_writes, \
     current_setting('synchronous_commit') AS synchronous_commit, \
     current_setting('synchronous_standby_names') <> '' AS wants_standby, \
     (SELECT count(*) FILTER (WHERE sync_state IN ('sync', 'quorum'))::integer FROM pg_stat_replication) AS standbys, \
     (SELECT bool_or(sync_state IS NULL) FROM pg_stat_replication) AS hidden, \
     coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls, \
     coalesce(inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1', true) AS is_local";

#[derive(QueryableByName)]
#[expect(clippy::struct_excessive_bools, reason = "it is one row of facts")]
struct Facts {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Bool)]
    fsync: bool,
    #[diesel(sql_type = Bool)]
    full_page_writes: bool,
    #[diesel(sql_type = Text)]
    synchronous_commit: String,
    #[diesel(sql_type = Bool)]
    wants_standby: bool,
    #[diesel(sql_type = Integer)]
    standbys: i32,
    /// Whether this role may not see how the standbys are.
    #[diesel(sql_type = Nullable<Bool>)]
    hidden: Option<bool>,
    #[diesel(sql_type = Bool)]
    tls: bool,
    #[diesel(sql_type = Bool)]
    is_local: bool,
}

pub(super) fn look(report: &mut Report, conn: &mut Connection, clock: &Clock) {
    report.look_at("postgres");
    match diesel::sql_query(LOOK).get_result::<Facts>(conn) {
        Ok(facts) => judge(report, &facts),
        Err(error) => report.fault("postgres.unreadable", error.to_string(), "See what the server's log says."),
    }
    report.look_at("clock");
    if let Ok(server) = shared_now(conn, clock) {
        let own = clock.now();
        skew(report, own.since(server).max(server.since(own)));
    }
}

fn judge(report: &mut Report, facts: &Facts) {
    if facts.version < OLDEST {
        let what = format!("The server is of version {}.", facts.version / 10_000);
        report.fault("postgres.version", what, "Upgrade it to 14 or later.");
    }
    if !facts.fsync {
        let what = "fsync is off: a crash of the machine loses or destroys what was acknowledged.";
        report.fault("postgres.fsync", what, "Set fsync = on.");
    }
    if !facts.full_page_writes {
        let what = "full_page_writes is off: a crash can leave half-written pages.";
        report.fault("postgres.full_page_writes", what, "Set full_page_writes = on.");
    }
    if matches!(facts.synchronous_commit.as_str(), "off" | "local") {
        let what = format!("synchronous_commit is {}: a failover loses acknowledged writes.", facts.synchronous_commit);
        report.fault("postgres.synchronous_commit", what, "Set synchronous_commit = on.");
    }
    if facts.wants_standby && facts.standbys == 0 && facts.hidden != Some(true) {
        let what = "Commits wait for a synchronous standby, and none is there: writes answer 503.";
        report.fault(
            "postgres.standby_missing",
            what,
            "Bring the standby back, or take it out of synchronous_standby_names.",
        );
    }
    if !facts.tls && !facts.is_local {
        let what = "The server is on another machine and is spoken to without TLS.";
        report.warning(
            "postgres.no_tls",
            what,
            "Add sslmode=verify-full to the URL (build with --features postgres-tls).",
        );
    }
}

fn skew(report: &mut Report, skew: Duration) {
    let what = format!("This machine's clock and the database server's are {} s apart.", skew.as_secs());
    let action = "Check the time synchronisation of both.";
    if skew > FAR_OFF {
        report.fault("clock.skew", what, action);
    } else if skew > SKEWED {
        report.warning("clock.skew", what, action);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> Facts {
        Facts {
            version: 150_018,
            fsync: true,
            full_page_writes: true,
            synchronous_commit: "on".into(),
            wants_standby: true,
            standbys: 1,
            hidden: Some(false),
            tls: true,
            is_local: false,
        }
    }

    fn codes(facts: &Facts) -> Vec<&'static str> {
        let mut report = Report::default();
        judge(&mut report, facts);
        report.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn each_setting_that_breaks_a_promise_is_told() {
        assert!(codes(&healthy()).is_empty());
        assert!(codes(&Facts { standbys: 0, hidden: Some(true), ..healthy() }).is_empty());
        for (facts, code) in [
            (Facts { version: 130_000, ..healthy() }, "postgres.version"),
            (Facts { fsync: false, ..healthy() }, "postgres.fsync"),
            (Facts { full_page_writes: false, ..healthy() }, "postgres.full_page_writes"),
            (Facts { synchronous_commit: "local".into(), ..healthy() }, "postgres.synchronous_commit"),
            (Facts { standbys: 0, ..healthy() }, "postgres.standby_missing"),
            (Facts { standbys: 0, hidden: None, ..healthy() }, "postgres.standby_missing"),
            (Facts { tls: false, ..healthy() }, "postgres.no_tls"),
        ] {
            assert_eq!(codes(&facts), [code]);
        }
    }
}
