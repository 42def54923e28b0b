//! The front matter of content files: TOML between two lines of `+++`, then the text in Markdown.
//! Holds always: what cannot be read is a finding with its line; publications named by key are filled in from `sources.toml`.

use serde_json::{Map, Value};

use super::files::{File, Finding};

/// Where the publications stand.
pub(super) const SOURCES: &str = "sources.toml";
/// Opens and closes the front matter of a file.
const FENCE: &str = "+++";

/// The publications that items name by a short key.
pub(super) fn sources(files: &[File], findings: &mut Vec<Finding>) -> Map<String, Value> {
    let Some(file) = files.iter().find(|file| file.path == SOURCES) else { return Map::new() };
    toml_of(file, &file.text, 0, findings).unwrap_or_default()
}

/// The members of a file: its front matter, and what follows as `body`.
pub(super) fn front_matter(
    file: &File,
    sources: &Map<String, Value>,
    findings: &mut Vec<Finding>,
) -> Option<Map<String, Value>> {
    let Some((matter, body)) = split(&file.text) else {
        findings.push(finding(file, 1, "front_matter", "the file starts with TOML between two lines of +++"));
        return None;
    };
    let mut said = toml_of(file, matter, 1, findings)?;
    if !body.trim().is_empty() && said.insert("body".into(), body.trim().into()).is_some() {
        findings.push(finding(file, 1, "front_matter", "the text stands below the front matter or in it, not in both"));
    }
    for (index, source) in said.get_mut("sources").and_then(Value::as_array_mut).into_iter().flatten().enumerate() {
        let Some(key) = source.get("article").and_then(Value::as_str).map(str::to_owned) else { continue };
        let known = sources.get(&key).and_then(Value::as_object);
        if known.is_none() && source.get("title").is_none() {
            let line = line_of(&file.text, &["sources", &index.to_string()]);
            findings.push(finding(file, line, "unknown_article", "sources.toml has no such article"));
        }
        if let Some(source) = source.as_object_mut() {
            for (name, value) in known.into_iter().flatten() {
                source.entry(name.as_str()).or_insert_with(|| value.clone());
            }
        }
    }
    Some(said)
}

fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(FENCE)?.strip_prefix('\n')?;
    let end = rest.find("\n+++\n")?;
    Some((rest.get(..=end)?, rest.get(end + FENCE.len() + 2..)?))
}

fn toml_of(file: &File, text: &str, lines_before: usize, findings: &mut Vec<Finding>) -> Option<Map<String, Value>> {
    match toml::from_str(text) {
        Ok(members) => Some(members),
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.get(..start).map_or(0, |before| before.matches('\n').count()) + 1 + lines_before;
            findings.push(finding(file, line, "toml", error.message()));
            None
        }
    }
}

/// The line on which a member stands; the first when it is not there.
pub(super) fn line_of(text: &str, segments: &[&str]) -> usize {
    let Some((member, below)) = segments.split_first() else { return 1 };
    let mut lines = (1..).zip(text.lines()).skip(1);
    if *member == "body" {
        return lines.find(|(_, line)| *line == FENCE).map_or(1, |(number, _)| number + 1);
    }
    let assigns =
        |line: &str, name: &str| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='));
    let (table, entry) = (format!("[{member}]"), format!("[[{member}]]"));
    let wanted = below.first().and_then(|index| index.parse().ok()).unwrap_or(0);
    let mut seen = 0;
    while let Some((number, line)) = lines.next() {
        if line == FENCE {
            return 1;
        }
        if assigns(line, member) {
            return number;
        }
        if line.trim() == table {
            let inner = below.first().and_then(|name| lines.find(|(_, line)| assigns(line, name)));
            return inner.map_or(number, |(inner, _)| inner);
        }
        if line.trim() == entry {
            if seen == wanted {
                return number;
            }
            seen += 1;
        }
    }
    1
}

/// Something wrong with a file.
pub(super) fn finding(file: &File, line: usize, rule: &'static str, detail: impl Into<String>) -> Finding {
    Finding::at(&file.path, line, rule, detail)
}
