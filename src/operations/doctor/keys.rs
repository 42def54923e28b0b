//! The key ring and the keystore: there, readable, and of one house with the database.

use std::sync::Arc;

use super::Report;
use crate::config::Config;
use crate::database::{Clock, Connection};
use crate::privacy::keystore::{expected_id, own_id};
use crate::privacy::{KeyRing, Keystore, RingError};

/// Data keys that are opened to see whether they can be.
const SAMPLE: i64 = 50;

/// The ring that the configuration names, if it can be used.
pub(super) fn ring(report: &mut Report, config: &Config) -> Option<Arc<KeyRing>> {
    report.look_at("key_ring");
    match KeyRing::load(&config.keys) {
        Ok(ring) => Some(ring),
        Err(error @ RingError::Missing { .. }) => {
            report.fault(
                "key_ring.missing",
                error.to_string(),
                "Put the ring back from where its copy is kept. Only a service that never ran makes a new one.",
            );
            None
        }
        Err(error) => {
            report.fault("key_ring.unusable", error.to_string(), "Give the file mode 0600, or put its copy back.");
            None
        }
    }
}

/// Whether the ring is the one that the database was set up with.
pub(super) fn fits(report: &mut Report, conn: &mut Connection, ring: &KeyRing) {
    if let Err(error) = ring.fits(conn) {
        report.fault(
            "key_ring.other",
            error.to_string(),
            "Give this node the ring of the others, or the newest copy of the one that the database was made with.",
        );
    }
}

/// Whether the keystore is the database's own, and its keys open.
pub(super) fn keystore(
    report: &mut Report,
    config: &Config,
    clock: &Clock,
    stores: (&mut Connection, &mut Connection),
    ring: Option<&Arc<KeyRing>>,
) {
    let (main, keystore) = stores;
    match (expected_id(main), own_id(keystore)) {
        (Ok(expected), Ok(own)) if expected == own => {}
        (Ok(_), Ok(_)) => {
            report.fault(
                "keystore.other",
                "This keystore does not belong to this database, or is new while the database is not.",
                "Check MEND_KEYS_KEYSTORE_URL and MEND_DATABASE_URL; put the keystore back that was here before.",
            );
            return;
        }
        (main, keystore) => {
            let cause = main.err().or(keystore.err()).map(|cause| cause.to_string()).unwrap_or_default();
            report.fault("keystore.unreadable", cause, "Run `mend migrate`; look at the database's own log.");
            return;
        }
    }
    let Some(ring) = ring else { return };
    let sample = Keystore::open(config, Arc::clone(ring), clock.clone())
        .map_err(|error| error.to_string())
        .and_then(|keystore| keystore.examine_some_now(SAMPLE).map_err(|error| error.to_string()));
    match sample {
        Ok(found) if found.unreadable_count == 0 => {}
        Ok(found) => report.fault(
            "keystore.keys_do_not_open",
            format!("{} of the first {SAMPLE} data keys do not open with this ring.", found.unreadable_count),
            "Give this node the newest key ring; `mend keys check` opens every key.",
        ),
        Err(cause) => report.fault("keystore.unreachable", cause, "See that it runs, and that its URL is right."),
    }
}
