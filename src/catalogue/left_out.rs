//! The content's own list of what it leaves out of the articles it is written from, and why.
//! Holds always: each entry names an article of `sources.toml`, its lines, what they say and why it is not served.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::files::{File, Finding};

/// Where the list stands in a content folder; a folder may have none.
pub(super) const FILE: &str = "left-out.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    left_out: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// A key of `sources.toml`.
    article: String,
    lines: Vec<u32>,
    what: String,
    why: String,
}

/// Why each article and line of the list is left out; nothing when the list cannot be read.
pub(super) fn reasons(files: &[File]) -> BTreeMap<(String, u32), String> {
    let file = files.iter().find(|file| file.path == FILE);
    let list = file.and_then(|file| toml::from_str::<List>(&file.text).ok());
    let entries = list.into_iter().flat_map(|list| list.left_out);
    let places = entries.flat_map(|entry| {
        let Entry { article, lines, why, .. } = entry;
        lines.into_iter().map(move |line| ((article.clone(), line), why.clone()))
    });
    places.collect()
}

/// What is wrong with the list.
pub(super) fn check(files: &[File], sources: &Map<String, Value>) -> Vec<Finding> {
    let Some(file) = files.iter().find(|file| file.path == FILE) else { return Vec::new() };
    let finding = |line, rule, detail: &str| Finding::at(FILE, line, rule, detail);
    let list: List = match toml::from_str(&file.text) {
        Ok(list) => list,
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let line = file.text.get(..start).map_or(0, |before| before.matches('\n').count()) + 1;
            return vec![finding(line, "toml", error.message())];
        }
    };
    let places =
        (1..).zip(file.text.lines()).filter(|(_, line)| line.trim() == "[[left_out]]").map(|(number, _)| number);
    let mut findings = Vec::new();
    for (line, entry) in places.zip(&list.left_out) {
        if !sources.contains_key(&entry.article) {
            findings.push(finding(line, "unknown_article", "sources.toml has no such article"));
        }
        if entry.lines.is_empty() || entry.what.trim().is_empty() || entry.why.trim().is_empty() {
            findings.push(finding(line, "incomplete", "an entry has lines, what they say, and why it is left out"));
        }
    }
    findings
}
