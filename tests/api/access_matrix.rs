//! Who may do what: every operation of the document, asked by everyone.
//! Holds always: each operation falls into exactly one class by a rule written here, a new one that fits none fails;
//! the verdicts of a class are declared by hand, so an operation that lost its extractor fails.

use crate::harness::document::{DOCUMENT, Operation};
use crate::harness::examples::{Examples, collections};
use crate::harness::*;

/// What an operation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Whether the service runs, and what it is.
    Around,
    /// Becoming somebody: registering, signing in, refreshing.
    Entrance,
    /// One's own account and sessions.
    Oneself,
    /// Private records, lists and trash included.
    Own,
    /// The published catalogue.
    Reading,
    /// What everyone may read, signed in or not.
    Open,
    /// Writing and publishing the catalogue.
    Curation,
}

/// How an operation receives somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// 401 whatever was sent.
    SignIn,
    /// 403 whatever was sent.
    NotAllowed,
    /// Neither: what was sent is looked at.
    Heard,
}

/// Kinds of the catalogue that everyone may read.
const OPEN_KINDS: [&str; 2] = ["help-contacts", "vocabularies"];

/// The verdicts for somebody unknown, a person, a curator and an administrator.
const fn verdicts(class: Class) -> [Verdict; 4] {
    use Verdict::{Heard, NotAllowed, SignIn};
    match class {
        Class::Around | Class::Entrance | Class::Open => [Heard, Heard, Heard, Heard],
        Class::Oneself | Class::Own | Class::Reading => [SignIn, Heard, Heard, Heard],
        Class::Curation => [SignIn, NotAllowed, Heard, Heard],
    }
}

/// The classes whose rule an operation fits.
#[expect(clippy::match_same_arms, reason = "each line is a rule of its own")]
fn classes(method: &str, path: &str) -> Vec<Class> {
    let parts: Vec<_> = path.trim_start_matches('/').split('/').collect();
    let private = |name: &str| collections().contains(&name);
    let curated = |name: &str| {
        let named = |operation: Operation<'_>| operation.path.split('/').nth(3) == Some(name);
        // Steps are read on their own and written inside their program; submissions are what people hand over.
        name == "steps" || name != "submissions" && DOCUMENT.operations().any(|known| known.path.starts_with("/v1/admin/") && named(known))
    };
    let fits = |class: Class| match (class, parts.as_slice()) {
        (Class::Around, ["livez" | "readyz" | "version" | "openapi.json" | "docs"]) => method == "get",
        (Class::Around, ["v1", "privacy", "manifest"] | ["v1", "bundle", "keys"]) => method == "get",
        // The link itself is the permission.
        (Class::Around, ["v1", "previews", "{preview}"]) => method == "get",
        (Class::Entrance, ["v1", "auth", "register" | "login" | "refresh"]) => method == "post",
        (Class::Oneself, ["v1", "auth", "logout"]) => method == "post",
        (Class::Oneself, ["v1", "me", ..]) => true,
        (Class::Oneself, ["v1", "submissions"]) => ["get", "post"].contains(&method),
        (Class::Oneself, ["v1", "submissions", "{id}"]) => ["get", "delete"].contains(&method),
        (Class::Own, ["v1", "trash"]) => method == "get",
        (Class::Own, ["v1", "trash", "{id}"]) => method == "delete",
        (Class::Own, ["v1", "next" | "day"]) => method == "get",
        (Class::Own, ["v1", name]) => private(name) && ["get", "post"].contains(&method),
        (Class::Own, ["v1", name, "{id}"]) => private(name) && ["get", "put", "patch", "delete"].contains(&method),
        (Class::Own, ["v1", name, "{id}", "restore"]) => private(name) && method == "post",
        (Class::Own, ["v1", name, "{id}", "revisions"] | ["v1", name, "{id}", "revisions", "{version}"]) => {
            private(name) && method == "get"
        }
        (Class::Own, ["v1", "program-runs", "{id}", "steps", "{step_id}"]) => method == "put",
        (Class::Reading, ["v1", "search"]) => method == "get",
        (Class::Own, ["v1", "program-runs", "{id}", "next"]) => method == "get",
        (Class::Reading, ["v1", "media-files", "{sha256}"]) => method == "get",
        (Class::Reading, ["v1", "bundle"]) => ["get", "post"].contains(&method),
        (Class::Open, ["v1", kind] | ["v1", kind, _]) => OPEN_KINDS.contains(kind) && method == "get",
        (Class::Reading, ["v1", kind, _, "related"]) if OPEN_KINDS.contains(kind) => method == "get",
        (Class::Reading, ["v1", kind] | ["v1", kind, _] | ["v1", kind, _, "related"]) => {
            curated(kind) && !OPEN_KINDS.contains(kind) && method == "get"
        }
        (Class::Curation, ["v1", "admin", ..]) => true,
        _ => false,
    };
    let all = [Class::Around, Class::Entrance, Class::Oneself, Class::Own, Class::Reading, Class::Open, Class::Curation];
    all.into_iter().filter(|class| fits(*class)).collect()
}

