//! The table of what the source articles hold: each number with its places in them, and the items that say it.
//! Holds always: a number is said by an item of every kind that it needs, citing one of its places, or stands in the list
//! of what was left out; what neither holds is a gap.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::checking::{Item, lint};
use super::files::{File, Finding};
use super::kinds::Kinds;
use super::left_out;

/// Where the table stands in a content folder.
pub(super) const FILE: &str = "trace.toml";

/// An article's key and a line of it.
type Place = (String, u32);
/// Where every place is cited: the kind's singular name and the item, e.g. `en/tips/anger-is-allowed`.
type Citations = BTreeMap<Place, BTreeSet<(&'static str, String)>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    item: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    number: u32,
    label: String,
    /// `S0:13`, or `S0:39-43` for several lines.
    at: Vec<String>,
    /// Kinds by their singular names; none when the number is left out.
    needs: Vec<String>,
}

/// One line of the table, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    /// Article and line, as the table has them.
    pub at: Vec<String>,
    pub label: String,
    pub answer: Answer,
}

/// What became of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The items that cite one of its places, of the kinds that it needs.
    Said(Vec<String>),
    /// Why nothing says it.
    LeftOut(String),
    /// What is missing.
    Gap(String),
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>3}  {}  {}: ", self.number, self.at.join(" "), self.label)?;
        match &self.answer {
            Answer::Said(items) => f.write_str(&items.join(", ")),
            Answer::LeftOut(why) => write!(f, "left out. {why}"),
            Answer::Gap(what) => write!(f, "GAP: {what}"),
        }
    }
}

/// Why there is no table.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    #[error("{} rule(s) of the content are broken; `mend content lint` names them", .0.len())]
    Content(Vec<Finding>),
    #[error("{FILE}: {0}")]
    Table(String),
}

/// Every number of the table and what became of it. Content that breaks a rule has no table.
///
/// # Errors
/// When the content or the table cannot be read.
pub fn trace(kinds: &Kinds, files: &[File]) -> Result<Vec<Row>, TraceError> {
    let Some(file) = files.iter().find(|file| file.path == FILE) else {
        return Err(TraceError::Table("there is no such file".to_owned()));
    };
    let table: Table = toml::from_str(&file.text).map_err(|error| TraceError::Table(error.message().to_owned()))?;
    let items = lint(kinds, files).map_err(TraceError::Content)?;
    let (citations, left_out) = (citations(kinds, &items), left_out::reasons(files));
    let mut rows = Vec::new();
    for entry in table.item {
        let places = places(&entry.at)?;
        let answer = answer(&entry.needs, &places, &citations, &left_out);
        rows.push(Row { number: entry.number, at: entry.at, label: entry.label, answer });
    }
    Ok(rows)
}

fn answer(needs: &[String], places: &[Place], citations: &Citations, left_out: &BTreeMap<Place, String>) -> Answer {
    if needs.is_empty() {
        let why = places.iter().find_map(|place| left_out.get(place));
        return why.map_or_else(|| Answer::Gap("no item and no reason".to_owned()), |why| Answer::LeftOut(why.clone()));
    }
    let citing: BTreeSet<_> = places.iter().filter_map(|place| citations.get(place)).flatten().collect();
    let said = |need: &String| citing.iter().any(|(kind, _)| kind == need);
    let missing: Vec<&str> = needs.iter().filter(|need| !said(need)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Answer::Gap(format!("no {} cites it", missing.join(", no ")));
    }
    let needed = citing.into_iter().filter(|(kind, _)| needs.iter().any(|need| need == kind));
    Answer::Said(needed.map(|(_, item)| item.clone()).collect())
}

/// Every source anywhere in an item, its parts included, that names article and line. Translations cite as originals do,
/// so that only originals count.
fn citations(kinds: &Kinds, items: &[Item]) -> Citations {
    let mut citations = Citations::new();
    for item in items.iter().filter(|item| item.header.translation_of.is_none()) {
        let singular = kinds.named(item.kind).map_or(item.kind, |kind| kind.singular);
        let name = format!("{}/{}/{}", item.locale, item.kind, item.slug);
        let document: Value = serde_json::from_str(&item.document).unwrap_or_default();
        gather(&document, &mut |place| {
            citations.entry(place).or_default().insert((singular, name.clone()));
        });
    }
    citations
}

fn gather(value: &Value, found: &mut impl FnMut(Place)) {
    match value {
        Value::Object(members) => {
            for source in members.get("sources").and_then(Value::as_array).into_iter().flatten() {
                let line = source.get("line").and_then(Value::as_u64).and_then(|line| u32::try_from(line).ok());
                if let (Some(article), Some(line)) = (source.get("article").and_then(Value::as_str), line) {
                    found((article.to_owned(), line));
                }
            }
            members.values().for_each(|member| gather(member, found));
        }
        Value::Array(entries) => entries.iter().for_each(|entry| gather(entry, found)),
        _ => {}
    }
}

/// `S0:39-43` as its lines.
fn places(at: &[String]) -> Result<Vec<Place>, TraceError> {
    let mut places = Vec::new();
    for text in at {
        let wrong = || TraceError::Table(format!("{text} is no place: article:line, or article:first-last"));
        let (article, lines) = text.split_once(':').ok_or_else(wrong)?;
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) else { return Err(wrong()) };
        places.extend((first..=last).map(|line| (article.to_owned(), line)));
    }
    Ok(places)
}
