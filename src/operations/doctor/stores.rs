//! The two databases: reachable, of the right version, migrated; and what the sweeper left in the first.

use std::sync::Arc;
use std::time::Duration;

use super::{Asked, Report, keys, postgres, sqlite};
use crate::config::{Config, Secret};
use crate::database::{Clock, Connection, Purpose, Target, migrations};
use crate::operations::sweeper;
use crate::privacy::KeyRing;

/// A kind of rows that was not swept for so long is late.
const LATE: Duration = Duration::from_hours(24);

pub(super) fn look(report: &mut Report, config: &Config, asked: &Asked, clock: &Clock, ring: Option<&Arc<KeyRing>>) {
    report.look_at("database");
    let Some(mut main) = open(report, config, &config.database.url, "database", Purpose::Read) else { return };
    if !is_migrated(report, &mut main) {
        return;
    }
    if let Some(ring) = ring {
        keys::fits(report, &mut main, ring);
    }
    match &mut main {
        Connection::Sqlite(_) => sqlite::look(report, &mut main, asked.deep),
        Connection::Postgres(_) => postgres::look(report, &mut main, clock),
    }
    sweeps(report, &mut main, clock);
    report.look_at("keystore");
    let Some(mut keystore) = open(report, config, &config.keys.keystore_url, "keystore", Purpose::Keystore) else {
        return;
    };
    keys::keystore(report, config, clock, (&mut main, &mut keystore), ring);
}

/// A connection to a store that is there; a look must not make one.
fn open(
    report: &mut Report,
    config: &Config,
    url: &Secret,
    store: &'static str,
    purpose: Purpose,
) -> Option<Connection> {
    let (missing, unreachable) = match store {
        "database" => ("database.missing", "database.unreachable"),
        _ => ("keystore.missing", "keystore.unreachable"),
    };
    let target = Target::parse(url.expose(), config.database.allow_insecure_postgres);
    if let Ok(Target::Sqlite(path)) = &target
        && !path.exists()
    {
        let what = format!("{} is not there.", path.display());
        report.fault(missing, what, "Start the service once, which makes it; or put it back from a backup.");
        return None;
    }
    match target.and_then(|target| target.connect(purpose)) {
        Ok(connection) => Some(connection),
        Err(error) => {
            report.fault(
                unreachable,
                error.to_string(),
                "See that it runs, and that the URL and the password are right.",
            );
            None
        }
    }
}

fn is_migrated(report: &mut Report, conn: &mut Connection) -> bool {
    let (applied, known) = match (migrations::applied(conn), migrations::known()) {
        (Ok(applied), Ok(known)) => (applied, known),
        (applied, known) => {
            let cause = applied.err().or(known.err()).map(|error| error.to_string()).unwrap_or_default();
            report.fault("database.migrations_unknown", cause, "Start the service once, or run `mend migrate`.");
            return false;
        }
    };
    let newer = applied.iter().filter(|version| !known.contains(version)).count();
    if newer > 0 {
        report.warning(
            "database.newer",
            format!("The database has {newer} migrations that this version does not know."),
            "Run the version that made them; an older one beside it is meant for the time of an upgrade only.",
        );
    }
    let pending = known.iter().filter(|version| !applied.contains(version)).count();
    if pending > 0 {
        report.fault(
            "database.migrations_pending",
            format!("{pending} migrations of this version have not been made."),
            "Run `mend migrate`, or start the service, which does it.",
        );
    }
    pending == 0
}

/// Whether everything that expires was swept lately.
fn sweeps(report: &mut Report, conn: &mut Connection, clock: &Clock) {
    report.look_at("sweeper");
    let Ok(states) = sweeper::states(conn, clock) else {
        report.fault("sweeper.unreadable", "The table of sweeps cannot be read.", "Run `mend migrate`.");
        return;
    };
    let now = clock.now();
    let is_late = |(_, state): &(&String, &sweeper::State)| {
        !state.is_held && state.swept_at.is_none_or(|swept_at| now > swept_at.plus(LATE))
    };
    let late: Vec<&str> = states.iter().filter(is_late).map(|(task, _)| task.as_str()).collect();
    if !late.is_empty() {
        report.warning(
            "sweeper.late",
            format!("Not swept for a day: {}. What has expired is kept for longer than promised.", late.join(", ")),
            "See that a node runs and what its log says of sweeps.",
        );
    }
    if states.values().any(|state| state.swept_at.is_some_and(|swept_at| swept_at > now.plus(LATE))) {
        report.warning(
            "sweeper.ahead",
            "Something was swept in the future: a node's clock is wrong, or this one's is.",
            "Check the time synchronisation of every node.",
        );
    }
}