#[test]
fn every_operation_has_one_class() {
    let unclear: Vec<_> = DOCUMENT
        .operations()
        .map(|operation| (operation, classes(operation.method, operation.path)))
        .filter(|(_, classes)| classes.len() != 1)
        .map(|(operation, classes)| format!("{} {}: {classes:?}", operation.method, operation.path))
        .collect();
    assert!(unclear.is_empty(), "declare who may use these, in this file:\n{}", unclear.join("\n"));
}

#[test]
fn an_operation_that_nobody_declared_is_seen() {
    assert!(classes("get", "/v1/letters").is_empty());
    assert!(classes("post", "/v1/tips").is_empty());
    assert!(classes("get", "/metrics").is_empty());
}

/// What the document says of who may call agrees with what is declared here.
#[test]
fn the_document_says_who_may_call() {
    for operation in DOCUMENT.operations() {
        let class = classes(operation.method, operation.path)[0];
        let security = match class {
            Class::Around | Class::Entrance | Class::Open => json!([{}]),
            Class::Oneself | Class::Own | Class::Reading => json!([{"bearer": []}]),
            Class::Curation => json!([{"bearer": ["curator"]}]),
        };
        assert_eq!(operation.definition["security"], security, "{} {}", operation.method, operation.path);
    }
}

