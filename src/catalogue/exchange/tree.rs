//! Items as a folder: `en/tips/<slug>.md`, numbered parts beside their item, publications that are cited alike in `sources.toml`.
//! Holds always: the same items give the same files; `files::read` reads them back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Exported;
use super::front_matter::{self, key};
use super::node::{Members, Node};
use crate::catalogue::files::File;
use crate::catalogue::front_matter::SOURCES;

/// What a source says of its publication, by the publication's key.
type Publications = BTreeMap<String, Members>;

/// The files of these items, in the order of their paths.
#[must_use]
pub fn files(items: &[Exported]) -> Vec<File> {
    let publications = publications(items);
    let mut files: Vec<File> = items.iter().flat_map(|item| of(item, &publications)).collect();
    if !publications.is_empty() {
        files.push(File { path: SOURCES.to_owned(), text: sources(&publications) });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn of(item: &Exported, publications: &Publications) -> Vec<File> {
    let mut members = item.members.clone();
    let address = |members: &mut Members, name: &str| match members.take(name) {
        Some(Node::Plain(Value::String(text))) => text,
        _ => String::new(),
    };
    let (slug, locale) = (address(&mut members, "slug"), address(&mut members, "locale"));
    let folder = format!("{locale}/{}", item.kind.name);
    let parts = item.kind.parts.map(|parts| members.take(parts));
    shorten(&mut members, publications);
    if let Some(base) = &item.base {
        members.add("base", base.as_str());
    }
    let Some(parts) = parts else {
        return vec![File { path: format!("{folder}/{slug}.md"), text: front_matter::file(members) }];
    };
    let path = format!("{folder}/{slug}/{}.md", item.kind.singular);
    let mut files = vec![File { path, text: front_matter::file(members) }];
    let parts = match parts {
        Some(Node::List(parts)) => parts,
        _ => Vec::new(),
    };
    for (number, part) in (1..).zip(parts) {
        let Node::Members(mut members) = part else { continue };
        let name = address(&mut members, "slug");
        shorten(&mut members, publications);
        files.push(File { path: format!("{folder}/{slug}/{number:02}-{name}.md"), text: front_matter::file(members) });
    }
    files
}

/// Publications that all sources describe alike.
fn publications(items: &[Exported]) -> Publications {
    let (mut found, mut told_apart) = (Publications::new(), BTreeSet::new());
    let mut each = |members: &Members| {
        for source in entries(members, "sources") {
            let Some(article) = source.text("article") else { continue };
            let described = described(source);
            if found.entry(article.to_owned()).or_insert_with(|| described.clone()) != &described {
                told_apart.insert(article.to_owned());
            }
        }
    };
    for item in items {
        each(&item.members);
        item.kind.parts.iter().flat_map(|parts| entries(&item.members, parts)).for_each(&mut each);
    }
    found.retain(|article, _| !told_apart.contains(article));
    found
}

/// What a source says of its publication, without the place in it.
fn described(source: &Members) -> Members {
    let rest = source.0.iter().filter(|(name, _)| !["article", "line"].contains(&name.as_str()));
    Members(rest.cloned().collect())
}

fn entries<'a>(members: &'a Members, name: &str) -> impl Iterator<Item = &'a Members> + use<'a> {
    let list = match members.get(name) {
        Some(Node::List(entries)) => entries.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|entry| match entry {
        Node::Members(members) => Some(members),
        _ => None,
    })
}

/// Leaves out of an item's sources what `sources.toml` says.
fn shorten(members: &mut Members, publications: &Publications) {
    let sources = members.0.iter_mut().find(|(name, _)| name == "sources");
    let Some((_, Node::List(sources))) = sources else { return };
    for source in sources {
        let Node::Members(source) = source else { continue };
        if source.text("article").is_some_and(|article| publications.contains_key(article)) {
            source.0.retain(|(name, _)| ["article", "line"].contains(&name.as_str()));
        }
    }
}

fn sources(publications: &Publications) -> String {
    let mut text = String::new();
    for (article, described) in publications {
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(&[gap, "[", &key(article), "]\n"].concat());
        front_matter::table(described, &mut text);
    }
    text
}
