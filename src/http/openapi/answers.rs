//! The refusals that operations share, one answer a status, made from the table of codes.
//! Holds always: a status names every code that it can carry.

use serde_json::{Value, json};
use utoipa::openapi::{Components, Content, ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use super::headers;
use crate::http::code::Code;

/// Adds the refusals to the components, and the one for everything else.
pub(super) fn add(components: &mut Components) {
    for code in Code::ALL {
        let name = name_of(code.status_number());
        components.responses.entry(name).or_insert_with(|| refusal(code.status_number()).into());
    }
    let about = "Any other refusal.";
    components.responses.insert("Refusal".into(), problem(about, 500, example(Code::Internal)).into());
}

/// A reference to the answer of a status.
pub(super) fn named(status: u16) -> RefOr<Response> {
    RefOr::Ref(Ref::from_response_name(name_of(status)))
}

/// A reference to the answer of every status that is not named.
pub(super) fn any_other() -> RefOr<Response> {
    RefOr::Ref(Ref::from_response_name("Refusal"))
}

/// `NotFound` for 404: the status's own name without its spaces.
fn name_of(status: u16) -> String {
    let status = actix_web::http::StatusCode::from_u16(status).ok();
    let name = status.and_then(|status| status.canonical_reason()).unwrap_or("Refusal");
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn refusal(status: u16) -> Response {
    let codes: Vec<Code> = Code::ALL.iter().copied().filter(|code| code.status_number() == status).collect();
    let about = match codes.as_slice() {
        [only] => format!("`{}`: {}", only.as_str(), only.description()),
        several => {
            let lines = several.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.description()));
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    problem(&about, status, example(codes.first().copied().unwrap_or(Code::Internal)))
}

/// The body of a refusal.
pub(super) fn body() -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
}

fn problem(about: &str, status: u16, example: Value) -> Response {
    let mut content = body();
    content.example = Some(example);
    let mut response =
        ResponseBuilder::new().description(about.trim_end()).content("application/problem+json", content).build();
    let special: &[&str] = match status {
        401 => &["WWW-Authenticate"],
        412 => &["ETag"],
        429 | 503 => &["Retry-After"],
        _ => &[],
    };
    for name in ["X-Request-Id", "Access-Control-Allow-Origin", "RateLimit-Policy", "RateLimit"].iter().chain(special) {
        response.headers.insert((*name).into(), headers::named(name));
    }
    response
}

fn example(code: Code) -> Value {
    let errors = match code {
        Code::InvalidContent => {
            json!([{"pointer": "/text", "code": "too_long", "detail": "At most 20000 characters."}])
        }
        Code::InvalidQuery => {
            json!([{"pointer": "?colour", "code": "unknown_parameter", "detail": "This operation has no such parameter."}])
        }
        _ => json!([]),
    };
    json!({
        "type": code.type_uri(),
        "title": code.title(),
        "status": code.status_number(),
        "code": code.as_str(),
        "detail": code.description(),
        "request_id": "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f",
        "errors": errors,
    })
}
