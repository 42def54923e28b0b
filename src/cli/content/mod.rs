//! `mend content`: checks content files, and brings them into the catalogue. Safe while nodes serve: they notice within two seconds.

mod export;
mod links;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Outcome, say};
use crate::catalogue::exchange::{self, Format};
use crate::catalogue::files::{self, File};
use crate::catalogue::import::{self, How, ImportError, Report};
use crate::catalogue::trace::{self, Answer};
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
    /// Print where each number of the articles' table is said, or why it is left out; fails on a gap
    Trace {
        /// The folder with the files; without it, the starter catalogue inside this binary
        folder: Option<PathBuf>,
    },
    /// Bring content into the catalogue; what a curator changed or took back is left alone
    Import {
        /// The folder with the files; or a file of JSON Lines (.jsonl), comma-separated values (.csv) or a tar archive (.tar)
        source: PathBuf,
        /// Publish the items; without it they become drafts
        #[arg(long)]
        publish: bool,
        /// The address of the curator who has read the files; with `--publish`, unless one person may do everything
        #[arg(long, value_name = "EMAIL")]
        approved_by: Option<String>,
        /// Say what would happen, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    Export(export::Export),
    Links(links::Links),
}

pub(super) fn run(command: &Command, flags: &Flags) -> Outcome {
    match command {
        Command::Lint { folder } => lint(folder.as_deref()),
        Command::Trace { folder } => trace(folder.as_deref()),
        Command::Links(asked) => links::run(asked, &Config::load(flags)?),
        Command::Export(asked) => export::run(asked, &Config::load(flags)?),
        Command::Import { source, publish, approved_by, dry_run } => {
            let config = Config::load(flags)?;
            let two_person = config.catalogue.two_person;
            let how = How { publish: *publish, dry_run: *dry_run, two_person, approved_by: None };
            bring_in(&config, source, how, approved_by.as_deref())
        }
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

fn trace(folder: Option<&Path>) -> Outcome {
    let files = folder.map_or_else(|| Ok(files::starter()), read)?;
    let rows = trace::trace(&routes::kinds(), &files)?;
    for row in &rows {
        say(&row.to_string())?;
    }
    let gaps = rows.iter().filter(|row| matches!(row.answer, Answer::Gap(_))).count();
    if gaps == 0 { Ok(()) } else { Err(format!("{gaps} of {} numbers have a gap", rows.len()).into()) }
}

fn bring_in(config: &Config, source: &Path, how: How, approved_by: Option<&str>) -> Outcome {
    let kinds = routes::kinds();
    let found = if source.is_dir() {
        files::read(&kinds, &read(source)?)
    } else {
        let format = format_of(source).ok_or("a file of content ends in .jsonl, .csv or .tar")?;
        let bytes = std::fs::read(source).map_err(|error| format!("{}: {error}", source.display()))?;
        exchange::read(&kinds, format, &source.display().to_string(), &bytes)
    };
    let approved_by = approved_by.map(|email| super::accounts::curator(email, config)).transpose()?;
    let _directory = DataDirectory::create(&config.data_dir)?;
    let database = Database::open(&config.database, Clock::system())?;
    database.migrate()?;
    match import::bring_in(&database, &kinds, found, How { approved_by, ..how }) {
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

/// The format that a file's name tells.
fn format_of(file: &Path) -> Option<Format> {
    let extension = file.extension()?.to_str()?;
    Format::ALL.iter().map(|(format, _, _)| *format).find(|format| format.extension() == extension)
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
