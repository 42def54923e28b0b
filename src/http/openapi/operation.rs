//! What one operation can answer because of the layers around it, its parameters, its body and who may call it.
//! Holds always: what the operation says itself is kept; only what is missing is added.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{RefOr, Required};

use super::{answers, headers};

/// Completes one operation of the document.
pub(super) fn complete(method: &str, path: &str, operation: &mut Operation) {
    // A refusal that the operation only names by its status is the one that all share.
    for (status, response) in &mut operation.responses.responses {
        let bare = matches!(response, RefOr::T(response) if response.content.is_empty());
        if let Some(refusal) = status.parse().ok().filter(|status| bare && *status >= 400) {
            *response = answers::named(refusal);
        }
    }
    for status in refusals(method, path, operation) {
        let missing = || answers::named(status);
        operation.responses.responses.entry(status.to_string()).or_insert_with(missing);
    }
    operation.responses.responses.entry("default".into()).or_insert_with(answers::any_other);
    if has_header(operation, "If-None-Match").is_some() {
        let unchanged = utoipa::openapi::ResponseBuilder::new().description("Nothing changed since that ETag.");
        operation.responses.responses.entry("304".into()).or_insert_with(|| unchanged.into());
    }
    let names = header_names(path, operation);
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if is_refusal(status) && response.content.is_empty() {
            response.content.insert("application/problem+json".into(), answers::body().into());
        }
        if response.headers.contains_key("Link") {
            response.headers.insert("Link".into(), headers::named("Link"));
        }
        let names = names.iter().filter(|(only, _)| only.is_none_or(|only| only == status));
        for (_, name) in names {
            response.headers.insert((*name).into(), headers::named(name));
        }
    }
}

fn is_refusal(status: &str) -> bool {
    status.parse::<u16>().is_ok_and(|status| status >= 400)
}

/// The statuses above 399 that the operation can answer, whatever its handler does.
fn refusals(method: &str, path: &str, operation: &Operation) -> Vec<u16> {
    // Whether the service lives is answered by anyone at any time; nothing but a fault of the service prevents it.
    let mut statuses = vec![400, 414, 431, 500];
    let roles = security_roles(operation);
    if roles.is_some() {
        statuses.push(401);
    }
    if roles.is_some_and(|roles| roles > 0) {
        statuses.push(403);
    }
    if path.contains('{') {
        statuses.push(404);
    }
    if operation.request_body.is_some() {
        statuses.extend([408, 413, 415, 422]);
    }
    match has_header(operation, "If-Match") {
        Some(true) => statuses.extend([412, 428]),
        Some(false) => statuses.push(412),
        None => {}
    }
    if path.starts_with("/v1/") {
        statuses.push(429);
    }
    if path != "/livez" {
        statuses.push(503);
    }
    if method == "get" {
        statuses.retain(|status| *status != 428);
    }
    statuses
}

/// Headers of the operation's own answers, and the one status that has them where it is not all.
fn header_names(path: &str, operation: &Operation) -> Vec<(Option<&'static str>, &'static str)> {
    let mut names = vec![(None, "X-Request-Id"), (None, "Access-Control-Allow-Origin")];
    if path.starts_with("/v1/") {
        names.extend([(None, "RateLimit-Policy"), (None, "RateLimit")]);
    }
    let versioned =
        ["If-Match", "If-None-Match", "Idempotency-Key"].iter().any(|name| has_header(operation, name).is_some());
    if versioned {
        names.extend([(Some("200"), "ETag"), (Some("201"), "ETag"), (Some("304"), "ETag")]);
    }
    if has_header(operation, "Idempotency-Key").is_some() {
        names.extend([(Some("200"), "Idempotency-Replayed"), (Some("201"), "Idempotency-Replayed")]);
    }
    names.push((Some("201"), "Location"));
    names
}

/// Whether the operation has this header parameter, and whether it is required.
fn has_header(operation: &Operation, name: &str) -> Option<bool> {
    let found = operation.parameters.iter().flatten().find_map(|parameter| match parameter {
        RefOr::T(parameter) => is_header(parameter, name).then_some(parameter),
        RefOr::Ref(_) => None,
    });
    found.map(|parameter| parameter.required == Required::True)
}

fn is_header(parameter: &Parameter, name: &str) -> bool {
    parameter.parameter_in == ParameterIn::Header && parameter.name.eq_ignore_ascii_case(name)
}

/// None when anyone may call; otherwise how many roles are named.
fn security_roles(operation: &Operation) -> Option<usize> {
    let requirements = operation.security.as_ref()?;
    let written = requirements.iter().filter_map(|requirement| serde_json::to_value(requirement).ok());
    let roles = written.filter_map(|requirement| Some(requirement.get("bearer")?.as_array()?.len()));
    roles.max()
}
