//! The operations of a private resource in the OpenAPI document.
//! Holds always: what `handlers.rs` does for one collection stands here for all of them; what the web layer does for
//! every operation is added by its finishing pass.

use serde_json::{Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterIn, PathItem, Paths, PathsBuilder,
};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, Ref, RefOr, Response, SchemaFormat};

use crate::http::openapi::{
    bearer, idempotency_key, if_match, if_none_match, json_answer, json_body, path_parameter, query_parameter,
};

use super::collection::{Collection, example_id};

const JSON: &[&str] = &["application/json"];
const PATCH: &[&str] = &["application/merge-patch+json", "application/json"];

/// Every operation of `C`, by path.
pub(super) fn paths<C: Collection>() -> Paths {
    let base = format!("/v1/{}", C::NAME);
    let one = format!("{base}/{{id}}");
    let many = C::NAME.replace('-', "_");
    let builder = PathsBuilder::new();
    [
        (base.clone(), HttpMethod::Get, list::<C>(&many)),
        (base, HttpMethod::Post, create::<C>()),
        (one.clone(), HttpMethod::Get, get::<C>()),
        (one.clone(), HttpMethod::Put, replace::<C>()),
        (one.clone(), HttpMethod::Patch, update::<C>()),
        (one.clone(), HttpMethod::Delete, delete::<C>()),
        (format!("{one}/restore"), HttpMethod::Post, restore::<C>()),
        (format!("{one}/revisions"), HttpMethod::Get, history::<C>()),
        (format!("{one}/revisions/{{version}}"), HttpMethod::Get, version::<C>()),
    ]
    .into_iter()
    .fold(builder, |builder, (path, method, operation)| builder.path(path, PathItem::new(method, operation)))
    .build()
}

fn list<C: Collection>(many: &str) -> Operation {
    let id = || RefOr::Ref(Ref::from_schema_name("Id"));
    let ids = || ArrayBuilder::new().items(id()).max_items(Some(100));
    let mut operation = operation::<C>(&format!("list_{many}"), "List one's own records", C::ABOUT)
        .parameter(query_parameter("limit", "How many records the page may hold.", limit(), json!(20)))
        .parameter(cursor())
        .parameter(query_parameter("id", "Only these records; repeat it for up to 100.", ids(), json!([example_id()])))
        .parameter(query_parameter("sort", "The order; a minus is descending.", sorts::<C>(), json!("-created_at")));
    if let Some(parent) = C::PARENT {
        let about = format!("Only records that belong to these {}.", parent.collection.replace('-', " "));
        operation = operation.parameter(query_parameter(parent.member, &about, ids(), json!([example_id()])));
    }
    if C::DATED {
        operation = operation
            .parameter(query_parameter("from", "The first day.", day(), json!("2026-05-01")))
            .parameter(query_parameter("to", "The last day.", day(), json!("2026-05-31")));
    }
    for parameter in C::Filter::into_params(|| Some(ParameterIn::Query)) {
        operation = operation.parameter(parameter);
    }
    let page = json!({"items": [record::<C>()], "next_cursor": null});
    let answer =
        linked(json_answer("One page, newest first unless `sort` says otherwise.", &schema::<C>("Page"), page));
    operation.response("200", answer).build()
}

fn create<C: Collection>() -> Operation {
    let body = json_body("The new record.", &schema::<C>("Input"), &sent::<C>(), JSON);
    let about =
        "Repeating the request with the same Idempotency-Key, or with the same `id` and content, has one effect.";
    let existing = json_answer("The same record was created before.", &schema::<C>(""), record::<C>());
    let created = json_answer("Created, and durable.", &schema::<C>(""), record::<C>());
    operation::<C>(&format!("create_{}", C::SINGULAR), "Create a record", about)
        .parameter(idempotency_key())
        .request_body(Some(body))
        .response("200", existing)
        .response("201", created)
        .response("409", crate::http::openapi::problem("The id belongs to another record, or the account is full."))
        .build()
}

fn get<C: Collection>() -> Operation {
    operation::<C>(&format!("get_{}", C::SINGULAR), "Read a record", C::ABOUT)
        .parameter(id())
        .parameter(if_none_match())
        .response("200", json_answer("The record.", &schema::<C>(""), record::<C>()))
        .build()
}

fn replace<C: Collection>() -> Operation {
    let about = "Absent or null clears a member. The version it replaces comes in If-Match or as `version`.";
    operation::<C>(&format!("replace_{}", C::SINGULAR), "Replace a record", about)
        .parameter(id())
        .parameter(if_match(false))
        .request_body(Some(json_body("The whole record.", &schema::<C>("Input"), &sent::<C>(), JSON)))
        .response("200", json_answer("The record as it is now.", &schema::<C>(""), record::<C>()))
        .response("409", crate::http::openapi::problem("The account is full."))
        .response("428", crate::http::openapi::problem("Neither If-Match nor `version` was sent."))
        .build()
}

