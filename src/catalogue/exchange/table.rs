//! Tables of comma-separated values (RFC 4180): one item a row, all of one kind, a heading with the members' names.
//! Holds always: a column that the kind does not know is refused; nothing of an item is lost, what is deep stands in its cell
//! as JSON.
//!
//! The columns are `kind`, the kind's members in the order of its schema, and `base`. A list of words is written with `|`
//! between them, a member with plain members of its own as several columns (`review.status`), everything deeper as JSON. An
//! empty cell says nothing. Text that a spreadsheet would run as a formula begins with an apostrophe, which is taken off again.

use csv::{ReaderBuilder, StringRecord, Terminator, Trim, WriterBuilder};
use serde_json::{Map, Value};

use super::node::{Members, Node};
use super::shape::Holds;
use super::{Exported, Read, Unwritable, cell, written};
use crate::catalogue::files::{Finding, Origin};
use crate::catalogue::kinds::{Kinds, Registered};
use crate::catalogue::rules::fault;

/// The columns beside the members of an item.
const KIND: &str = "kind";
const BASE: &str = "base";

/// The table of these items.
///
/// # Errors
/// When the items are not all of one kind.
pub fn write(items: &[Exported]) -> Result<Vec<u8>, Unwritable> {
    let Some(first) = items.first() else { return Ok(Vec::new()) };
    if items.iter().any(|item| item.kind.name != first.kind.name) {
        return Err(Unwritable::SeveralKinds);
    }
    let columns = (first.kind.shape)().columns();
    let has_base = items.iter().any(|item| item.base.is_some());
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let names = columns.iter().map(|(name, _)| name.as_str());
    let heading = [KIND].into_iter().chain(names).chain(has_base.then_some(BASE));
    writer.write_record(heading).map_err(broken)?;
    for item in items {
        let mut row = vec![item.kind.singular.to_owned()];
        for (name, _) in &columns {
            row.push(member(&item.members, name).map_or(Ok(String::new()), cell::text).map_err(broken)?);
        }
        row.extend(has_base.then(|| item.base.clone().unwrap_or_default()));
        writer.write_record(row.into_iter().map(cell::guarded)).map_err(broken)?;
    }
    writer.into_inner().map_err(broken)
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Unwritable {
    Unwritable::Broken(Box::new(error))
}

/// The member of this name, which may be `name.inner`.
fn member<'a>(members: &'a Members, name: &str) -> Option<&'a Node> {
    let Some((outer, inner)) = name.split_once('.') else { return members.get(name) };
    match members.get(outer)? {
        Node::Members(members) => members.get(inner),
        _ => None,
    }
}

/// The items of these rows.
#[must_use]
pub fn read(kinds: &Kinds, name: &str, bytes: &[u8]) -> Read {
    let (mut items, mut findings) = (Vec::new(), Vec::new());
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().trim(Trim::Headers).has_headers(true).from_reader(bytes);
    let mut lines = Lines { bytes, at: 0, line: 1 };
    let at = |line| Origin::Line { file: name.to_owned(), line };
    let heading = match reader.headers() {
        Ok(heading) => heading.clone(),
        Err(error) => return (items, vec![at(1).finding(unreadable(&error))]),
    };
    let mut table: Option<Table> = None;
    for record in reader.into_records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                findings.push(at(lines.of(error.position())).finding(unreadable(&error)));
                continue;
            }
        };
        let origin = at(lines.of(record.position()));
        let known = match &table {
            Some(table) => table,
            None => match Table::of(kinds, &heading, &record, &origin) {
                Ok(found) => table.insert(found),
                Err(wrong) => return (items, wrong),
            },
        };
        match known.said(&record, &origin) {
            Ok(said) => match written(kinds, said, origin) {
                Ok(item) => items.push(item),
                Err(finding) => findings.push(finding),
            },
            Err(wrong) => findings.extend(wrong),
        }
    }
    (items, findings)
}

