//! `mend content`: checks content files, and brings them into the catalogue. Safe while nodes serve: they notice within two seconds.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Outcome, say};
use crate::catalogue::files::{self, File};
use crate::catalogue::import::{self, ImportError, Report};
use crate::config::{Config, Flags};
use crate::database::{Clock, DataDirectory, Database};
use crate::routes;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check content files against every rule; each fault names file, line and rule
    Lint {
        /// The folder with the files; without it, the starter catalogue inside this binary
        folder: Option<PathBuf>,
    },
    /// Bring content files into the catalogue; what a curator changed or took back is left alone
    Import {
        /// The folder with the files
        folder: PathBuf,
        /// Publish the items; without it they become drafts
        #[arg(long)]
        publish: bool,
    },
}

pub(super) fn run(command: &Command, flags: &Flags) -> Outcome {
    match command {
        Command::Lint { folder } => lint(folder.as_deref()),
        Command::Import { folder, publish } => bring_in(&Config::load(flags)?, &read(folder)?, *publish),
    }
}

fn lint(folder: Option<&Path>) -> Outcome {
    let files = folder.map_or_else(|| Ok(files::starter()), read)?;
    match import::lint(&routes::kinds(), &files) {
        Ok(items) => say(&format!("{} items, no fault", items.len())),
        Err(findings) => {
            for finding in &findings {
                say(&finding.to_string())?;
            }
            Err(format!("{} faults", findings.len()).into())
        }
    }
}

fn bring_in(config: &Config, files: &[File], publish: bool) -> Outcome {
    let _directory = DataDirectory::create(&config.data_dir)?;
    let database = Database::open(&config.database, Clock::system())?;
    database.migrate()?;
    match import::run(&database, &routes::kinds(), files, publish) {
        Ok(report) => tell(&report),
        Err(ImportError::Content(findings)) => {
            for finding in &findings {
                say(&finding.to_string())?;
            }
            Err(format!("{} faults; nothing was imported", findings.len()).into())
        }
        Err(error) => Err(error.into()),
    }
}

fn tell(report: &Report) -> Outcome {
    let lists = [("added", &report.added), ("changed", &report.changed), ("kept as a curator left it", &report.kept)];
    for (what, items) in lists {
        for item in items {
            say(&format!("{what}: {item}"))?;
        }
    }
    say(&format!("{} unchanged", report.unchanged.len()))
}

fn read(folder: &Path) -> Result<Vec<File>, Box<dyn std::error::Error + Send + Sync>> {
    files::from_disk(folder).map_err(|error| format!("{}: {error}", folder.display()).into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::catalogue::{files, import};
    use crate::routes;

    /// Every starter item as JSON, or the faults as a failed test.
    fn items() -> Vec<(&'static str, Value)> {
        let items = import::lint(&routes::kinds(), &files::starter()).unwrap_or_else(|findings| {
            let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
            panic!("the starter catalogue breaks rules:\n{}", lines.join("\n"))
        });
        items.into_iter().map(|item| (item.kind, serde_json::from_str(&item.document).unwrap())).collect()
    }

    #[test]
    fn the_starter_catalogue_keeps_every_rule() {
        let items = items();
        let count = |kind| items.iter().filter(|(known, _)| *known == kind).count();
        assert!(count("tips") >= 24, "{} tips", count("tips"));
        assert!(count("programs") >= 4, "{} programs", count("programs"));
    }

    #[test]
    fn the_starter_catalogue_covers_all_articles_and_claims_no_review() {
        let items = items();
        let tips = items.iter().filter(|(kind, _)| *kind == "tips");
        let articles: BTreeSet<&str> = tips
            .flat_map(|(_, tip)| tip["sources"].as_array().unwrap())
            .map(|source| source["article"].as_str().unwrap())
            .collect();
        assert_eq!(articles, BTreeSet::from(["S0", "S1", "S2", "S3", "S4"]));
        assert!(items.iter().all(|(_, item)| item["review"]["status"] == "unreviewed"));
    }

    #[test]
    fn people_who_must_not_be_pushed_have_enough_to_read() {
        let items = items();
        let is_free = |item: &Value| {
            let wrong_for = item["contraindications"].as_array().unwrap();
            item["nudges"].as_array().unwrap().is_empty()
                && !wrong_for.iter().any(|word| ["harm", "no_contact"].contains(&word.as_str().unwrap()))
        };
        let free = items.iter().filter(|(kind, item)| *kind == "tips" && is_free(item)).count();
        assert!(free >= 10, "{free} tips");
    }
}
