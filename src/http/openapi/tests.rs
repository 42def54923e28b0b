//! The finishing pass on a small document.

use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ComponentsBuilder, OpenApiBuilder, PathsBuilder};
use utoipa::{PartialSchema as _, ToSchema};

use super::*;
use crate::privacy::Text;

#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Note {
    /// What it says.
    text: Text<40>,
    /// A heading.
    title: Option<Text<20>>,
    tags: Vec<Text<20>>,
}

fn finished() -> Value {
    let mut named = Vec::new();
    Note::schemas(&mut named);
    let components = ComponentsBuilder::new().schema("Note", Note::schema()).schemas_from_iter(named).build();
    let change = OperationBuilder::new()
        .security(bearer(&["curator"]))
        .parameter(if_match(true))
        .request_body(Some(json_body("The note.", "Note", &json!({}), &["application/json"])))
        .response("200", json_answer("The note.", "Note", json!({})));
    let number = ObjectBuilder::new().schema_type(Type::Integer);
    let read = OperationBuilder::new()
        .parameter(query_parameter("n", "A number.", number, json!(1)))
        .response("200", json_answer("Fine.", "Note", json!({})));
    let paths = PathsBuilder::new()
        .path("/v1/notes/{id}", PathItem::new(HttpMethod::Put, change.build()))
        .path("/livez", PathItem::new(HttpMethod::Get, read.build()))
        .build();
    let mut document = OpenApiBuilder::new().paths(paths).components(Some(components)).build();
    finish(&mut document);
    serde_json::to_value(&document).unwrap()
}

fn statuses(operation: &Value) -> Vec<&str> {
    operation["responses"].as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn every_status_is_named() {
    let document = finished();
    let change = &document["paths"]["/v1/notes/{id}"]["put"];
    let all = "200 400 401 403 404 408 412 413 414 415 422 428 429 431 500 503 default";
    assert_eq!(statuses(change).join(" "), all);
    assert_eq!(statuses(&document["paths"]["/livez"]["get"]).join(" "), "200 400 414 431 500 default");
    assert_eq!(change["responses"]["404"]["$ref"], "#/components/responses/NotFound");
    assert!(change["responses"]["200"]["headers"].as_object().unwrap().contains_key("ETag"));
    for (_, reference) in change["responses"].as_object().unwrap() {
        let Some(place) = reference["$ref"].as_str() else { continue };
        assert!(document.pointer(place.trim_start_matches('#')).is_some(), "{place} leads nowhere");
    }
}

#[test]
fn texts_stand_where_they_are_used() {
    let document = finished();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.keys().map(String::as_str).collect::<Vec<_>>(), ["Fault", "Note", "Problem"]);
    let members = &schemas["Note"]["properties"];
    assert_eq!(members["text"]["maxLength"], 40);
    assert_eq!(members["text"]["description"], "What it says.");
    assert_eq!(members["title"]["type"], json!(["string", "null"]));
    assert_eq!(members["title"]["maxLength"], 20);
    assert_eq!(members["title"]["description"], "A heading.");
    assert_eq!(members["tags"]["items"]["maxLength"], 20);
    assert!(!document.to_string().contains("schemas/Text"));
}

#[test]
fn what_an_operation_says_itself_is_kept() {
    let mut operation = OperationBuilder::new().response("400", problem("Special.")).build();
    operation::complete("get", "/v1/x", &mut operation);
    let written = serde_json::to_value(&operation).unwrap();
    assert_eq!(written["responses"]["400"]["description"], "Special.");
}