fn update<C: Collection>() -> Operation {
    let about =
        "A JSON merge patch (RFC 7396): null clears a member. With `update_mask`, only the named members count.";
    let mask = ObjectBuilder::new().schema_type(Type::String).max_length(Some(1024));
    operation::<C>(&format!("update_{}", C::SINGULAR), "Change members of a record", about)
        .parameter(id())
        .parameter(if_match(true))
        .parameter(query_parameter(
            "update_mask",
            "Members to take from the patch, separated by commas.",
            mask,
            json!("note"),
        ))
        .request_body(Some(json_body("What changes.", &schema::<C>("Patch"), &sent::<C>(), PATCH)))
        .response("200", json_answer("The record as it is now.", &schema::<C>(""), record::<C>()))
        .response("409", crate::http::openapi::problem("The account is full."))
        .build()
}

fn delete<C: Collection>() -> Operation {
    let about = "Moves the record, and what belongs to it, to the trash; it can be restored for 30 days.";
    operation::<C>(&format!("delete_{}", C::SINGULAR), "Delete a record", about)
        .parameter(id())
        .parameter(if_match(true))
        .response("204", ResponseBuilder::new().description("In the trash."))
        .build()
}

fn restore<C: Collection>() -> Operation {
    let about = "Brings the record back from the trash, with what went there with it.";
    operation::<C>(&format!("restore_{}", C::SINGULAR), "Restore a deleted record", about)
        .parameter(id())
        .parameter(if_match(false))
        .response("200", json_answer("The record, live again.", &schema::<C>(""), record::<C>()))
        .response("409", crate::http::openapi::problem("What the record belongs to is in the trash."))
        .build()
}

fn history<C: Collection>() -> Operation {
    let page = json!({"items": [version_example::<C>()], "next_cursor": null});
    let answer = linked(json_answer("Versions, latest first.", &schema::<C>("VersionPage"), page));
    operation::<C>(
        &format!("list_{}_revisions", C::SINGULAR),
        "See a record's history",
        "The current version comes first.",
    )
    .parameter(id())
    .parameter(query_parameter("limit", "How many versions the page may hold.", limit(), json!(20)))
    .parameter(cursor())
    .response("200", answer)
    .build()
}

fn version<C: Collection>() -> Operation {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(i64::MAX));
    let answer = json_answer("The version.", &schema::<C>("Version"), version_example::<C>());
    operation::<C>(
        &format!("get_{}_revision", C::SINGULAR),
        "Read one version of a record",
        "What the record said then.",
    )
    .parameter(id())
    .parameter(path_parameter("version", "The version's number.", number, json!(1)))
    .response("200", answer)
    .build()
}

fn operation<C: Collection>(name: &str, summary: &str, about: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(name))
        .summary(Some(summary))
        .description(Some(about))
        .tag(C::NAME)
        .security(bearer(&[]))
}

fn schema<C: Collection>(suffix: &str) -> String {
    format!("{}{suffix}", C::name())
}

fn id() -> Parameter {
    path_parameter("id", "The record's id.", RefOr::Ref(Ref::from_schema_name("Id")), json!(example_id()))
}

fn cursor() -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).max_length(Some(512));
    query_parameter("cursor", "The `next_cursor` of the page before.", schema, json!("AQx2…"))
}

fn limit() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(100)).default(Some(json!(20))).into()
}

fn day() -> RefOr<Schema> {
    let format = SchemaFormat::KnownFormat(KnownFormat::Date);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
}

fn sorts<C: Collection>() -> RefOr<Schema> {
    let by_day: &[&str] = if C::DATED { &["-day", "day"] } else { &[] };
    let values = ["-created_at", "created_at"].into_iter().chain(by_day.iter().copied());
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).default(Some(json!("-created_at"))).into()
}

/// The example as a client sends it: without what only the server sets.
fn sent<C: Collection>() -> Value {
    let mut example = content::<C>();
    if let Some(members) = example.as_object_mut() {
        members.retain(|name, _| !C::MANAGED.contains(&name.as_str()));
    }
    example
}

/// The example as it is answered.
fn record<C: Collection>() -> Value {
    let mut example = content::<C>();
    if let Some(members) = example.as_object_mut() {
        members.insert("id".into(), json!(example_id()));
        members.insert("version".into(), json!(1));
        members.insert("created_at".into(), json!("2026-05-10T18:30:00.000000Z"));
        members.insert("updated_at".into(), json!("2026-05-10T18:30:00.000000Z"));
    }
    example
}

fn version_example<C: Collection>() -> Value {
    json!({"version": 1, "saved_at": "2026-05-10T18:30:00.000000Z", "content": content::<C>()})
}

fn content<C: Collection>() -> Value {
    serde_json::to_value(C::example()).unwrap_or_default()
}

/// Adds the `Link` header that a page carries while there is a next one.
fn linked(mut response: Response) -> Response {
    response.headers.insert("Link".into(), crate::http::openapi::link_header());
    response
}
