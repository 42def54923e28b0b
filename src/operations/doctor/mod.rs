//! `mend doctor`: looks a deployment over and says what to do.
//! Holds always: it changes nothing, makes no file and takes no lock, so it may run beside the service; a finding's code
//! keeps its meaning; no finding holds a secret, an id or a word of anybody.

mod backups;
mod deployment;
mod folder;
mod keys;
mod postgres;
mod sqlite;
mod stores;

use std::path::PathBuf;

use serde::Serialize;

use crate::config::Config;
use crate::database::Clock;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It works, and something should be done before it does not.
    Warning,
    /// It does not work, or what it promises does not hold.
    Fault,
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable name, `part.fault`.
    pub code: &'static str,
    pub level: Level,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub action: &'static str,
}

/// What the doctor should look at beside the configuration.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Read the whole database for damage, which takes time.
    pub deep: bool,
    /// A folder of backups whose age matters.
    pub backups: Option<PathBuf>,
}

/// Everything that was found, and what was looked at.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Worst first.
    pub findings: Vec<Finding>,
    /// The parts that were looked at.
    pub looked_at: Vec<&'static str>,
}

impl Report {
    /// A report of one fault that kept the doctor from looking any further.
    #[must_use]
    pub fn refused(what: String) -> Self {
        let mut report = Self::default();
        report.look_at("configuration");
        report.fault("configuration.unusable", what, "Correct it; `mend config table` lists every setting.");
        report
    }

    /// Looks at everything. Blocks.
    #[must_use]
    pub fn of(config: &Config, asked: &Asked, clock: &Clock) -> Self {
        let mut report = Self::default();
        report.look_at("configuration");
        folder::look(&mut report, config);
        deployment::look(&mut report, config);
        let ring = keys::ring(&mut report, config);
        stores::look(&mut report, config, asked, clock, ring.as_ref());
        if let Some(folder) = &asked.backups {
            backups::look(&mut report, folder, clock);
        }
        report.findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        report
    }

    /// 0 when all is well, 1 with warnings, 2 with faults.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.findings.iter().map(|finding| finding.level).max() {
            None => 0,
            Some(Level::Warning) => 1,
            Some(Level::Fault) => 2,
        }
    }

    fn look_at(&mut self, part: &'static str) {
        self.looked_at.push(part);
    }

    fn fault(&mut self, code: &'static str, what: impl Into<String>, action: &'static str) {
        self.findings.push(Finding { code, level: Level::Fault, what: what.into(), action });
    }

    fn warning(&mut self, code: &'static str, what: impl Into<String>, action: &'static str) {
        self.findings.push(Finding { code, level: Level::Warning, what: what.into(), action });
    }
}
