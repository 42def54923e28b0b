//! Bodies of requests, and what becomes of wrong ones.
//! Holds always: a refused body leaves nothing behind.

use serde_json::Value;

use super::Actor;

/// `body` with the members of `changes` put in; a null stays a null.
pub fn with(body: &Value, changes: &Value) -> Value {
    let mut body = body.clone();
    let members = body.as_object_mut().expect("a body is an object");
    for (name, value) in changes.as_object().expect("changes are an object") {
        members.insert(name.clone(), value.clone());
    }
    body
}

/// Sends `body` with each change in turn, and holds the answer to that fault at that pointer; nothing is stored.
#[track_caller]
pub fn refused(actor: &Actor, path: &str, body: &Value, faults: &[(Value, &str, &str)]) {
    let before = actor.lists(path).len();
    for (changes, pointer, code) in faults {
        actor.post(path, &with(body, changes)).fault(422, pointer, code);
    }
    assert_eq!(actor.lists(path).len(), before, "a refused body leaves nothing behind");
}
