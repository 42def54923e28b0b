//! The database file of a node that has ended, opened by the service's own code and its own SQLite.
//! Holds always: it is looked at only while nobody serves it.

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use mend::config::Config;
use mend::database::{Clock, Connection, Database, Failure};

/// Heads whose counts, bytes or sequence are not those of the owner's rows.
const WRONG_HEADS: &str = "SELECT count(*) AS value FROM owner_heads h WHERE \
     live_count <> (SELECT count(*) FROM records r WHERE r.owner = h.owner AND trashed_at IS NULL AND purged_at IS NULL) OR \
     trashed_count <> (SELECT count(*) FROM records r WHERE r.owner = h.owner AND trashed_at IS NOT NULL AND purged_at IS NULL) OR \
     stored_bytes <> (SELECT coalesce(sum(length(document)), 0) FROM records r WHERE r.owner = h.owner) \
                   + (SELECT coalesce(sum(length(document)), 0) FROM record_revisions v WHERE v.owner = h.owner) OR \
     sequence < (SELECT coalesce(max(sequence), 0) FROM records r WHERE r.owner = h.owner)";

/// The main database.
pub struct Store(Database);

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

impl Store {
    pub fn open(data: &Path) -> Self {
        let config = Config::for_tests(data);
        Self(Database::open(&config.database, Clock::system()).expect("a database"))
    }

    /// SQLite's own check of the whole file, and ours of the heads.
    #[track_caller]
    pub fn is_sound(&self) {
        let lines = self.0.read_now(|connection: &mut Connection| -> Result<Vec<Line>, Failure> {
            Ok(diesel::sql_query("PRAGMA integrity_check").load(connection)?)
        });
        let found: Vec<String> = lines.expect("a check").into_iter().map(|line| line.integrity_check).collect();
        assert_eq!(found, ["ok"]);
        assert_eq!(self.count(WRONG_HEADS), 0, "heads that do not fit their rows");
    }

    /// The number that a query gives as `value`.
    #[track_caller]
    pub fn count(&self, query: &'static str) -> i64 {
        let rows = self.0.read_now(move |connection: &mut Connection| -> Result<Count, Failure> {
            Ok(diesel::sql_query(query).get_result(connection)?)
        });
        rows.expect("a count").value
    }
}
