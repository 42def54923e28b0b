//! The safety of the restricted view: whatever is published, nothing that pushes gets into it on any way.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::kind::{Note, Piece, id_of, kinds, link, loaded, note, today};
use crate::catalogue::View;
use crate::catalogue::any_document::AnyDocument as _;
use crate::catalogue::document::Document;
use crate::catalogue::listing::Asked;
use crate::catalogue::snapshot::Snapshot;
use crate::catalogue::vocabulary::{Contraindication, Nudge};

fn some_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    // Mostly few words, so that safe and unsafe items both occur.
    proptest::sample::subsequence(all, 0..=2.min(all.len()))
}

fn documents() -> impl Strategy<Value = Vec<Document<Note>>> {
    let piece = (some_of(Nudge::ALL), some_of(Contraindication::ALL));
    let one = (
        some_of(Nudge::ALL),
        some_of(Contraindication::ALL),
        proptest::collection::vec(piece, 0..4),
        proptest::collection::vec(0_usize..12, 0..4),
    );
    proptest::collection::vec(one, 0..12).prop_map(|items| {
        let build =
            |(index, (nudges, contraindications, pieces, links)): (usize, (Vec<_>, Vec<_>, Vec<_>, Vec<usize>))| {
                let mut document = note(&format!("note-{index}"), &nudges, &contraindications);
                document.references.links = links.iter().map(|index| link(&format!("note-{index}"))).collect();
                document.own.pieces = pieces
                    .into_iter()
                    .enumerate()
                    .map(|(number, (nudges, contraindications))| Piece {
                        slug: format!("piece-{number}"),
                        nudges,
                        contraindications,
                        guard: None,
                    })
                    .collect();
                document
            };
        items.into_iter().enumerate().map(build).collect()
    })
}

/// Everything that a list shows, page by page.
fn listed(snapshot: &Snapshot, view: View, list: &'static str) -> Vec<Value> {
    let mut asked = Asked::new(3);
    let mut items = Vec::new();
    loop {
        let page = snapshot.page(view, list, asked.clone());
        let page: Value = serde_json::from_slice(page.answer.json()).unwrap();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match snapshot.shelf(view, list).page(&asked).1 {
            Some(next) => asked.after = Some(next),
            None => return items,
        }
    }
}

fn is_safe(item: &Value) -> bool {
    let words =
        |name: &str| item[name].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect::<Vec<_>>();
    words("nudges").is_empty() && !words("contraindications").iter().any(|word| ["harm", "no_contact"].contains(word))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_pushes_reaches_the_restricted_view(documents in documents()) {
        let snapshot = Snapshot::build(1, &kinds(), loaded(documents.clone()), today());
        let safe: BTreeSet<&str> = documents
            .iter()
            .filter(|document| document.header().without_outreach())
            .map(|document| document.header.slug.as_str())
            .collect();

        let items = listed(&snapshot, View::NoOutreach, "notes");
        prop_assert!(items.iter().all(is_safe));
        let shown: BTreeSet<&str> = items.iter().map(|item| item["slug"].as_str().unwrap()).collect();
        prop_assert_eq!(&shown, &safe, "no safe item is lost");
        prop_assert!(listed(&snapshot, View::NoOutreach, "pieces").iter().all(is_safe));

        for document in &documents {
            let slug = document.header.slug.as_str();
            let shelf = snapshot.shelf(View::NoOutreach, "notes");
            let by_id = shelf.by_id(id_of(slug));
            prop_assert_eq!(by_id.is_some(), safe.contains(slug));
            prop_assert_eq!(shelf.find(slug).is_some(), safe.contains(slug));
            let Some(entry) = by_id else { continue };
            let whole: Value = serde_json::from_slice(entry.full.json()).unwrap();
            prop_assert!(is_safe(&whole));
            prop_assert!(whole["pieces"].as_array().unwrap().iter().all(is_safe));
            for link in whole["links"].as_array().unwrap() {
                prop_assert!(safe.contains(link["slug"].as_str().unwrap()));
            }
        }
    }

    #[test]
    fn everything_is_there_for_everybody_else(documents in documents()) {
        let snapshot = Snapshot::build(1, &kinds(), loaded(documents.clone()), today());
        prop_assert_eq!(listed(&snapshot, View::Everything, "notes").len(), documents.len());
        let pieces: usize = documents.iter().map(|document| document.own.pieces.len()).sum();
        prop_assert_eq!(listed(&snapshot, View::Everything, "pieces").len(), pieces);
    }
}

#[test]
fn views_that_show_the_same_share_its_bytes() {
    let snapshot = Snapshot::build(1, &kinds(), loaded(vec![note("calm", &[], &[])]), today());
    let entry = |view| snapshot.shelf(view, "notes").find("calm").unwrap().clone();
    assert!(std::sync::Arc::ptr_eq(&entry(View::Everything), &entry(View::NoOutreach)));
}
