//! From loaded items to the shelves of a view: links resolved, guards put beside what they guard, every answer written.
//! Holds always: both ends of a link stand in the view; what both views show alike is kept once.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::value::RawValue;

use super::View;
use super::any_document::{AnyDocument, ShownWith};
use super::around::{Around, Targets};
use super::document::{Header, Link};
use super::facets;
use super::kind::{Part, Place};
use super::kinds::Kinds;
use super::media::Pictures;
use super::rendered::Rendered;
use super::shelf::{Entry, Shelf, Standing};
use super::snapshot::Loaded;
use crate::database::Id;

/// The shelves of a view as they are on `day`; entries that `same_as` shows alike are shared with it.
pub(super) fn shelves(
    view: View,
    kinds: &Kinds,
    loaded: &[Arc<Loaded>],
    (day, pictures): (NaiveDate, &Pictures),
    same_as: Option<&HashMap<&'static str, Shelf>>,
) -> HashMap<&'static str, Shelf> {
    let visible: Vec<&Arc<Loaded>> = loaded.iter().filter(|item| view.shows(item.document.header())).collect();
    let found = |item: &&Arc<Loaded>| kinds.named(item.kind).is_some_and(|kind| kind.is_found);
    let linked: Vec<&Arc<Loaded>> = visible.iter().copied().filter(found).collect();
    let targets: Targets<'_> = linked
        .iter()
        .map(|item| {
            let header = item.document.header();
            ((item.singular, header.locale.as_str(), header.slug.as_str()), (item.id, header.title.as_str()))
        })
        .collect();
    let around = Around::of(&linked, &targets);
    let mut entries: HashMap<&'static str, Vec<Arc<Entry>>> = HashMap::new();
    for item in visible {
        let narrowed = if view == View::NoOutreach { item.document.without_outreach() } else { None };
        let document = narrowed.as_deref().unwrap_or(item.document.as_ref());
        match render(view, item, document, (day, pictures), (&targets, &around)) {
            Ok((whole, parts)) => {
                entries.entry(item.kind).or_default().push(shared(whole, item.kind, same_as));
                if let Some(name) = kinds.named(item.kind).and_then(|kind| kind.parts) {
                    entries.entry(name).or_default().extend(parts.into_iter().map(|part| shared(part, name, same_as)));
                }
            }
            Err(error) => {
                tracing::error!(id = %item.id, revision = item.revision, cause = %error, "an item cannot be shown");
            }
        }
    }
    entries.into_iter().map(|(name, entries)| (name, Shelf::new(entries))).collect()
}

/// The entry of the other view when it shows the same, so that both views share its bytes.
fn shared(entry: Entry, name: &str, same_as: Option<&HashMap<&'static str, Shelf>>) -> Arc<Entry> {
    let other = same_as.and_then(|shelves| shelves.get(name)).and_then(|shelf| shelf.by_id(entry.id));
    match other {
        Some(other)
            if other.full.json() == entry.full.json()
                && other.summary.get() == entry.summary.get()
                && other.relations == entry.relations =>
        {
            Arc::clone(other)
        }
        _ => Arc::new(entry),
    }
}

fn render(
    view: View,
    item: &Loaded,
    document: &dyn AnyDocument,
    (day, pictures): (NaiveDate, &Pictures),
    (targets, around): (&Targets<'_>, &Around),
) -> serde_json::Result<(Entry, Vec<Entry>)> {
    let header = document.header();
    let is_review_overdue = header.review.is_overdue_on(day);
    let (id, kind, revision, published_at) = (item.id, item.singular, item.revision, item.published_at);
    let place = Place { id, kind, revision, published_at, is_review_overdue };
    let links: Vec<Link> = document
        .references()
        .links
        .iter()
        .filter_map(|link| {
            let target = |locale| targets.get(&(link.kind.as_str(), locale, link.slug.as_str()));
            // What is not translated yet is linked in the original's language.
            let original = || target(header.translation_of.as_ref()?.locale.as_str());
            let (id, title) = target(header.locale.as_str()).or_else(original)?;
            Some(Link {
                meaning: link.meaning,
                kind: link.kind.clone(),
                id: *id,
                slug: link.slug.clone(),
                title: (*title).to_owned(),
            })
        })
        .collect();
    let standing = Standing {
        rank: document.rank(),
        position: 0,
        leading_title: &header.title,
        title: &header.title,
        minutes: header.minutes,
        published_at: item.published_at,
    };
    let guards = around.guards.get(&item.id).map(Vec::as_slice).unwrap_or_default();
    let media = pictures.beside(header, document.references());
    let shown = ShownWith { links: &links, guards, media: &media };
    let (full, summary) = (document.full(&place, &shown)?, document.summary(&place, guards)?);
    let mut whole = entry(&place, header, &standing, summary, &full, None);
    whole.relations = around.relations.get(&item.id).cloned().unwrap_or_default();
    whole.guards = guards.to_vec();
    whole.filtered_by = document.filtered_by();
    let parts = document.parts(&place)?.into_iter().enumerate();
    let parts = parts.filter(|(_, part)| view.shows(&part.header));
    let parts = parts.map(|(position, part)| part_entry(&place, header, position, part)).collect();
    Ok((whole, parts))
}

fn part_entry(place: &Place, header: &Header, position: usize, part: Part) -> Entry {
    let standing = Standing {
        rank: 0,
        position,
        leading_title: &header.title,
        title: &part.header.title,
        minutes: part.header.minutes,
        published_at: place.published_at,
    };
    let place_of_part = Place { id: part.id, ..place.clone() };
    let parent = Some((place.id, header.slug.clone()));
    entry(&place_of_part, &part.header, &standing, part.summary, &part.full, parent)
}

fn entry(
    place: &Place,
    header: &Header,
    standing: &Standing<'_>,
    summary: Box<RawValue>,
    full: &RawValue,
    parent: Option<(Id, String)>,
) -> Entry {
    let own = || parent.as_ref().map_or(&header.slug, |(_, slug)| slug);
    let group = header.translation_of.as_ref().map_or_else(own, |original| &original.slug).clone();
    Entry {
        id: place.id,
        slug: header.slug.clone(),
        locale: header.locale.clone(),
        title: header.title.clone(),
        revision: place.revision,
        parent,
        group,
        is_original: header.translation_of.is_none(),
        words: facets::of(header),
        relations: Vec::new(),
        guards: Vec::new(),
        filtered_by: Vec::new(),
        keys: standing.keys(),
        summary,
        full: Rendered::new(full.get().as_bytes().to_vec()).in_languages([header.locale.as_str()]),
    }
}
