//! Pieces of operations written by hand: parameters, bodies, answers, security.
//! Holds always: each piece has a description and an example, as the document's rules ask.

use serde_json::Value;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, Header, Ref, RefOr, Required};

/// Needs an access token. `roles` names what the account has to be (`curator`, `admin`); empty for everyone signed in.
#[must_use]
pub fn bearer(roles: &[&str]) -> SecurityRequirement {
    SecurityRequirement::new("bearer", roles.iter().copied())
}

/// A part of the path.
#[must_use]
pub fn path_parameter(name: &str, about: &str, schema: impl Into<RefOr<Schema>>, example: Value) -> Parameter {
    parameter(ParameterIn::Path, name, about, Required::True, schema, example)
}

/// A query parameter, optional.
#[must_use]
pub fn query_parameter(name: &str, about: &str, schema: impl Into<RefOr<Schema>>, example: Value) -> Parameter {
    parameter(ParameterIn::Query, name, about, Required::False, schema, example)
}

/// `If-Match`: the operation changes a version. The finishing pass adds 412, and 428 when it is required.
#[must_use]
pub fn if_match(required: bool) -> Parameter {
    let required = if required { Required::True } else { Required::False };
    let about = "The ETag of the version that this changes.";
    parameter(ParameterIn::Header, "If-Match", about, required, short_text(64), serde_json::json!("\"3\""))
}

/// `If-None-Match`: the operation answers 304 when nothing changed. The finishing pass adds the 304.
#[must_use]
pub fn if_none_match() -> Parameter {
    let about = "The ETag of the state that the client has already.";
    parameter(ParameterIn::Header, "If-None-Match", about, Required::False, short_text(256), serde_json::json!("\"3\""))
}

/// `Idempotency-Key`: the operation can be repeated safely. The finishing pass adds the replay header.
#[must_use]
pub fn idempotency_key() -> Parameter {
    let about = "A random text, the same for each repetition of this request within 24 hours.";
    let example = serde_json::json!("0b6f0f4e-8a3e-4c8e-9a57-0c1f6f2b7d11");
    parameter(ParameterIn::Header, "Idempotency-Key", about, Required::False, short_text(255), example)
}

/// A JSON request body, a reference to the schema `schema` under each of `media`.
#[must_use]
pub fn json_body(about: &str, schema: &str, example: &Value, media: &[&str]) -> RequestBody {
    let content =
        || ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).example(Some(example.clone())).build();
    let builder = RequestBodyBuilder::new().description(Some(about)).required(Some(Required::True));
    media.iter().fold(builder, |builder, media| builder.content(*media, content())).build()
}

/// A JSON answer, a reference to the schema `schema`.
#[must_use]
pub fn json_answer(about: &str, schema: &str, example: Value) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).example(Some(example)).build();
    ResponseBuilder::new().description(about).content("application/json", content).build()
}

fn parameter(
    place: ParameterIn,
    name: &str,
    about: &str,
    required: Required,
    schema: impl Into<RefOr<Schema>>,
    example: Value,
) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .description(Some(about))
        .required(required)
        .schema(Some(schema))
        .example(Some(example))
        .build()
}

fn short_text(max: usize) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(max)).into()
}

/// An answer that says no, with what it means for this operation.
#[must_use]
pub fn problem(about: &str) -> Response {
    ResponseBuilder::new().description(about).content("application/problem+json", super::answers::body()).build()
}

/// The `Link` header of a page, there while a next one is.
#[must_use]
pub fn link_header() -> RefOr<Header> {
    super::headers::named("Link")
}

/// The `Content-Language` header, there where the answer is in some language.
#[must_use]
pub fn language_header() -> RefOr<Header> {
    super::headers::named("Content-Language")
}

/// `Accept-Language`: in which language the reader wants it.
#[must_use]
pub fn accept_language() -> Parameter {
    let about = "In which language, by lookup (RFC 4647). What is not translated comes in its own language; `Content-Language` \
                 says which, and nothing is refused for it.";
    parameter(
        ParameterIn::Header,
        "Accept-Language",
        about,
        Required::False,
        short_text(256),
        serde_json::json!("de-CH, en;q=0.5"),
    )
}
