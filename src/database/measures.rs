//! What the database tells the metrics: how long work waits, how much of it is committed together, how long a commit takes.
//! Holds always: a handle is made once, with its labels, so that telling costs an atomic operation or two.

use std::time::Duration;

use metrics::{Gauge, Histogram, gauge, histogram};

/// The handles of one store.
#[derive(Clone)]
pub(super) struct Measures {
    /// Writes that wait for SQLite's writer.
    pub(super) queued: Gauge,
    /// How long the first write of a batch waited for it.
    pub(super) writer_wait: Histogram,
    /// Writes that were committed together.
    pub(super) batch: Histogram,
    commit: Histogram,
    /// How long reads waited: on SQLite each for a reader, on PostgreSQL those who had to for a connection.
    pub(super) read_wait: Histogram,
    /// The same of writes on PostgreSQL.
    pub(super) write_wait: Histogram,
}

impl Measures {
    /// The handles of `store`: `main` or `keystore`.
    pub(super) fn of(store: &'static str) -> Self {
        Self {
            queued: gauge!("mend_database_queued_writes", "store" => store),
            writer_wait: histogram!("mend_database_writer_wait_seconds", "store" => store),
            batch: histogram!("mend_database_batch_writes", "store" => store),
            commit: histogram!("mend_database_commit_duration_seconds", "store" => store),
            read_wait: histogram!("mend_database_gate_wait_seconds", "store" => store, "gate" => "read"),
            write_wait: histogram!("mend_database_gate_wait_seconds", "store" => store, "gate" => "write"),
        }
    }

    pub(super) fn committed(&self, took: Duration) {
        self.commit.record(took.as_secs_f64());
    }
}
