//! Content as files: where items lie, how their front matter is read, and which line a fault stands on.
//! Holds always: reading changes nothing; a fault names file, line and rule.

use std::fmt;
use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::front_matter::{SOURCES, finding, front_matter, line_of, sources};
use super::kinds::{Kinds, Registered};
use super::{left_out, trace};
use crate::http::problem::Fault;

/// The starter catalogue, inside the binary.
static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/catalogue/starter");

/// A file of content.
#[derive(Debug, Clone)]
pub struct File {
    /// Relative to the content's folder, with `/`.
    pub path: String,
    pub text: String,
}

/// Something wrong with content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub rule: &'static str,
    /// Which member, as a JSON pointer; empty for the whole.
    pub pointer: String,
    pub detail: String,
}

impl Finding {
    /// Something wrong with a line as a whole.
    #[must_use]
    pub fn at(file: &str, line: usize, rule: &'static str, detail: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, rule, pointer: String::new(), detail: detail.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: ", self.file, self.line, self.rule)?;
        let colon = if self.pointer.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{}", self.pointer, self.detail)
    }
}

/// An item as its files say it, not yet checked.
#[derive(Clone)]
pub struct Written {
    pub kind: Registered,
    pub locale: String,
    pub slug: String,
    pub said: Value,
    /// Which state of an item already there it was made from, as an export names it.
    pub base: Option<String>,
    pub origin: Origin,
}

/// Where an item was read.
#[derive(Debug, Clone)]
pub enum Origin {
    /// The item's file, then those of its parts in order, which fill this member.
    Files { files: Vec<File>, parts: Option<&'static str> },
    /// A line of a file, from 1.
    Line { file: String, line: usize },
}

impl Origin {
    /// Where the fault at `pointer` stands: which file, which line.
    #[must_use]
    pub fn place(&self, pointer: &str) -> (String, usize) {
        let (files, parts) = match self {
            Self::Files { files, parts } => (files, parts),
            Self::Line { file, line } => return (file.clone(), *line),
        };
        let mut segments: Vec<&str> = pointer.split('/').skip(1).collect();
        let mut file = files.first();
        if let (Some(first), Some(index)) = (segments.first(), segments.get(1))
            && *parts == Some(*first)
            && let Ok(index) = index.parse::<usize>()
        {
            file = files.get(index + 1);
            segments.drain(..2);
        }
        file.map_or_else(|| (String::new(), 1), |file| (file.path.clone(), line_of(&file.text, &segments)))
    }

    /// The same with what is wrong there.
    #[must_use]
    pub fn finding(&self, fault: Fault) -> Finding {
        let (file, line) = self.place(&fault.pointer);
        Finding { file, line, rule: fault.code, pointer: fault.pointer, detail: fault.detail }
    }
}

/// The files of the starter catalogue.
#[must_use]
pub fn starter() -> Vec<File> {
    let mut files = Vec::new();
    gather(&STARTER, &mut files);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn gather(dir: &Dir<'_>, files: &mut Vec<File>) {
    for file in dir.files() {
        let text = String::from_utf8_lossy(file.contents()).into_owned();
        files.push(File { path: file.path().to_string_lossy().replace('\\', "/"), text });
    }
    for inner in dir.dirs() {
        gather(inner, files);
    }
}

/// The files below a folder.
pub fn from_disk(root: &Path) -> io::Result<Vec<File>> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.push(File { path: relative, text: std::fs::read_to_string(&path)? });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// Tells one set of files from another.
#[must_use]
pub fn digest(files: &[File]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in files.iter().flat_map(|file| [&file.path, &file.text]) {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Reads every item; what cannot be read is found instead.
#[must_use]
pub fn read(kinds: &Kinds, files: &[File]) -> (Vec<Written>, Vec<Finding>) {
    let (mut written, mut findings) = (Vec::<Written>::new(), Vec::new());
    let sources = sources(files, &mut findings);
    findings.extend(left_out::check(files, &sources));
    for file in files.iter().filter(|file| ![SOURCES, left_out::FILE, trace::FILE].contains(&file.path.as_str())) {
        match address(kinds, &file.path) {
            Some(Address { kind, locale, slug, part: None }) => {
                let Some(said) = front_matter(file, &sources, &mut findings) else { continue };
                let origin = Origin::Files { files: vec![file.clone()], parts: kind.parts };
                written.push(Written { kind, locale, slug, said: Value::Object(said), base: None, origin });
            }
            Some(_) => {}
            None => findings.push(finding(file, 1, "misplaced_file", "no kind keeps its items here")),
        }
    }
    for file in files {
        if let Some(Address { kind, locale, slug, part: Some((number, part)) }) = address(kinds, &file.path) {
            let whole = written
                .iter_mut()
                .find(|item| item.kind.name == kind.name && item.locale == locale && item.slug == slug);
            match whole {
                Some(item) => add_part(item, number, &part, file, &sources, &mut findings),
                None => findings.push(finding(file, 1, "part_without_item", "the item's own file is missing")),
            }
        }
    }
    for item in &mut written {
        name(item);
    }
    (written, findings)
}

/// Puts what a path says into what the item says.
fn name(item: &mut Written) {
    if let Some(said) = item.said.as_object_mut() {
        said.insert("slug".into(), item.slug.clone().into());
        said.insert("locale".into(), item.locale.clone().into());
        item.base = said.remove("base").and_then(|base| base.as_str().map(str::to_owned));
    }
}

fn add_part(
    item: &mut Written,
    number: usize,
    slug: &str,
    file: &File,
    sources: &Map<String, Value>,
    findings: &mut Vec<Finding>,
) {
    // Files come sorted, so that parts arrive in the order of their numbers.
    let Origin::Files { files, .. } = &mut item.origin else { return };
    if number != files.len() {
        findings.push(finding(file, 1, "numbering", "parts are numbered 01, 02, 03 without a gap"));
    }
    let Some(mut said) = front_matter(file, sources, findings) else { return };
    said.insert("slug".into(), slug.into());
    files.push(file.clone());
    if let (Some(parts), Some(members)) = (item.kind.parts, item.said.as_object_mut())
        && let Some(list) = members.entry(parts).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()
    {
        list.push(Value::Object(said));
    }
}

/// What a path says: `en/tips/<slug>.md`, `en/programs/<slug>/program.md`, `en/programs/<slug>/01-<slug>.md`.
struct Address {
    kind: Registered,
    locale: String,
    slug: String,
    part: Option<(usize, String)>,
}

fn address(kinds: &Kinds, path: &str) -> Option<Address> {
    let segments: Vec<&str> = path.strip_suffix(".md")?.split('/').collect();
    let (locale, kind) = (segments.first()?, kinds.named(segments.get(1)?)?);
    let (slug, part) = match (segments.get(2..)?, kind.parts) {
        ([slug], None) => (slug, None),
        ([slug, own], Some(_)) if *own == kind.singular => (slug, None),
        ([slug, part], Some(_)) => {
            let (number, name) = part.split_once('-')?;
            (slug, Some((number.parse().ok()?, name.to_owned())))
        }
        _ => return None,
    };
    Some(Address { kind: *kind, locale: (*locale).to_owned(), slug: (*slug).to_owned(), part })
}