/// Counts lines on the way through a table: the reader itself counts one too few after a line that ends in CR LF.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line on which the row begins that was read at this place; places come in order.
    fn of(&mut self, place: Option<&csv::Position>) -> usize {
        let start = place.and_then(|place| usize::try_from(place.byte()).ok()).unwrap_or(self.at);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let start = start + rest.iter().take_while(|byte| b"\r\n".contains(byte)).count();
        let passed = self.bytes.get(self.at..start).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').skip(1).count();
        self.at = self.at.max(start);
        self.line
    }
}

fn unreadable(error: &csv::Error) -> crate::http::problem::Fault {
    let (code, detail) = match error.kind() {
        csv::ErrorKind::UnequalLengths { .. } => ("unequal_lengths", "The row has not as many cells as the heading."),
        csv::ErrorKind::Utf8 { .. } => ("not_utf8", "The row is not UTF-8."),
        _ => ("malformed_csv", "The row cannot be read (RFC 4180)."),
    };
    fault("", code, detail)
}

/// A table's columns, in the order of its heading.
struct Table {
    kind: Registered,
    columns: Vec<(String, Holds)>,
}

impl Table {
    /// The columns that the heading names, for the kind that the first row names.
    fn of(kinds: &Kinds, heading: &StringRecord, first: &StringRecord, origin: &Origin) -> Result<Self, Vec<Finding>> {
        let place = heading.iter().position(|name| name == KIND);
        let word = place.and_then(|place| first.get(place)).map(cell::unguarded).unwrap_or_default();
        let Some(kind) = kinds.singular(word).or_else(|| kinds.named(word)).copied() else {
            let detail = "The column `kind` names one of the kinds of items, the same in each row.";
            return Err(vec![origin.finding(fault("/kind", "unknown_kind", detail))]);
        };
        let known = (kind.shape)().columns();
        let holds = |name: &str| match name {
            KIND | BASE | "change_note" => Some(Holds::Text),
            name => known.iter().find(|(known, _)| known == name).map(|(_, holds)| *holds),
        };
        let (mut columns, mut findings) = (Vec::new(), Vec::new());
        let top = Origin::Line { file: origin.place("").0, line: 1 };
        for (number, name) in (1..).zip(heading) {
            let wrong = |code, detail: String| top.finding(fault(format!("/{}", name.replace('.', "/")), code, detail));
            match holds(name) {
                Some(_) if columns.iter().any(|(known, _)| known == name) => {
                    findings.push(wrong("repeated", format!("Column {number} has the name of another.")));
                }
                Some(holds) => columns.push((name.to_owned(), holds)),
                None => {
                    findings.push(wrong("unknown_column", format!("Column {number} is none of this kind's members.")));
                }
            }
        }
        if findings.is_empty() { Ok(Self { kind, columns }) } else { Err(findings) }
    }

    /// What a row says.
    fn said(&self, record: &StringRecord, origin: &Origin) -> Result<Map<String, Value>, Vec<Finding>> {
        let (mut said, mut findings) = (Map::new(), Vec::new());
        for ((name, holds), text) in self.columns.iter().zip(record) {
            let text = cell::unguarded(text);
            if text.is_empty() {
                continue;
            }
            let pointer = format!("/{}", name.replace('.', "/"));
            if name == KIND && ![self.kind.singular, self.kind.name].contains(&text) {
                findings.push(origin.finding(fault(&pointer, "several_kinds", "A table holds items of one kind.")));
            }
            let Some(value) = cell::value(text, *holds) else {
                findings.push(origin.finding(fault(&pointer, "malformed_json", "This cell holds JSON.")));
                continue;
            };
            match name.split_once('.') {
                None => drop(said.insert(name.clone(), value)),
                Some((outer, inner)) => {
                    let around = said.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                    if let Some(members) = around.as_object_mut() {
                        members.insert(inner.to_owned(), value);
                    }
                }
            }
        }
        if findings.is_empty() { Ok(said) } else { Err(findings) }
    }
}
