//! SQLite: the settings in force, and with `--deep` whether the file is whole.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Report;
use crate::database::Connection;

/// What a connection of the service must have; see `database::sqlite`.
const SETTINGS: &[(&str, i64)] =
    &[("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("trusted_schema", 0)];

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    value: String,
}

pub(super) fn look(report: &mut Report, conn: &mut Connection, deep: bool) {
    report.look_at("sqlite");
    for (name, expected) in SETTINGS {
        let asked = diesel::sql_query(format!("SELECT {name} AS value FROM pragma_{name}"));
        let found = asked.get_result::<Number>(conn).map(|found| found.value);
        setting(report, name, found.ok(), *expected);
    }
    let journal = diesel::sql_query("SELECT journal_mode AS value FROM pragma_journal_mode").get_result::<Words>(conn);
    if journal.map_or(true, |journal| journal.value != "wal") {
        report.fault(
            "sqlite.journal_mode",
            "The database has no write-ahead log.",
            "Put the data directory on a local disk: network file systems cannot carry it.",
        );
    }
    if deep {
        report.look_at("sqlite_integrity");
        integrity(report, conn);
    }
}

fn setting(report: &mut Report, name: &str, found: Option<i64>, expected: i64) {
    if found != Some(expected) {
        report.fault(
            "sqlite.setting",
            format!("{name} is {found:?} where {expected} is needed."),
            "Report this: the service sets it on every connection.",
        );
    }
}

fn integrity(report: &mut Report, conn: &mut Connection) {
    let checked = diesel::sql_query("SELECT quick_check AS value FROM pragma_quick_check").load::<Words>(conn);
    let is_whole = checked.as_ref().is_ok_and(|lines| lines.iter().all(|line| line.value == "ok"));
    if !is_whole {
        let count = checked.map_or(1, |lines| lines.len());
        report.fault(
            "sqlite.damaged",
            format!("The database's file is damaged: {count} faults."),
            "Stop the service, keep a copy of the file, and restore the newest backup that verifies (`mend restore`).",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_is_not_in_force_is_told() {
        let mut report = Report::default();
        setting(&mut report, "synchronous", Some(2), 2);
        assert!(report.findings.is_empty());
        setting(&mut report, "synchronous", Some(1), 2);
        setting(&mut report, "synchronous", None, 2);
        assert_eq!(report.findings.len(), 2);
    }
}
