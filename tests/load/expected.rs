//! The shares that the service had when they were last written down, and the check against them.
//! Holds always: a share that fell by a fifth fails the run; one that rose is only told.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::Report;

/// How much of the expected share must be left.
const LEFT: f64 = 0.8;

/// Holds a report against a file of `W1 = 0.61` lines.
pub fn hold(report: &Report, file: &Path) {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let expected: BTreeMap<String, f64> = toml::from_str(&text).expect("a table of shares");
    let mut fell = Vec::new();
    for figure in &report.figures {
        let name = figure.workload.name();
        let Some(expected) = expected.get(&name) else { panic!("{name} is not in {}", file.display()) };
        let share = figure.share();
        println!("{name}: {:.1} % of the floor, {:.1} % expected", share * 100.0, expected * 100.0);
        if share < expected * LEFT {
            fell.push(name);
        }
    }
    assert!(fell.is_empty(), "fell by a fifth or more: {}", fell.join(", "));
}
