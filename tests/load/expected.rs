//! The shares that the service had when they were last written down, and the check against them.
//! Holds always: a share that fell by a fifth fails the run; one that rose is only told.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::{Figure, Report};
use crate::workload::Workload;

/// How much of the expected share must be left.
const LEFT: f64 = 0.8;

/// Shares by workload, as in `W1 = 0.61`.
pub struct Expected(BTreeMap<String, f64>);

impl Expected {
    pub fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self(toml::from_str(&text).expect("a table of shares"))
    }

    fn of(&self, workload: Workload) -> f64 {
        let name = workload.name();
        self.0.get(&name).copied().unwrap_or_else(|| panic!("no share is expected of {name}"))
    }

    /// Whether a fifth or more is missing.
    pub fn fell(&self, figure: &Figure) -> bool {
        figure.share() < self.of(figure.workload) * LEFT
    }

    /// Tells each share beside the expected one, and fails when one fell.
    pub fn hold(&self, report: &Report) {
        for figure in &report.figures {
            let (name, share) = (figure.workload.name(), figure.share());
            println!("{name}: {:.1} % of the floor, {:.1} % expected", share * 100.0, self.of(figure.workload) * 100.0);
        }
        let fell: Vec<_> = report.figures.iter().filter(|figure| self.fell(figure)).collect();
        let names: Vec<_> = fell.iter().map(|figure| figure.workload.name()).collect();
        assert!(names.is_empty(), "fell by a fifth or more: {}", names.join(", "));
    }
}
