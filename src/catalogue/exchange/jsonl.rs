//! JSON Lines: one item a line, its kind first, its base last.
//! Holds always: a fault names the line.

use serde_json::Value;

use super::node::{Members, Node};
use super::{Exported, Read, Unwritable, written};
use crate::catalogue::files::{Finding, Origin};
use crate::catalogue::kinds::Kinds;
use crate::catalogue::rules::fault;
use crate::http::input;

/// The lines of these items.
///
/// # Errors
/// When an item is not JSON, which none is.
pub fn write(items: &[Exported]) -> Result<Vec<u8>, Unwritable> {
    let mut bytes = Vec::new();
    for item in items {
        serde_json::to_writer(&mut bytes, &line(item)).map_err(|error| Unwritable::Broken(error.into()))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn line(item: &Exported) -> Members {
    let mut members = Members::default();
    members.add("kind", item.kind.singular);
    members.0.extend(item.members.0.iter().cloned());
    if let Some(base) = &item.base {
        members.0.push(("base".to_owned(), Node::Plain(Value::from(base.as_str()))));
    }
    members
}

/// The items of these lines; empty lines are passed over.
#[must_use]
pub fn read(kinds: &Kinds, name: &str, bytes: &[u8]) -> Read {
    let (mut items, mut findings) = (Vec::new(), Vec::new());
    let lines = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).split(|byte| *byte == b'\n');
    for (line, text) in (1..).zip(lines) {
        let text = text.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let origin = Origin::Line { file: name.to_owned(), line };
        match item(kinds, text, origin) {
            Ok(item) => items.push(item),
            Err(wrong) => findings.extend(wrong),
        }
    }
    (items, findings)
}

fn item(kinds: &Kinds, text: &[u8], origin: Origin) -> Result<crate::catalogue::files::Written, Vec<Finding>> {
    let one = |code, detail: &str| vec![origin.finding(fault("", code, detail))];
    match input::value(text) {
        Ok(Value::Object(said)) => written(kinds, said, origin).map_err(|finding| vec![finding]),
        Ok(_) => Err(one("wrong_type", "Each line is one JSON object.")),
        Err(problem) if problem.fault_list().is_empty() => Err(one("malformed_json", "The line is not valid JSON.")),
        Err(problem) => Err(problem.fault_list().iter().map(|fault| origin.finding(fault.clone())).collect()),
    }
}
