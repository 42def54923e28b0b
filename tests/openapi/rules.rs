//! The document's own rules: what generators for other languages need, and what a reader may expect of every operation.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(mend::app::openapi()).expect("the document is JSON"));

/// Every operation: its name for messages, its path, its method, itself.
fn operations() -> impl Iterator<Item = (String, &'static str, &'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (format!("{method} {path}"), path.as_str(), method.as_str(), operation))
    })
}

#[track_caller]
fn none(what: &str, faults: impl IntoIterator<Item = String>) {
    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{what}:\n{}", faults.join("\n"));
}

#[test]
fn every_operation_says_what_it_is() {
    let tags: BTreeSet<_> =
        DOCUMENT["tags"].as_array().expect("tags").iter().map(|tag| &tag["name"]).map(Value::to_string).collect();
    let mut ids = BTreeSet::new();
    let mut faults = Vec::new();
    for (name, _, _, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let verb_noun = id.contains('_')
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
        let of_operations = operation["tags"][0] == "operations";
        let checks = [
            (verb_noun, "its operationId is no verb_noun"),
            (ids.insert(id), "its operationId is taken"),
            (operation["tags"].as_array().is_some_and(|own| own.len() == 1), "it has not exactly one tag"),
            (tags.contains(&operation["tags"][0].to_string()), "its tag is not described"),
            (operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "it has no summary"),
            (
                of_operations || operation["description"].as_str().is_some_and(|text| !text.is_empty()),
                "it has no description",
            ),
            (operation["responses"]["default"].is_object(), "it has no default response"),
        ];
        faults.extend(checks.into_iter().filter(|(fine, _)| !fine).map(|(_, fault)| format!("{name}: {fault}")));
    }
    none("every operation needs these", faults);
}

#[test]
fn every_tag_is_described_and_used() {
    let used: BTreeSet<_> = operations().map(|(_, _, _, operation)| operation["tags"][0].to_string()).collect();
    let tags = DOCUMENT["tags"].as_array().expect("tags");
    none(
        "tags",
        tags.iter()
            .filter(|tag| !used.contains(&tag["name"].to_string()) || tag["description"] == "")
            .map(Value::to_string),
    );
}

#[test]
fn bodies_and_parameters_have_examples_and_named_schemas() {
    let mut faults = Vec::new();
    for (name, _, _, operation) in operations() {
        let mut contents: Vec<_> = operation["requestBody"]["content"].as_object().into_iter().flatten().collect();
        for response in operation["responses"].as_object().into_iter().flatten().map(|(_, response)| response) {
            contents.extend(response["content"].as_object().into_iter().flatten());
        }
        for (media, content) in contents {
            let problem = media == "application/problem+json";
            if content["example"].is_null() && content["examples"].is_null() && !problem {
                faults.push(format!("{name}: {media} has no example"));
            }
            if !content["schema"]["$ref"].is_string() {
                faults.push(format!("{name}: the schema of {media} has no name"));
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let nothing = |member: &str| parameter[member].is_null();
            let schema_example = &parameter["schema"]["example"];
            if nothing("description") || (nothing("example") && nothing("examples") && schema_example.is_null()) {
                faults.push(format!("{name}: {} lacks a description or an example", parameter["name"]));
            }
        }
    }
    none("every body and parameter needs these", faults);
}

#[test]
fn generators_for_other_languages_understand_every_schema() {
    let mut faults = Vec::new();
    walk("", &DOCUMENT, &mut |place, value| {
        for forbidden in ["allOf", "anyOf", "discriminator"] {
            if value.get(forbidden).is_some() {
                faults.push(format!("{place}: {forbidden}"));
            }
        }
        if let Some(branches) = value.get("oneOf").and_then(Value::as_array) {
            let null = |branch: &Value| branch["type"] == "null";
            let reference = |branch: &Value| branch.get("$ref").is_some();
            let fine = branches.len() == 2 && branches.iter().any(null) && branches.iter().any(reference);
            if !fine {
                faults.push(format!("{place}: oneOf other than [null, $ref]"));
            }
        }
    });
    none("schemas must be flat", faults);
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let text = DOCUMENT.to_string();
    let mut faults = Vec::new();
    walk("", &DOCUMENT, &mut |place, value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str)
            && DOCUMENT.pointer(reference.trim_start_matches('#')).is_none()
        {
            faults.push(format!("{place}: {reference} leads nowhere"));
        }
    });
    for kind in ["schemas", "responses", "headers"] {
        let named = DOCUMENT["components"][kind].as_object().into_iter().flatten();
        let unused = named.filter(|(name, _)| !text.contains(&format!("\"#/components/{kind}/{name}\"")));
        faults.extend(unused.map(|(name, _)| format!("components/{kind}/{name} is used nowhere")));
    }
    none("references", faults);
}

#[test]
fn required_members_exist() {
    let mut faults = Vec::new();
    walk("", &DOCUMENT["components"], &mut |place, value| {
        let Some(required) = value.get("required").and_then(Value::as_array) else { return };
        let missing =
            required.iter().filter(|name| name.as_str().is_some_and(|name| value["properties"][name].is_null()));
        faults.extend(missing.map(|name| format!("{place}: requires {name}, which it does not have")));
    });
    none("required members", faults);
}

/// Visits every object of the document but those that are data: examples and the like.
fn walk(place: &str, value: &'static Value, visit: &mut impl FnMut(&str, &'static Value)) {
    match value {
        Value::Object(members) => {
            visit(place, value);
            let data = ["example", "examples", "default", "enum", "x-extensible-enum"];
            for (name, member) in
                members.iter().filter(|(name, _)| !data.contains(&name.as_str()) || place.ends_with("properties"))
            {
                walk(&format!("{place}/{name}"), member, visit);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(&format!("{place}/{index}"), item, visit));
        }
        _ => {}
    }
}
