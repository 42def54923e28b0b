//! What a document must keep to beyond its schema: some rules for every saved state, more for publishing.
//! Holds always: no item is published without a source, a stance, an answer to whom it is wrong for, and its guard.

use std::collections::HashSet;

use serde_json::Value;

use super::document::{Document, Header, References, Review};
use super::kind::Kind;
use super::markdown;
use super::vocabulary::{Nudge, ReviewStatus, Stance};
use crate::http::problem::Fault;

/// Members of the header and the references without which no advice is published.
pub const HEADER_NEEDED: &[&str] = &["/summary", "/stance", "/evidence", "/not_for", "/guard", "/sources"];

/// A fault at `pointer`.
#[must_use]
pub fn fault(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Fault {
    Fault::at(pointer, code, detail)
}

/// The rules for every state that is saved, drafts included.
#[must_use]
pub fn faults<K: Kind>(document: &Document<K>) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_slug("/slug", &document.header.slug, &mut faults);
    check_review(&document.header.review, &mut faults);
    check_translation(&document.header, &mut faults);
    check_links(&document.header, &document.references, K::SINGULAR, &mut faults);
    if K::OPEN && !document.references.media.is_empty() {
        let detail = "Items of this kind are read without signing in, and files are not.";
        faults.push(fault("/media", "not_here", detail));
    }
    if K::FOR_EVERYONE {
        check_for_everyone(&document.header, &mut faults);
    }
    if let Ok(value) = serde_json::to_value(document) {
        check_repeats(&value, "", &mut faults);
    }
    for (pointer, text) in document.own.markdown() {
        markdown::check(&pointer, text, &mut faults);
    }
    document.own.check(&document.header, &mut faults);
    faults
}

/// The rules for what is published, the ones for every state included.
#[must_use]
pub fn publishing_faults<K: Kind>(document: &Document<K>) -> Vec<Fault> {
    let mut faults = faults(document);
    if let Ok(value) = serde_json::to_value(document) {
        for pointer in K::HEADER.iter().chain(K::NEEDED) {
            for place in missing(&value, pointer) {
                faults.push(fault(place, "needed_to_publish", "An item is not published without this."));
            }
        }
    }
    check_stance(&document.header, &mut faults);
    document.own.check_publishable(&document.header, &mut faults);
    faults
}

/// A slug reads as words and can never be taken for an id.
pub fn check_slug(pointer: &str, slug: &str, faults: &mut Vec<Fault>) {
    if uuid::Uuid::try_parse(slug).is_ok() {
        faults.push(fault(pointer, "looks_like_an_id", "A slug must not have the shape of a UUID."));
    }
}

/// What everybody is shown fits everybody, those included who must not be pushed.
fn check_for_everyone(header: &Header, faults: &mut Vec<Fault>) {
    let detail = "Items of this kind are shown to everybody, so that they push nobody and are wrong for nobody.";
    for (pointer, is_there) in
        [("/nudges", !header.nudges.is_empty()), ("/contraindications", !header.contraindications.is_empty())]
    {
        if is_there {
            faults.push(fault(pointer, "for_everyone", detail));
        }
    }
}

fn check_stance(header: &Header, faults: &mut Vec<Fault>) {
    let leaves = matches!(header.stance, Some(Stance::Leave | Stance::Distance));
    if leaves && header.nudges.iter().any(|nudge| matches!(nudge, Nudge::Contact | Nudge::Repair)) {
        faults.push(fault("/nudges", "contradicts_stance", "Advice to step back does not push towards contact."));
    }
}

fn check_review(review: &Review, faults: &mut Vec<Fault>) {
    let said = [
        ("/review/reviewer", review.reviewer.is_some()),
        ("/review/credential", review.credential.is_some()),
        ("/review/reviewed_on", review.reviewed_on.is_some()),
    ];
    for (pointer, is_there) in said {
        match review.status {
            ReviewStatus::Unreviewed if is_there => {
                faults.push(fault(pointer, "not_reviewed", "What nobody reviewed names no review."));
            }
            ReviewStatus::Reviewed if !is_there => {
                faults.push(fault(
                    pointer,
                    "review_incomplete",
                    "A review names who, with which credential, and when.",
                ));
            }
            ReviewStatus::Unreviewed | ReviewStatus::Reviewed => {}
        }
    }
    if let (Some(reviewed), Some(due)) = (review.reviewed_on, review.next_due_on)
        && due <= reviewed
    {
        faults.push(fault("/review/next_due_on", "before_review", "The next review comes after the last."));
    }
}

fn check_translation(header: &Header, faults: &mut Vec<Fault>) {
    if header.translation_of.as_ref().is_some_and(|original| original.locale == header.locale) {
        faults.push(fault("/translation_of/locale", "same_language", "A translation is in another language."));
    }
}

fn check_links(header: &Header, references: &References, kind: &str, faults: &mut Vec<Fault>) {
    let mut seen = HashSet::new();
    for (index, link) in references.links.iter().enumerate() {
        let pointer = format!("/links/{index}");
        if link.kind == kind && link.slug == header.slug {
            faults.push(fault(&pointer, "links_to_itself", "An item does not link to itself."));
        }
        if !seen.insert(link) {
            faults.push(fault(&pointer, "repeated", "The same link stands here twice."));
        }
    }
}

/// No list of words says the same word twice, wherever it stands.
fn check_repeats(value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                check_repeats(member, &format!("{pointer}/{name}"), faults);
            }
        }
        Value::Array(entries) => {
            let mut seen = HashSet::new();
            for (index, entry) in entries.iter().enumerate() {
                if entry.as_str().is_some_and(|word| !seen.insert(word)) {
                    faults.push(fault(format!("{pointer}/{index}"), "repeated", "This word stands here twice."));
                }
                check_repeats(entry, &format!("{pointer}/{index}"), faults);
            }
        }
        _ => {}
    }
}

/// The places under `pointer` (`*` stands for each entry of a list) that hold nothing.
fn missing(value: &Value, pointer: &str) -> Vec<String> {
    let segments: Vec<&str> = pointer.split('/').skip(1).collect();
    let mut places = Vec::new();
    descend(value, &segments, String::new(), &mut places);
    places
}

fn descend(value: &Value, segments: &[&str], at: String, places: &mut Vec<String>) {
    match segments {
        [] if is_nothing(value) => places.push(at),
        [] => {}
        ["*", rest @ ..] => {
            for (index, entry) in value.as_array().into_iter().flatten().enumerate() {
                descend(entry, rest, format!("{at}/{index}"), places);
            }
        }
        [name, rest @ ..] => descend(value.get(name).unwrap_or(&Value::Null), rest, format!("{at}/{name}"), places),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}
