//! What the starter content promises as a whole: its rules, its gaps, its counts.
//! Holds always: each promise is held against the files inside this binary.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::catalogue::exchange::{self, Exported};
use crate::catalogue::trace::{self, Answer};
use crate::catalogue::vocabulary::Situation;
use crate::catalogue::{files, import};
use crate::routes;

/// Every starter item as JSON, or the faults as a failed test.
fn items() -> Vec<(&'static str, Value)> {
    let items = import::lint(&routes::kinds(), &files::starter()).unwrap_or_else(|findings| {
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        panic!("the starter catalogue breaks rules:\n{}", lines.join("\n"))
    });
    items.into_iter().map(|item| (item.kind, serde_json::from_str(&item.document).unwrap())).collect()
}

#[test]
fn the_starter_catalogue_keeps_every_rule() {
    let items = items();
    let count = |kind| items.iter().filter(|(known, _)| *known == kind).count();
    assert!(count("tips") >= 50, "{} tips", count("tips"));
    assert!(count("programs") >= 7, "{} programs", count("programs"));
    for kind in routes::kinds().all() {
        // What people tell of themselves is theirs to tell: nobody invents any of it. Pictures are each operator's own.
        assert_eq!(count(kind.name) > 0, !["stories", "media"].contains(&kind.name), "{} to start with", kind.name);
    }
}

#[test]
fn every_number_of_the_articles_is_said_or_left_out_with_a_reason() {
    let rows = trace::trace(&routes::kinds(), &files::starter()).unwrap();
    let gaps: Vec<String> =
        rows.iter().filter(|row| matches!(row.answer, Answer::Gap(_))).map(ToString::to_string).collect();
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
    assert!(rows.iter().map(|row| row.number).eq(1..=148), "148 numbers, each once and in order");
    let left_out = rows.iter().filter(|row| matches!(row.answer, Answer::LeftOut(_))).count();
    assert_eq!(left_out, 6, "what is left out as a whole");
}

#[test]
fn a_number_that_nobody_says_is_a_gap() {
    let mut files = files::starter();
    let is_about = |file: &files::File| file.path == "en/scripts/talk-to-me-as-an-adult.md";
    files.retain(|file| !is_about(file));
    let rows = trace::trace(&routes::kinds(), &files).unwrap();
    let gaps: Vec<u32> = rows.iter().filter(|row| matches!(row.answer, Answer::Gap(_))).map(|row| row.number).collect();
    assert_eq!(gaps, [33]);
}

#[test]
fn every_situation_is_explained_and_has_a_boundary_to_start_from() {
    let items = items();
    let with = |kind: &'static str, word: &str| {
        let has = |item: &Value| item["situations"].as_array().unwrap().iter().any(|known| known == word);
        items.iter().filter(|(known, item)| *known == kind && has(item)).count()
    };
    for situation in Situation::ALL {
        let word = situation.as_str();
        assert!(with("situations", word) > 0, "{word} is not explained");
        assert!(with("boundary-templates", word) > 0, "no boundary template for {word}");
    }
}

#[test]
fn views_that_contradict_each_other_are_linked() {
    let items = items();
    let tied = |kind: &str, slug: &str, other: &str| {
        let (_, item) = items
            .iter()
            .find(|(known, item)| *known == kind && item["slug"] == slug && item["locale"] == "en")
            .unwrap_or_else(|| panic!("no {kind}/{slug}"));
        let links = item["links"].as_array().unwrap();
        links.iter().any(|link| link["slug"] == other && (link["type"] == "contradicts" || link["type"] == "qualifies"))
    };
    for (kind, slug, other) in [
        ("claims", "does-leaving-ruin-a-life", "ending-contact-is-allowed"),
        ("claims", "only-forgiving-heals", "forgive-when-the-ground-is-there"),
        ("claims", "only-forgiving-heals", "forgive-for-your-own-sake"),
        ("claims", "only-forgiving-heals", "anger-is-allowed"),
        ("claims", "should-one-not-wait", "ready-is-for-you-to-say"),
        ("claims", "is-the-work-ours-alone", "two-questions-before-the-work"),
        ("claims", "must-she-not-be-a-friend", "her-way-over-time"),
        ("claims", "who-owes-the-apology", "own-only-your-part"),
        ("claims", "is-her-pain-an-excuse", "reasons-are-not-excuses"),
        ("claims", "always-on-your-side", "what-wounded-has-a-name"),
        ("claims", "must-one-reconcile-for-the-children", "ending-contact-is-allowed"),
    ] {
        assert!(tied(kind, slug, other), "{kind}/{slug} does not answer {other}");
    }
}

