//! From what was read to items that may be stored: each held to the rules, each fault with its file and line.
//! Holds always: checking changes nothing; an item that was read from a file always gets the same id.

use std::collections::HashSet;
use std::convert::Infallible;

use serde_json::Value;

use super::document::{Header, References};
use super::files::{self, File, Finding, Origin, Written};
use super::kinds::{Kinds, Prepared, Stage};
use super::rules::fault;
use crate::database::Id;

/// Where the ids of items that come from files are derived: UUID version 5 of `<kind>/<locale>/<slug>`.
const NAMESPACE: Id =
    Id::from_bytes([0x6d, 0x65, 0x6e, 0x64, 0x63, 0x61, 0x74, 0x61, 0x8c, 0x6f, 0x67, 0x75, 0x65, 0x00, 0x00, 0x01]);

/// An item that keeps the rules of its stage.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: Id,
    /// The kind's plural name.
    pub kind: &'static str,
    /// The kind's singular name.
    pub singular: &'static str,
    pub slug: String,
    pub locale: String,
    pub header: Header,
    pub references: References,
    pub document: String,
    /// Which state of an item already there it was made from.
    pub base: Option<String>,
    /// What its author says about the change.
    pub note: Option<String>,
    pub origin: Origin,
}

/// Checks files for publishing: the items they hold, or everything that is wrong with them.
pub fn lint(kinds: &Kinds, files: &[File]) -> Result<Vec<Item>, Vec<Finding>> {
    let (written, findings) = files::read(kinds, files);
    let name = |item: &Written| (item.kind.singular, item.locale.clone(), item.slug.clone());
    let known: HashSet<_> = written.iter().map(name).collect();
    let (items, mut findings) = check(written, findings, Stage::Published);
    let is_known = |kind: &str, locale: &str, slug: &str| {
        Ok::<_, Infallible>(
            known.iter().any(|known| (known.0, known.1.as_str(), known.2.as_str()) == (kind, locale, slug)),
        )
    };
    findings.extend(unresolved(kinds, &items, is_known).unwrap_or_default());
    if findings.is_empty() { Ok(items) } else { Err(sorted(findings)) }
}

/// Holds what was read to the rules of a stage, apart from whether its links lead somewhere: the items that keep them, and
/// all that is wrong.
#[must_use]
pub fn check(written: Vec<Written>, mut findings: Vec<Finding>, stage: Stage) -> (Vec<Item>, Vec<Finding>) {
    let (mut items, mut known) = (Vec::new(), HashSet::new());
    for Written { kind, locale, slug, said, base, origin } in written {
        if !known.insert((kind.name, locale.clone(), slug.clone())) {
            findings.push(origin.finding(fault("/slug", "repeated", "The same item stands here twice.")));
            continue;
        }
        let note = said.get("change_note").and_then(Value::as_str).map(str::to_owned);
        let id = id_of(kind.singular, &locale, &slug);
        match kind.prepare(said, id, stage) {
            Ok(Prepared { slug, locale, header, references, document }) => {
                let (kind, singular) = (kind.name, kind.singular);
                items.push(Item { id, kind, singular, slug, locale, header, references, document, base, note, origin });
            }
            Err(faults) => findings.extend(faults.into_iter().map(|fault| origin.finding(fault))),
        }
    }
    (items, findings)
}

/// Links that lead to nothing, neither to one of the items nor to one that is known: by singular kind, language and slug.
pub fn unresolved<E>(
    kinds: &Kinds,
    items: &[Item],
    mut is_known: impl FnMut(&str, &str, &str) -> Result<bool, E>,
) -> Result<Vec<Finding>, E> {
    let here: HashSet<_> = items.iter().map(|item| (item.singular, item.locale.as_str(), item.slug.as_str())).collect();
    let mut findings = Vec::new();
    for item in items {
        for (index, link) in item.references.links.iter().enumerate() {
            let (kind, locale, slug) = (link.kind.as_str(), item.locale.as_str(), link.slug.as_str());
            let is_here = here.contains(&(kind, locale, slug));
            if kinds.linked(kind).is_none() || (!is_here && !is_known(kind, locale, slug)?) {
                let detail = "There is no such item in this language.";
                findings.push(item.origin.finding(fault(format!("/links/{index}/slug"), "unresolved_link", detail)));
            }
        }
    }
    for item in items {
        let locales = [Some(&item.locale), item.header.translation_of.as_ref().map(|original| &original.locale)];
        for (index, slug) in item.references.media.iter().enumerate() {
            let mut is_there = false;
            for (kind, locale) in
                kinds.all().filter(|kind| kind.is_shown_beside).flat_map(|kind| locales.map(|one| (kind, one)))
            {
                let Some(locale) = locale else { continue };
                is_there = is_there
                    || here.contains(&(kind.singular, locale.as_str(), slug))
                    || is_known(kind.singular, locale, slug)?;
            }
            if !is_there {
                let detail = "There is no published picture of this name.";
                findings.push(item.origin.finding(fault(format!("/media/{index}"), "unresolved_medium", detail)));
            }
        }
    }
    Ok(findings)
}

/// By file and line.
#[must_use]
pub fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    findings
}

/// The id that an item from files always has.
#[must_use]
pub fn id_of(kind: &str, locale: &str, slug: &str) -> Id {
    Id::named(NAMESPACE, &format!("{kind}/{locale}/{slug}"))
}
