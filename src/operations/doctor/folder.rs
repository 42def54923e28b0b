//! The data directory: whose it is, who may look into it, how much room is left.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::Report;
use crate::config::Config;
use crate::operations::machine;

/// Below this, writes may soon be refused.
const LITTLE: u64 = 2 << 30;
/// Below this, they will be within the hour on a busy day.
const HARDLY: u64 = 128 << 20;

pub(super) fn look(report: &mut Report, config: &Config) {
    report.look_at("data_directory");
    let folder = &config.data_dir;
    let Ok(metadata) = std::fs::metadata(folder) else {
        report.warning(
            "data_directory.missing",
            format!("{} is not there, or cannot be read.", folder.display()),
            "Start the service once, which makes it; or correct MEND_DATA_DIR.",
        );
        return;
    };
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() != user && user != 0 {
        report.fault(
            "data_directory.owner",
            format!("{} belongs to user {}, and this is user {user}.", folder.display(), metadata.uid()),
            "Run mend as the user whose directory it is, or give the directory to this user.",
        );
    }
    exposed(report, "data_directory.exposed", folder);
    for name in ["mend.db", "mend.db-wal", "keystore.db"] {
        exposed(report, "data_directory.file_exposed", &folder.join(name));
    }
    report.look_at("disk");
    if let Some(free) = machine::free_bytes(folder) {
        room(report, free);
    }
}

/// Whether anybody but its owner may look into a file or folder.
fn exposed(report: &mut Report, code: &'static str, path: &Path) {
    let Ok(metadata) = std::fs::metadata(path) else { return };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        report.warning(
            code,
            format!("{} has mode {mode:03o}: others on this machine may look into it.", path.display()),
            "chmod go= it.",
        );
    }
}

fn room(report: &mut Report, free: u64) {
    let what = format!("{} MiB are free where the data directory is.", free >> 20);
    let action = "Make room. Without any, reads go on and writes answer 503 until there is some.";
    if free < HARDLY {
        report.fault("disk.full", what, action);
    } else if free < LITTLE {
        report.warning("disk.low", what, action);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_told_before_there_is_none() {
        for (free, code) in [(4 << 30, None), (1 << 30, Some("disk.low")), (1 << 20, Some("disk.full"))] {
            let mut report = Report::default();
            room(&mut report, free);
            assert_eq!(report.findings.first().map(|finding| finding.code), code);
        }
    }
}
