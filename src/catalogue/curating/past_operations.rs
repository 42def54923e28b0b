//! The operations on an item's past, and on links that show it, in the document.
//! Holds always: what the handlers do for one kind stands here for all of them.

use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, Operation, Parameter};

use super::operations::{JSON, Told, item_id, operation};
use crate::catalogue::operations::{cursor, limit, linked, revision_number};
use crate::catalogue::reading::example_place;
use crate::http::openapi::{if_match, json_answer, json_body, path_parameter, problem, query_parameter};

/// Every operation of this file, by path; `item` is the path of one item.
pub(super) fn all(item: &str, kind: &Told) -> Vec<(String, HttpMethod, Operation)> {
    vec![
        (format!("{item}/transitions"), HttpMethod::Get, transitions(kind)),
        (format!("{item}/revisions"), HttpMethod::Get, revisions(kind)),
        (format!("{item}/revisions/{{number}}"), HttpMethod::Get, revision(kind)),
        (format!("{item}/revisions/{{number}}/restore"), HttpMethod::Post, restore(kind)),
        (format!("{item}/diff"), HttpMethod::Get, diff(kind)),
        (format!("{item}/previews"), HttpMethod::Post, preview(kind)),
    ]
}

fn transitions(kind: &Told) -> Operation {
    let page = json!({"items": [transition_entry()], "next_cursor": null});
    let about = "Who took it where, when, and why; newest first. Nothing in it is ever changed.";
    operation(&format!("list_curated_{}_transitions", kind.one), "See the states that an item passed", about)
        .parameter(item_id(kind))
        .parameter(limit())
        .parameter(cursor())
        .response("200", linked(json_answer("States, newest first.", "TransitionPage", page)))
        .build()
}

fn revisions(kind: &Told) -> Operation {
    let page = json!({"items": [revision_summary()], "next_cursor": null});
    operation(&format!("list_curated_{}_revisions", kind.one), "See an item's history", "Newest first.")
        .parameter(item_id(kind))
        .parameter(limit())
        .parameter(cursor())
        .response("200", linked(json_answer("Saved states, newest first.", "RevisionPage", page)))
        .build()
}

fn revision(kind: &Told) -> Operation {
    let mut said = revision_summary();
    if let Some(members) = said.as_object_mut() {
        members.insert("document".into(), kind.sent.clone());
    }
    operation(&format!("get_curated_{}_revision", kind.one), "Read one saved state", "What the item said then.")
        .parameter(item_id(kind))
        .parameter(number())
        .response("200", json_answer("The saved state.", &format!("{}Revision", kind.schema), said))
        .build()
}

fn number() -> Parameter {
    path_parameter("number", "The revision's number.", revision_number(), json!(1))
}

fn restore(kind: &Told) -> Operation {
    let about = "Saves what a revision said as a new one, which is a draft like any other. What was published once keeps its \
                 slug and its language.";
    operation(&format!("restore_{}_revision", kind.one), "Go back to a saved state", about)
        .parameter(item_id(kind))
        .parameter(number())
        .parameter(if_match(true))
        .response("200", json_answer("The item as it is now.", &kind.answered, kind.curated.clone()))
        .response("409", problem("The slug of that state belongs to another item by now."))
        .build()
}

fn diff(kind: &Told) -> Operation {
    let about = "Member by member, texts of several lines line by line. Without `from`, what readers see is compared, or the state \
                 before; without `to`, the latest. Whoever was refused with 412 sees here what the other has changed.";
    let lines = json!([{"change": "kept", "text": "One."}, {"change": "added", "text": "Two."}]);
    let change =
        json!({"pointer": "/body", "change": "changed", "before": "One.", "after": "One.\nTwo.", "lines": lines});
    let said = json!({"from": 1, "to": 2, "changes": [change]});
    operation(&format!("diff_{}", kind.one), "Compare two saved states", about)
        .parameter(item_id(kind))
        .parameter(query_parameter("from", "The older revision.", revision_number(), json!(1)))
        .parameter(query_parameter("to", "The newer revision.", revision_number(), json!(2)))
        .response("200", json_answer("What differs.", "Difference", said))
        .build()
}

fn preview(kind: &Told) -> Operation {
    let about = "Whoever has the link reads exactly this one state, without an account, until the link ends. Nothing else opens with \
                 it, and an edit does not change what it shows.";
    let link = json!({
        "url": "https://mend.example.org/v1/previews/AZgKXH4bekSdPlsMbx0uPw", "revision": 1,
        "expires_at": example_place("revision").published_at,
    });
    operation(&format!("create_{}_preview", kind.one), "Make a link that shows a state", about)
        .parameter(item_id(kind))
        .request_body(Some(json_body("What it shows.", "PreviewInput", &json!({"expires_in_seconds": 86_400}), JSON)))
        .response("201", json_answer("The link.", "PreviewLink", link))
        .build()
}

fn revision_summary() -> Value {
    let at = example_place("revision").published_at;
    json!({"number": 1, "saved_at": at, "author": null, "change_note": null, "published_at": at})
}

fn transition_entry() -> Value {
    let at = example_place("revision").published_at;
    json!({
        "number": 3, "revision": 2, "happened_at": at, "actor": null, "from": "in_review", "to": "approved",
        "note": "Read twice; the guard is clear now.",
    })
}