#[test]
fn help_is_listed_for_many_countries_and_every_step_can_be_answered() {
    let items = items();
    let contacts = || items.iter().filter(|(kind, item)| *kind == "help-contacts" && item["locale"] == "en");
    let countries: BTreeSet<&str> = contacts()
        .filter(|(_, item)| item["helps_with"].as_array().unwrap().iter().all(|topic| topic != "emergency"))
        .flat_map(|(_, item)| item["countries"].as_array().unwrap())
        .map(|country| country.as_str().unwrap())
        .collect();
    assert!(countries.len() >= 15, "{countries:?}");
    for (_, program) in items.iter().filter(|(kind, _)| *kind == "programs") {
        for step in program["steps"].as_array().unwrap() {
            assert!(!step["exercise"]["questions"].as_array().unwrap().is_empty(), "{}", step["slug"]);
        }
    }
}

#[test]
fn translations_name_their_originals_and_claim_no_review() {
    let items = items();
    let german: Vec<_> = items.iter().filter(|(_, item)| item["locale"] == "de").collect();
    assert!(german.len() >= 50, "{} items in German", german.len());
    for (kind, item) in german {
        let original = &item["translation_of"]["slug"];
        let is_original = |(known, other): &&(&str, Value)| known == kind && other["slug"] == *original;
        assert!(items.iter().filter(is_original).any(|(_, other)| other["locale"] == "en"), "{kind}/{original}");
        assert_eq!(item["review"]["status"], "unreviewed");
    }
}

#[test]
fn the_starter_catalogue_covers_all_articles_and_claims_no_review() {
    let items = items();
    let tips = items.iter().filter(|(kind, _)| *kind == "tips");
    let articles: BTreeSet<&str> = tips
        .flat_map(|(_, tip)| tip["sources"].as_array().unwrap())
        .map(|source| source["article"].as_str().unwrap())
        .collect();
    assert_eq!(articles, BTreeSet::from(["S0", "S1", "S2", "S3", "S4"]));
    assert!(items.iter().all(|(_, item)| item["review"]["status"] == "unreviewed"));
}

#[test]
fn people_who_must_not_be_pushed_have_enough_to_read() {
    let items = items();
    let is_free = |item: &Value| {
        let wrong_for = item["contraindications"].as_array().unwrap();
        item["nudges"].as_array().unwrap().is_empty()
            && !wrong_for.iter().any(|word| ["harm", "no_contact"].contains(&word.as_str().unwrap()))
    };
    let free = items.iter().filter(|(kind, item)| *kind == "tips" && is_free(item)).count();
    assert!(free >= 10, "{free} tips");
}

/// What an export makes of the files inside this binary: canonical files come back as they are.
#[test]
fn the_starter_files_are_written_as_an_export_writes_them() {
    let kinds = routes::kinds();
    let items = import::lint(&kinds, &files::starter()).unwrap();
    let exported = items.iter().map(|item| {
        let kind = *kinds.named(item.kind).unwrap();
        let members = (kind.shape)().canonical(&serde_json::from_str(&item.document).unwrap());
        Exported { kind, members, base: None }
    });
    let written = exchange::files(&exported.collect::<Vec<_>>());
    let is_item = |file: &&files::File| Path::new(&file.path).extension().is_some_and(|extension| extension == "md");
    let starter = files::starter();
    assert!(
        starter.iter().filter(is_item).map(|file| &file.path).eq(written.iter().filter(is_item).map(|file| &file.path))
    );
    for (before, after) in starter.iter().filter(is_item).zip(written.iter().filter(is_item)) {
        assert_eq!(before.text, after.text, "{}", before.path);
    }
    // An export has no comments; what the file says of the publications is the same.
    let publications = |files: &[files::File]| {
        let file = files.iter().find(|file| file.path == "sources.toml").unwrap();
        toml::from_str::<toml::Table>(&file.text).unwrap()
    };
    assert_eq!(publications(&starter), publications(&written));
}