/// Garbage everywhere: who is refused is refused before any of it is looked at.
#[apply(on_both_databases)]
fn each_operation_receives_everyone_as_declared(#[case] engine: Engine) {
    let world = World::start(engine);
    let everyone = [world.anonymous(), world.sign_up("asha"), world.curator("cleo"), world.admin("alma")];
    let mut wrong = Vec::new();
    for operation in DOCUMENT.operations().filter(|operation| !ends_a_session(*operation)) {
        let class = classes(operation.method, operation.path)[0];
        for (actor, expected) in everyone.iter().zip(verdicts(class)) {
            let answer = garbage(actor, operation).send();
            let verdict = match answer.status {
                401 => Verdict::SignIn,
                403 => Verdict::NotAllowed,
                _ => Verdict::Heard,
            };
            if verdict != expected {
                wrong.push(format!(
                    "{:?} for {}: {answer}",
                    expected,
                    if actor.email.is_empty() { "nobody" } else { &actor.email }
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "expected\n{}", wrong.join("\n"));
}

/// Operations that would sign the actors out: their own stories ask them.
fn ends_a_session(operation: Operation<'_>) -> bool {
    operation.path == "/v1/auth/logout" || (operation.method == "delete" && operation.path.starts_with("/v1/me"))
}

fn garbage(actor: &Actor, operation: Operation<'_>) -> Request {
    let path = operation.path.replace('{', "no-").replace('}', "");
    let method = operation.method.to_uppercase().parse().expect("a method");
    let request = actor.request(method, &format!("{path}?no-such-parameter=1"));
    if operation.method == "get" { request } else { request.bytes("application/json", "{\"broken\": ") }
}

/// The verdict that garbage cannot show: signing out needs somebody who is signed in.
#[apply(on_both_databases)]
fn what_ends_a_session_needs_one(#[case] engine: Engine) {
    let world = World::start(engine);
    for operation in DOCUMENT.operations().filter(|operation| ends_a_session(*operation)) {
        garbage(&world.anonymous(), operation).send().expect(401);
    }
}

/// A record of somebody else and one that never was are the same 404, byte for byte but for the request id.
#[apply(on_both_databases)]
fn a_foreign_record_is_a_missing_record(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let examples = Examples::of(&asha);
    let others = [world.sign_up("bela"), world.curator("cleo"), world.admin("alma")];
    for operation in own_operations() {
        let record = examples.record(collection_of(operation));
        let body = examples.body_of(operation);
        for other in &others {
            let ask = |id: &str| fill(other, operation, &record, id, &body).send().expect(404);
            let (foreign, missing) = (ask(&record.id), ask("01980a5c-0000-7000-8000-00000000dead"));
            assert_eq!(seen(&foreign), seen(&missing), "{} {}", operation.method, operation.path);
        }
    }
    for collection in collections() {
        let record = examples.record(collection);
        assert_eq!(asha.reads(&record.path), record.body, "others' attempts changed it");
        for other in &others {
            assert_eq!(other.lists(&format!("/v1/{collection}")), Vec::<Value>::new());
            assert_eq!(other.lists(&format!("/v1/{collection}?id={}", record.id)), Vec::<Value>::new());
        }
    }
}

/// The owner is received by each of these operations, so that the refusals above are about who asks.
#[apply(on_both_databases)]
fn the_owner_may_do_all_of_it(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let mut operations: Vec<_> = own_operations().collect();
    // Deleting comes last but for restoring; children go before their parents' turn comes again.
    operations.sort_by_key(|operation| (operation.method == "delete", operation.path.ends_with("/restore")));
    for operation in operations {
        let examples = Examples::of(&asha);
        let mut record = examples.record(collection_of(operation));
        if operation.path.ends_with("/restore") || operation.path.starts_with("/v1/trash/") {
            asha.deletes(&record);
            let trash = asha.lists("/v1/trash");
            let trashed = trash.iter().find(|trashed| trashed["id"] == *record.id).expect("it is in the trash");
            record.etag = format!("\"{}\"", trashed["version"]);
        }
        let answer = fill(&asha, operation, &record, &record.id, &examples.body_of(operation)).send();
        assert!((200..300).contains(&answer.status), "{answer}");
    }
}

/// The operations on one private record.
fn own_operations() -> impl Iterator<Item = Operation<'static>> {
    let own = |operation: &Operation<'_>| classes(operation.method, operation.path) == [Class::Own];
    DOCUMENT.operations().filter(move |operation| own(operation) && operation.path.contains("{id}"))
}

/// The collection that an operation is about; the trash is about any.
fn collection_of(operation: Operation<'static>) -> &'static str {
    let name = operation.path.split('/').nth(2).expect("/v1/<collection>");
    if name == "trash" { collections()[0] } else { name }
}

/// A faultless request to an operation on one record, asked for by `id`.
fn fill(actor: &Actor, operation: Operation<'_>, record: &Record, id: &str, body: &Value) -> Request {
    let mut path = operation.path.replace("{id}", id).replace("{version}", "1");
    if path.contains("{step_id}") {
        let program = record.body["program_id"].as_str().expect("a run has a program");
        let steps = actor.reads(&format!("/v1/steps?program={program}"));
        path = path.replace("{step_id}", steps["items"][0]["id"].as_str().expect("a program has steps"));
    }
    let request = actor.request(operation.method.to_uppercase().parse().expect("a method"), &path);
    let request = if operation.method == "get" { request } else { request.header("if-match", &record.etag) };
    if body.is_null() { request } else { request.json(body) }
}

/// What a client sees of an answer, the request id left out.
fn seen(answer: &Answer) -> (u16, Option<String>, String) {
    let id = answer.json()["request_id"].as_str().expect("a problem has a request id").to_owned();
    (answer.status, answer.header("content-type").map(str::to_owned), answer.text.replace(&id, ""))
}
