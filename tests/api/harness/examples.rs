//! Private records made of the document's own examples, so that a new collection is covered without a line here.
//! Holds always: where an example names what it belongs to, that is made or found first, by the member's name.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{DOCUMENT, Operation, Place};
use super::{Actor, Record};

/// The id that examples use for whatever they belong to.
const EXAMPLE_ID: &str = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f";

/// The names of all private collections, e.g. `journal-entries`: whatever can be restored.
pub fn collections() -> Vec<&'static str> {
    let paths = DOCUMENT.operations().map(|operation| operation.path);
    paths.filter_map(|path| path.strip_prefix("/v1/")?.strip_suffix("/{id}/restore")).collect()
}

/// One person's records, each collection's example written once.
pub struct Examples<'a> {
    actor: &'a Actor,
    written: RefCell<BTreeMap<String, Record>>,
}

impl<'a> Examples<'a> {
    pub fn of(actor: &'a Actor) -> Self {
        Self { actor, written: RefCell::default() }
    }

    /// A record that says what the collection's example says.
    #[track_caller]
    pub fn record(&self, collection: &str) -> Record {
        if let Some(record) = self.written.borrow().get(collection) {
            return record.clone();
        }
        let record = self.actor.writes(&format!("/v1/{collection}"), &self.body(collection));
        self.written.borrow_mut().insert(collection.to_owned(), record.clone());
        record
    }

    /// A body that creates a record of the collection.
    #[track_caller]
    pub fn body(&self, collection: &str) -> Value {
        self.body_of(operation("POST", &format!("/v1/{collection}")))
    }

    /// A draft of a curated kind made of its example, `word` in its title.
    #[track_caller]
    pub fn curated(&self, kind: &str, word: &str) -> Value {
        let path = format!("/v1/admin/{kind}");
        let mut body = self.body_of(operation("POST", &path));
        body["slug"] = Value::from(format!("an-example-{word}"));
        body["title"] = Value::from(format!("An example {word}"));
        if body["file"].is_object() {
            super::pictures::stored(self.actor, "image/png", super::pictures::EXAMPLE);
        }
        self.actor.post(&path, &body).expect(201).json()
    }

    /// The example body of an operation, its ids replaced by ones that exist.
    #[track_caller]
    pub fn body_of(&self, operation: Operation<'_>) -> Value {
        let mut body = example(operation);
        self.settle(&mut body, "");
        body
    }

    #[track_caller]
    fn settle(&self, value: &mut Value, name: &str) {
        match value {
            Value::Object(members) => members.iter_mut().for_each(|(name, value)| self.settle(value, name)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.settle(item, name)),
            Value::String(text) if text == EXAMPLE_ID => *text = self.named(name),
            _ => {}
        }
    }

    /// The id for a member such as `list_id`: of a record in the collection whose singular is, or ends in, `list`; else of
    /// a published item of such a kind.
    #[track_caller]
    fn named(&self, member: &str) -> String {
        let stem = member.strip_suffix("_id").unwrap_or(member);
        let private = collections().into_iter().map(|name| (singular("POST", &format!("/v1/{name}")), name));
        let mut fitting: Vec<_> = private.filter(|(singular, _)| ends_in(singular, stem)).collect();
        fitting.sort_by_key(|(singular, _)| singular.len());
        if let Some((_, collection)) = fitting.first() {
            return self.record(collection).id;
        }
        let kinds = DOCUMENT.operations().filter(|operation| operation.path.starts_with("/v1/admin/"));
        let kind = kinds.map(|operation| operation.path.split('/').nth(3).unwrap_or_default());
        let kind = kind.into_iter().find(|kind| kind.strip_suffix('s') == Some(stem));
        let kind = kind.unwrap_or_else(|| panic!("an example names `{member}`, and nothing is called {stem}"));
        let items = self.actor.reads(&format!("/v1/{kind}"));
        items["items"][0]["id"].as_str().unwrap_or_else(|| panic!("nothing of {kind} is published")).to_owned()
    }
}

fn ends_in(singular: &str, stem: &str) -> bool {
    singular.strip_suffix(stem).is_some_and(|before| before.is_empty() || before.ends_with('_'))
}

/// `boundary_list` for the operation `create_boundary_list`.
fn singular(method: &str, path: &str) -> String {
    let name = operation(method, path).definition["operationId"].as_str().unwrap_or_default();
    name.split_once('_').map_or("", |(_, singular)| singular).to_owned()
}

/// The operation of the document; the path is a real one or a template.
#[track_caller]
pub fn operation(method: &str, path: &str) -> Operation<'static> {
    match DOCUMENT.place(method, path) {
        Place::Operation(operation) => operation,
        _ => panic!("the document has no {method} {path}"),
    }
}

/// The example of an operation's request body; null when it takes none.
pub fn example(operation: Operation<'_>) -> Value {
    let content = &DOCUMENT.resolve(&operation.definition["requestBody"])["content"];
    content
        .as_object()
        .and_then(|content| content.values().next())
        .map_or(Value::Null, |content| content["example"].clone())
}
