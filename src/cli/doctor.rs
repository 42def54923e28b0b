//! `mend doctor`: what is wrong with this deployment, and what to do about it.
//! Holds always: 0 says that all is well, 1 that something should be done, 2 that something does not work.

use std::path::PathBuf;

use clap::Args;

use super::{Outcome, say};
use crate::config::{Config, Flags};
use crate::database::Clock;
use crate::operations::doctor::{Asked, Level, Report};

/// Look this deployment over and say what to do; safe while the service runs
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Read the whole of an SQLite database for damage
    #[arg(long)]
    deep: bool,
    /// A folder of backups whose age matters
    #[arg(long, value_name = "FOLDER")]
    backups: Option<PathBuf>,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// The doctor found something, and has said it already.
#[derive(Debug, thiserror::Error)]
#[error("something was found")]
pub struct Found(pub u8);

pub(super) fn run(asked: Doctor, flags: &Flags) -> Outcome {
    let Doctor { deep, backups, json } = asked;
    let report = match Config::load(flags) {
        Ok(config) => Report::of(&config, &Asked { deep, backups }, &Clock::system()),
        Err(error) => Report::refused(error.to_string()),
    };
    if json {
        say(&serde_json::to_string(&report)?)?;
    } else {
        say(&told(&report))?;
    }
    match report.exit_code() {
        0 => Ok(()),
        code => Err(Found(code).into()),
    }
}

fn told(report: &Report) -> String {
    let mut lines: Vec<String> = Vec::new();
    for finding in &report.findings {
        let level = match finding.level {
            Level::Fault => "FAULT  ",
            Level::Warning => "warning",
        };
        lines.push(format!("{level} {}: {}\n        {}", finding.code, finding.what, finding.action));
    }
    if lines.is_empty() {
        lines.push("all is well".to_owned());
    }
    lines.push(format!("looked at: {}", report.looked_at.join(", ")));
    lines.join("\n")
}
