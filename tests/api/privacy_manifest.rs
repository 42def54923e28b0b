//! The privacy manifest: every table, column, collection and member that there is, and nothing that there is not.

use std::collections::BTreeSet;

use mend::privacy::map::{self, Store};

use crate::harness::document::DOCUMENT;
use crate::harness::examples::{Examples, collections};
use crate::harness::*;

/// The names of the items of a list.
fn names<'a>(list: &'a Value, name: &str) -> BTreeSet<&'a str> {
    list.as_array().unwrap().iter().map(|item| item[name].as_str().unwrap()).collect()
}

/// The item of a list that has this name.
fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|item| item["name"] == name);
    found.unwrap_or_else(|| panic!("the manifest does not have {name}"))
}

/// The path of every member of a value as an answer holds it.
fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                paths(member, &path, found);
                found.insert(path);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, &format!("{path}[]"), found)),
        _ => {}
    }
}

/// The path of every member that a schema of the document names.
fn schema_paths(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    let schema = DOCUMENT.resolve(schema);
    schema["oneOf"].as_array().into_iter().flatten().for_each(|schema| schema_paths(schema, path, found));
    if schema["items"].is_object() {
        schema_paths(&schema["items"], &format!("{path}[]"), found);
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        schema_paths(member, &path, found);
        found.insert(path);
    }
}

#[apply(on_both_databases)]
fn the_manifest_names_every_column_of_both_stores(#[case] engine: Engine) {
    let world = World::start(engine);
    let manifest = world.anonymous().get("/v1/privacy/manifest").expect(200).json();
    assert_eq!(names(&manifest["stores"], "name"), BTreeSet::from(["keystore", "main"]));
    // The map is held against the databases by their own catalogues; what is served is held against the map.
    let differences = |conn: &mut _| map::differences(conn, Store::Main);
    let main = world.node(0).running.house.database.read_now(|conn| differences(conn));
    assert_eq!(main, Ok(Vec::new()));
    for table in map::tables() {
        let store = if table.store == Store::Main { "main" } else { "keystore" };
        let served = named(&named(&manifest["stores"], store)["tables"], table.name);
        let declared: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
        assert_eq!(names(&served["columns"], "name"), declared, "{}", table.name);
    }
    let sealed = named(&named(&named(&manifest["stores"], "main")["tables"], "records")["columns"], "document");
    assert_eq!((&sealed["holds"], &sealed["retention"]), (&json!("sealed"), &json!("record")));
    let counters = named(&named(&manifest["stores"], "main")["tables"], "attempt_counters");
    assert_eq!(counters["columns"][0]["retention_days"], 1);
}

#[test]
fn the_manifest_names_every_member_of_every_document() {
    let world = World::start(Engine::Sqlite);
    let manifest = world.anonymous().get("/v1/privacy/manifest").expect(200).json();
    assert_eq!(names(&manifest["collections"], "name"), collections().into_iter().collect());
    let asha = world.sign_up("asha");
    let examples = Examples::of(&asha);
    let envelope = ["id", "version", "created_at", "updated_at"];
    for collection in collections() {
        let declared = named(&manifest["collections"], collection);
        let answer = asha.writes(&format!("/v1/{collection}"), &examples.body(collection)).body;
        let mut stored = BTreeSet::new();
        paths(&answer, "", &mut stored);
        stored.retain(|path| !envelope.contains(&path.as_str()));
        let fields = names(&declared["fields"], "path");
        let missing: Vec<_> = stored.iter().filter(|path| !fields.contains(path.as_str())).collect();
        assert!(missing.is_empty(), "{collection} stores what it does not declare: {missing:?}");

        let operation = DOCUMENT.operations().find(|it| it.method == "get" && it.path == format!("/v1/{collection}/{{id}}"));
        let schema = &operation.unwrap().definition["responses"]["200"]["content"]["application/json"]["schema"];
        let mut documented = BTreeSet::new();
        schema_paths(schema, "", &mut documented);
        documented.retain(|path| !envelope.contains(&path.as_str()));
        assert_eq!(fields, documented.iter().map(String::as_str).collect(), "{collection}");
    }
    for (document, path) in [("me", "/v1/me"), ("sessions", "/v1/me/sessions"), ("security-events", "/v1/me/security-events")] {
        let answer = asha.reads(path);
        let mut stored = BTreeSet::new();
        paths(answer.get("items").map_or(&answer, |items| &items[0]), "", &mut stored);
        let fields = names(&named(&manifest["accounts"], document)["fields"], "path");
        assert_eq!(fields, stored.iter().map(String::as_str).collect(), "{document}");
    }
}

#[test]
fn each_member_says_what_it_is_for() {
    let world = World::start(Engine::Sqlite);
    let manifest = world.anonymous().get("/v1/privacy/manifest").expect(200).json();
    for document in ["collections", "accounts"].iter().flat_map(|list| manifest[*list].as_array().unwrap()) {
        assert!(document["purpose"].as_str().unwrap().len() > 10);
        for field in document["fields"].as_array().unwrap() {
            assert!(field["purpose"].as_str().unwrap().len() > 10, "{}: {field}", document["name"]);
        }
    }
}

#[test]
fn everybody_may_read_and_keep_it() {
    let world = World::start(Engine::Sqlite);
    let nobody = world.anonymous();
    let first = nobody.get("/v1/privacy/manifest").expect(200);
    assert_eq!(first.header("cache-control"), Some("public, max-age=3600"));
    let again = nobody.request(Method::GET, "/v1/privacy/manifest").header("if-none-match", &first.etag()).send();
    assert_eq!((again.status, again.etag()), (304, first.etag()));
    nobody.get("/v1/privacy/manifest?of=asha").expect(400);
}
