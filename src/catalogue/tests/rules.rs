//! Each rule of a document, broken once; and that schemas promise what publishing demands.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::kind::{Note, Piece, link, note};
use crate::catalogue::any_document::{AnyDocument as _, ShownWith};
use crate::catalogue::document::{Document, Review};
use crate::catalogue::reading::{Items, Shelved as _, example_place};
use crate::catalogue::rules::{faults, publishing_faults};
use crate::catalogue::schema::{ForCurators, Input, Served, Summary};
use crate::catalogue::vocabulary::{Nudge, ReviewStatus, Stance, Topic};
use crate::http::input::{self, Strict};
use crate::http::problem::Fault;

fn found(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect()
}

fn broken(change: impl FnOnce(&mut Document<Note>)) -> Vec<Fault> {
    let mut document = note("a-note", &[], &[]);
    change(&mut document);
    faults(&document)
}

#[test]
fn a_complete_document_is_publishable() {
    assert_eq!(found(&publishing_faults(&note("a-note", &[], &[]))), []);
}

#[test]
fn every_saved_state_keeps_to_the_rules() {
    let slug = broken(|note| note.header.slug = "0198ac5c-7e1b-7a44-9d3e-5b0c6f1d2e3f".into());
    assert_eq!(found(&slug), [("/slug", "looks_like_an_id")]);
    let slug = broken(|note| note.header.slug = "0198ac5c7e1b7a449d3e5b0c6f1d2e3f".into());
    assert_eq!(found(&slug), [("/slug", "looks_like_an_id")]);
    let words = broken(|note| note.header.topics = vec![Topic::Anger, Topic::Grief, Topic::Anger]);
    assert_eq!(found(&words), [("/topics/2", "repeated")]);
    let links = broken(|note| note.references.links = vec![link("other"), link("a-note"), link("other")]);
    assert_eq!(found(&links), [("/links/1", "links_to_itself"), ("/links/2", "repeated")]);
    let body = broken(|note| note.own.body = Some("<script>".into()));
    assert_eq!(found(&body), [("/body", "raw_html")]);
}

#[test]
fn a_review_is_whole_or_none() {
    let day = NaiveDate::from_ymd_opt(2026, 5, 1);
    let unreviewed = broken(|note| note.header.review.reviewer = Some("Dr. Example".into()));
    assert_eq!(found(&unreviewed), [("/review/reviewer", "not_reviewed")]);
    let review = |next_due_on| Review {
        status: ReviewStatus::Reviewed,
        reviewer: Some("Dr. Example".into()),
        credential: None,
        reviewed_on: day,
        next_due_on,
    };
    let half = broken(|note| note.header.review = review(day));
    let expected = [("/review/credential", "review_incomplete"), ("/review/next_due_on", "before_review")];
    assert_eq!(found(&half), expected);
}

#[test]
fn nothing_incomplete_is_published() {
    let mut document = note("a-note", &[], &[]);
    document.header.stance = None;
    document.header.not_for = Some("  ".into());
    document.header.guard = None;
    document.references.sources.clear();
    document.own.body = None;
    document.own.pieces = vec![Piece { slug: "one".into(), nudges: vec![], contraindications: vec![], guard: None }];
    let faults = publishing_faults(&document);
    assert!(faults.iter().all(|fault| fault.code == "needed_to_publish"));
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/stance", "/not_for", "/guard", "/sources", "/body", "/pieces/0/guard"]);
}

#[test]
fn advice_to_leave_pushes_towards_nothing() {
    let mut document = note("a-note", &[Nudge::Contact], &[]);
    document.header.stance = Some(Stance::Leave);
    assert_eq!(found(&publishing_faults(&document)), [("/nudges", "contradicts_stance")]);
}

#[test]
fn what_is_served_is_what_its_schema_says() {
    let mut document = note("a-note", &[Nudge::Contact], &[]);
    document.own.pieces =
        vec![Piece { slug: "one".into(), nudges: vec![], contraindications: vec![], guard: Some("Stop.".into()) }];
    let place = example_place("note");
    let full: Value = serde_json::from_str(document.full(&place, &ShownWith::default()).unwrap().get()).unwrap();
    input::check::<Served<Note>>(&full, Strict::Whole).unwrap();
    let summary: Value = serde_json::from_str(document.summary(&place, &[]).unwrap().get()).unwrap();
    input::check::<Summary<Note>>(&summary, Strict::Whole).unwrap();
    input::check::<Served<Note>>(&Items::<Note>::full_example(), Strict::Whole).unwrap();

    for (pointer, value) in [("/guard", Value::Null), ("/stance", Value::Null), ("/pieces/0/guard", Value::Null)] {
        let mut broken = full.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        assert!(input::check::<Served<Note>>(&broken, Strict::Whole).is_err(), "{pointer} is promised");
    }
}

#[test]
fn a_draft_needs_an_address_and_a_title_only() {
    input::check::<Input<Note>>(&json!({"slug": "a-note", "title": "A note"}), Strict::Whole).unwrap();
    let draft: Document<Note> = serde_json::from_value(json!({"slug": "a-note", "title": "A note"})).unwrap();
    assert_eq!((draft.header.locale.as_str(), draft.header.stance), ("en", None));
    assert_eq!(found(&faults(&draft)), []);
    let unknown = input::check::<Input<Note>>(&json!({"slug": "a-note", "title": "A", "colour": 1}), Strict::Whole);
    assert_eq!(found(unknown.unwrap_err().fault_list()), [("/colour", "unknown_member")]);
    assert!(input::check::<ForCurators<Note>>(&json!({"slug": "a-note"}), Strict::Whole).is_err());
}
