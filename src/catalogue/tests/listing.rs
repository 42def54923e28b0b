//! Lists: filters, orders, pages and their cursors.

use std::sync::Arc;

use actix_web::test::TestRequest;
use proptest::prelude::*;

use super::kind::{Note, kinds, loaded, note, today};
use crate::catalogue::View;
use crate::catalogue::document::Document;
use crate::catalogue::listing::Asked;
use crate::catalogue::shelf::Entry;
use crate::catalogue::snapshot::Snapshot;
use crate::catalogue::vocabulary::{Audience, Stance, Topic};
use crate::http::problem::Problem;

fn ask(query: &str) -> Result<Asked, Problem> {
    Asked::read(&TestRequest::with_uri(&format!("/v1/notes?{query}")).to_http_request(), "notes", Some("note"), &[])
}

fn slugs(found: Vec<&Arc<Entry>>) -> Vec<String> {
    found.into_iter().map(|entry| entry.slug.clone()).collect()
}

fn shelf(documents: Vec<Document<Note>>) -> Snapshot {
    Snapshot::build(1, &kinds(), loaded(documents), today())
}

fn some_notes() -> Vec<Document<Note>> {
    let mut notes: Vec<_> = ["cherry", "apple", "banana", "dates"].map(|slug| note(slug, &[], &[])).into();
    for (note, (stance, topics, audience, minutes)) in notes.iter_mut().zip([
        (Stance::Repair, vec![Topic::Anger], vec![Audience::Everyone], Some(30)),
        (Stance::Leave, vec![Topic::Anger, Topic::Grief], vec![Audience::Sons], None),
        (Stance::Grieve, vec![Topic::Grief], vec![Audience::Daughters], Some(5)),
        (Stance::Leave, vec![], vec![], Some(5)),
    ]) {
        note.header.stance = Some(stance);
        (note.header.topics, note.header.audience, note.header.minutes) = (topics, audience, minutes);
    }
    notes
}

#[test]
fn a_filter_is_or_within_a_facet_and_and_between_facets() {
    let snapshot = shelf(some_notes());
    for (query, expected) in [
        ("", vec!["apple", "banana", "cherry", "dates"]),
        ("topics=anger", vec!["apple", "cherry"]),
        ("topics=anger&topics=grief", vec!["apple", "banana", "cherry"]),
        ("topics=anger&stance=leave", vec!["apple"]),
        ("stance=repair&stance=grieve&sort=-title", vec!["cherry", "banana"]),
        ("audience=daughters", vec!["banana", "cherry"]),
        ("sort=minutes&stance=leave", vec!["dates", "apple"]),
        ("locale=de", vec![]),
        ("contact=in_touch", vec![]),
    ] {
        let found = snapshot.shelf(View::Everything, "notes").page(&ask(query).unwrap()).0;
        assert_eq!(slugs(found), expected, "{query}");
    }
}

#[test]
fn what_a_list_does_not_know_is_refused() {
    for (query, code, pointer) in [
        ("color=red", "invalid_query", "?color"),
        ("topics=gardening", "invalid_query", "?topics"),
        ("sort=slug", "invalid_query", "?sort"),
        ("sort=title&sort=minutes", "invalid_query", "?sort"),
        ("id=not-an-id", "invalid_query", "?id"),
        ("limit=0", "invalid_query", "?limit"),
    ] {
        let problem = ask(query).unwrap_err();
        assert_eq!((problem.code().as_str(), problem.fault_list()[0].pointer.as_str()), (code, pointer), "{query}");
    }
}

#[test]
fn a_cursor_goes_on_with_its_own_question_only() {
    let snapshot = shelf(some_notes());
    let first = snapshot.page(View::Everything, "notes", ask("limit=2&topics=grief&topics=anger").unwrap());
    assert!(String::from_utf8_lossy(first.answer.json()).contains("next_cursor\":\""));
    let next = first.next.clone().unwrap();
    let rest = ask(&format!("limit=9&topics=anger&topics=grief&cursor={next}")).unwrap();
    assert_eq!(slugs(snapshot.shelf(View::Everything, "notes").page(&rest).0), ["cherry"]);
    for query in ["", "topics=anger", "topics=anger&topics=grief&sort=title", "topics=anger&topics=grief&locale=en"] {
        let problem = ask(&format!("{query}&cursor={next}")).unwrap_err();
        assert_eq!(problem.code().as_str(), "invalid_cursor", "{query}");
    }
    for cursor in ["", "x", "AAAAAAAAAAAAAAAA", &next[1..]] {
        let problem = ask(&format!("topics=anger&topics=grief&cursor={cursor}")).unwrap_err();
        assert_eq!(problem.code().as_str(), "invalid_cursor", "{cursor}");
    }
}

proptest! {
    #[test]
    fn pages_of_any_size_make_the_same_list(
        minutes in proptest::collection::vec(proptest::option::of(1_i32..4), 0..20),
        limit in 1_usize..8,
        sort in proptest::sample::select(vec!["", "sort=title", "sort=-title", "sort=minutes", "sort=-minutes", "sort=published_at"]),
    ) {
        let notes = minutes.iter().enumerate().map(|(index, minutes)| {
            let mut note = note(&format!("note-{index}"), &[], &[]);
            note.header.minutes = *minutes;
            note
        });
        let snapshot = shelf(notes.collect());
        let shelf = snapshot.shelf(View::Everything, "notes");
        let whole = slugs(shelf.page(&Asked { limit: 100, ..ask(sort).unwrap() }).0);
        let mut paged = Vec::new();
        let mut asked = Asked { limit, ..ask(sort).unwrap() };
        loop {
            let (found, next) = shelf.page(&asked);
            prop_assert!(found.len() <= limit);
            paged.extend(slugs(found));
            match next {
                Some(next) => asked.after = Some(next),
                None => break,
            }
        }
        prop_assert_eq!(whole.len(), minutes.len());
        prop_assert_eq!(paged, whole);
    }
}
