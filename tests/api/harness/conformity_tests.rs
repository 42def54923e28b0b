//! That the suite's own judge sees each kind of fault: a judge that lets everything pass would look just as green.

use serde_json::{Value, json};
use ureq::http::{HeaderMap, HeaderValue};

use super::Answer;
use super::conformity::{faults, request_faults};
use super::document::Document;

fn document() -> Document {
    let note = json!({
        "type": "object", "required": ["id", "text"],
        "properties": {"id": {"type": "string", "format": "uuid"}, "text": {"type": "string", "maxLength": 10}},
    });
    let etag = json!({"required": true, "schema": {"type": "string"}});
    let found = json!({
        "description": "Found.", "headers": {"ETag": etag},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}},
    });
    let operation = json!({
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}},
        "responses": {"200": found, "204": {"description": "Nothing."}, "default": {"description": "Anything."}},
    });
    Document::new(json!({
        "paths": {"/notes/{id}": {"get": operation, "put": operation}},
        "components": {"schemas": {"Note": note, "Problem": {"type": "object", "required": ["code"]}}},
    }))
}

fn answer(status: u16, content_type: &str, etag: bool, body: &Value) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_str(content_type).unwrap());
    if etag {
        headers.insert("etag", HeaderValue::from_static("\"1\""));
    }
    Answer { status, headers, text: body.to_string(), bytes: Vec::new(), asked: "a test".into() }
}

const GOOD: &str = "0199aa6e-5a58-7000-8000-000000000001";

#[test]
fn a_faithful_answer_passes() {
    let body = json!({"id": GOOD, "text": "short"});
    let answer = answer(200, "application/json; charset=utf-8", true, &body);
    assert_eq!(faults(&document(), "GET", "/notes/7?x=1", &answer), Vec::<String>::new());
}

#[test]
fn each_kind_of_fault_is_seen() {
    let good = json!({"id": GOOD, "text": "short"});
    let unnamed = json!({"id": GOOD, "text": "short", "mood": "calm"});
    let cases = [
        ("an undeclared status", answer(201, "application/json", true, &good)),
        ("a missing header", answer(200, "application/json", false, &good)),
        ("another content type", answer(200, "text/html", true, &good)),
        ("a missing member", answer(200, "application/json", true, &json!({"id": GOOD}))),
        ("a member that nobody declared", answer(200, "application/json", true, &unnamed)),
        ("a broken format", answer(200, "application/json", true, &json!({"id": "7", "text": "short"}))),
        ("a broken limit", answer(200, "application/json", true, &json!({"id": GOOD, "text": "far too long"}))),
        ("a body where none is declared", answer(204, "application/json", true, &good)),
    ];
    for (fault, answer) in cases {
        assert!(!faults(&document(), "GET", "/notes/7", &answer).is_empty(), "{fault} passed");
    }
}

#[test]
fn outside_the_document_only_a_problem_passes() {
    let problem = answer(404, "application/problem+json", false, &json!({"code": "not_found"}));
    assert!(faults(&document(), "GET", "/letters", &problem).is_empty());
    assert!(!faults(&document(), "POST", "/notes/7", &problem).is_empty(), "a wrong method is 405");
    let page = answer(404, "text/html", false, &json!("not found"));
    assert!(!faults(&document(), "GET", "/letters", &page).is_empty());
}

#[test]
fn a_body_that_the_document_forbids_is_seen_when_the_service_took_it() {
    let sent =
        |body: Value| request_faults(&document(), "PUT", "/notes/7", "application/json", body.to_string().as_bytes());
    assert!(sent(json!({"id": GOOD, "text": "short", "version": 3})).is_empty(), "requests may carry more");
    assert!(!sent(json!({"id": GOOD, "text": "far too long"})).is_empty());
}
