//! Holds each answer against the OpenAPI document: path and method, status, content type, required headers, body.
//! Holds always: a status that the operation does not name itself is a fault; `default` excuses nothing.

use serde_json::{Value, json};

use super::Answer;
use super::document::{Document, Members, Operation, Place};

/// What in `answer` to `method path` (query included) the document does not allow, one line a fault.
pub fn faults(document: &Document, method: &str, path: &str, answer: &Answer) -> Vec<String> {
    let path = path.split('?').next().unwrap_or(path);
    match document.place(method, path) {
        Place::Nowhere if path == "/docs" || path.starts_with("/docs/") => Vec::new(),
        Place::Nowhere => only_a_problem(document, method, answer, 404),
        Place::WrongMethod if method == "OPTIONS" => Vec::new(),
        Place::WrongMethod => only_a_problem(document, method, answer, 405),
        Place::Operation(operation) => faults_of(document, method, operation, answer),
    }
}

/// What a body that the service took (2xx) has that the document does not allow to be sent.
pub fn request_faults(document: &Document, method: &str, path: &str, content_type: &str, sent: &[u8]) -> Vec<String> {
    let path = path.split('?').next().unwrap_or(path);
    let Place::Operation(operation) = document.place(method, path) else { return Vec::new() };
    let body = document.resolve(&operation.definition["requestBody"]);
    let Some(content) = content_of(&body["content"], content_type) else {
        return vec![format!("the document does not know requests of {content_type}")];
    };
    if !is_json(content_type) {
        return Vec::new();
    }
    let Ok(sent) = serde_json::from_slice::<Value>(sent) else { return vec!["the request is not JSON".into()] };
    let name = format!("{} {} request {content_type}", operation.method, operation.path);
    document.faults(&name, &content["schema"], Members::Any, &sent)
}

/// Paths and methods outside the document have one answer: a problem.
fn only_a_problem(document: &Document, method: &str, answer: &Answer, status: u16) -> Vec<String> {
    let mut faults = Vec::new();
    if answer.status != status {
        faults.push(format!(
            "the document does not know this operation, yet it answers {} and not {status}",
            answer.status
        ));
    }
    if method != "HEAD" {
        let content = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
        faults.extend(body_faults(document, "problem", &content, answer));
    }
    faults
}

fn faults_of(document: &Document, method: &str, operation: Operation<'_>, answer: &Answer) -> Vec<String> {
    let name = format!("{} {} {}", operation.method, operation.path, answer.status);
    let response = match operation.definition["responses"].get(answer.status.to_string()) {
        Some(response) => document.resolve(response),
        None => return vec![format!("the operation does not declare status {}", answer.status)],
    };
    let mut faults = header_faults(document, &name, &response["headers"], answer);
    if method == "HEAD" {
        if !answer.text.is_empty() {
            faults.push("an answer to HEAD has a body".into());
        }
    } else {
        faults.extend(body_faults(document, &name, &response["content"], answer));
    }
    faults
}

fn header_faults(document: &Document, name: &str, headers: &Value, answer: &Answer) -> Vec<String> {
    let mut faults = Vec::new();
    for (header, definition) in headers.as_object().into_iter().flatten() {
        let definition = document.resolve(definition);
        match answer.header(header) {
            None if definition["required"] == true => faults.push(format!("the header {header} is missing")),
            None => {}
            Some(value) => {
                let kind = &document.resolve(&definition["schema"])["type"];
                let number = value.parse::<i64>().ok().filter(|_| kind == "integer").map(Value::from);
                let value = number.unwrap_or_else(|| Value::from(value));
                let broken =
                    document.faults(&format!("{name} {header}"), &definition["schema"], Members::Named, &value);
                faults.extend(broken.into_iter().map(|fault| format!("the header {header} {fault}")));
            }
        }
    }
    faults
}

fn body_faults(document: &Document, name: &str, content: &Value, answer: &Answer) -> Vec<String> {
    if content.as_object().is_none_or(serde_json::Map::is_empty) {
        let empty = answer.text.is_empty();
        return if empty { Vec::new() } else { vec!["the document declares no body, the answer has one".into()] };
    }
    let Some(content_type) = answer.header("content-type") else { return vec!["there is no Content-Type".into()] };
    let Some(declared) = content_of(content, content_type) else {
        return vec![format!("the Content-Type {content_type} is not declared")];
    };
    if !is_json(content_type) {
        return Vec::new();
    }
    match serde_json::from_str(&answer.text) {
        Ok(body) => document.faults(&format!("{name} {content_type}"), &declared["schema"], Members::Named, &body),
        Err(error) => vec![format!("the body is not JSON: {error}")],
    }
}

/// The declaration for a content type, parameters left aside.
fn content_of<'a>(content: &'a Value, content_type: &str) -> Option<&'a Value> {
    let bare = |text: &str| text.split(';').next().unwrap_or(text).trim().to_lowercase();
    let declared = content.as_object()?;
    declared.iter().find(|(name, _)| bare(name) == bare(content_type)).map(|(_, value)| value)
}

/// Whether a body of this type is one JSON value, which a schema can be held against.
fn is_json(content_type: &str) -> bool {
    let bare = content_type.split(';').next().unwrap_or_default().trim();
    bare == "application/json" || bare.ends_with("+json")
}
