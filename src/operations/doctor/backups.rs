//! The age of the newest backup in a folder, by the files' own times: what is in them `mend backup verify` tells.

use std::path::Path;
use std::time::Duration;

use super::Report;
use crate::database::{Clock, Timestamp};

const OLD: Duration = Duration::from_hours(48);

pub(super) fn look(report: &mut Report, folder: &Path, clock: &Clock) {
    report.look_at("backups");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let databases = entries.filter(|entry| entry.path().extension().is_some_and(|name| name == "database"));
    let made = databases.filter_map(|entry| {
        let modified = entry.metadata().ok()?.modified().ok()?;
        Some(Timestamp::from(chrono::DateTime::<chrono::Utc>::from(modified)))
    });
    match made.max() {
        None => report.fault(
            "backups.none",
            format!("There is no backup of the database in {}.", folder.display()),
            "Take one: `mend backup create`.",
        ),
        Some(newest) if clock.now().since(newest) > OLD => report.warning(
            "backups.old",
            format!("The newest backup is {} hours old.", clock.now().since(newest).as_secs() / 3600),
            "See why no newer one was taken; take one now.",
        ),
        Some(_) => {}
    }
}
