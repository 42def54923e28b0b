//! Content on its way in and out in bulk: files with front matter, JSON Lines, and tables of comma-separated values.
//! Holds always: an export imported elsewhere and exported there again is the same bytes; imported where it came from, it
//! changes nothing.
//!
//! An item is known by its kind, language and slug, in every installation alike; ids, versions, states and dates are not
//! exported. An export may name the state of each item (`base`): then an import knows when somebody was faster.

mod apply;
mod archive;
mod cell;
pub mod export;
mod front_matter;
pub mod http;
pub mod jsonl;
pub mod meeting;
pub mod node;
pub mod report;
pub mod shape;
pub mod table;
pub mod tree;

use serde_json::{Map, Value};

use super::files::{File, Finding, Origin, Written};
use super::kinds::{Kinds, Registered};
use super::rules::fault;
use node::Members;

/// How content is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A folder of files with front matter; on the wire a tar archive.
    Files,
    /// One item a line, as JSON.
    Jsonl,
    /// One item a row, of one kind, with a heading.
    Csv,
}

impl Format {
    /// Every format with its word and its media types, the usual one first.
    pub const ALL: &'static [(Self, &'static str, &'static [&'static str])] = &[
        (Self::Files, "files", &["application/x-tar"]),
        (Self::Jsonl, "jsonl", &["application/jsonl", "application/x-ndjson"]),
        (Self::Csv, "csv", &["text/csv"]),
    ];

    /// The format of this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map(|(format, _, _)| *format)
    }

    /// The format of this media type.
    #[must_use]
    pub fn of_media(media: &str) -> Option<Self> {
        let is_meant = |types: &[&str]| types.iter().any(|known| known.eq_ignore_ascii_case(media));
        Self::ALL.iter().find(|(_, _, types)| is_meant(types)).map(|(format, _, _)| *format)
    }

    /// The media type that answers carry.
    #[must_use]
    pub const fn media(self) -> &'static str {
        match self {
            Self::Files => "application/x-tar",
            Self::Jsonl => "application/jsonl",
            Self::Csv => "text/csv",
        }
    }

    /// How a file of the format ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Files => "tar",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

/// An item on its way out.
#[derive(Clone)]
pub struct Exported {
    pub kind: Registered,
    /// What it says, slug and language included.
    pub members: Members,
    /// Names this state of it, where the export should.
    pub base: Option<String>,
}

/// What was read, not yet held to the rules: items, and what is wrong with the rest.
pub type Read = (Vec<Written>, Vec<Finding>);

/// Reads content in any format. `name` stands for the file in findings; an archive's files have names of their own.
#[must_use]
pub fn read(kinds: &Kinds, format: Format, name: &str, bytes: &[u8]) -> Read {
    match format {
        Format::Files => match archive::unpack(bytes) {
            Ok(files) => super::files::read(kinds, &files),
            Err(finding) => (Vec::new(), vec![finding]),
        },
        Format::Jsonl => jsonl::read(kinds, name, bytes),
        Format::Csv => table::read(kinds, name, bytes),
    }
}

/// Writes content in any format.
///
/// # Errors
/// When something cannot be written in it, such as items of two kinds in one table.
pub fn write(format: Format, items: &[Exported]) -> Result<Vec<u8>, Unwritable> {
    match format {
        Format::Files => archive::pack(&tree::files(items)),
        Format::Jsonl => jsonl::write(items),
        Format::Csv => table::write(items),
    }
}

/// The files of an export, for a folder.
#[must_use]
pub fn files(items: &[Exported]) -> Vec<File> {
    tree::files(items)
}

/// Why content cannot be written in a format.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    #[error("a table holds items of one kind; say which")]
    SeveralKinds,
    #[error("the content cannot be written: {0}")]
    Broken(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// An item from a line or a row: what it says, and the members beside it that say what it is.
fn written(kinds: &Kinds, mut said: Map<String, Value>, origin: Origin) -> Result<Written, Finding> {
    let mut taken = |name: &str| said.remove(name).and_then(|value| value.as_str().map(str::to_owned));
    let Some(kind) = taken("kind") else {
        return Err(origin.finding(fault("/kind", "missing_member", "Each item says its kind.")));
    };
    let Some(kind) = kinds.singular(&kind).or_else(|| kinds.named(&kind)).copied() else {
        return Err(origin.finding(fault("/kind", "unknown_kind", "There is no such kind of item.")));
    };
    let base = taken("base");
    let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
    let (slug, locale) = (text("slug").unwrap_or_default(), text("locale").unwrap_or_else(|| "en".to_owned()));
    Ok(Written { kind, locale, slug, said: Value::Object(said), base, origin })
}
