//! The schemas of problems.
//! Holds always: they say what `problem.rs` of the web layer writes.

use serde_json::json;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Components, KnownFormat, Ref, RefOr, Schema, SchemaFormat};

use crate::http::code::Code;
use crate::http::problem::MAX_FAULTS;
use crate::http::vocabulary::open_string;

pub(super) fn add_schemas(components: &mut Components) {
    components.schemas.insert("Problem".into(), problem().into());
    components.schemas.insert("Fault".into(), fault().into());
}

fn problem() -> ObjectBuilder {
    let uri = SchemaFormat::Custom("uri".into());
    let int32 = SchemaFormat::KnownFormat(KnownFormat::Int32);
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let status = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(int32))
        .minimum(Some(400))
        .maximum(Some(599))
        .description(Some("The status of the answer."))
        .examples([json!(422)]);
    let faults = ArrayBuilder::new().items(Ref::from_schema_name("Fault")).max_items(Some(MAX_FAULTS));
    ObjectBuilder::new()
        .description(Some("Why a request was refused (RFC 9457). Values that were sent are never repeated."))
        .property(
            "type",
            text("Names the kind of problem; stable.", 128, "urn:mend:problem:invalid_content").format(Some(uri)),
        )
        .property("title", text("The kind of problem in English.", 128, "The content is not valid"))
        .property("status", status)
        .property(
            "code",
            described(open_string(&codes), "The kind of problem, for programs; stable. New ones may be added."),
        )
        .property("detail", text("What happened, in English.", 1024, "The content breaks its schema."))
        .property(
            "request_id",
            text("Names the request in the service's log.", 128, "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
        )
        .property("errors", faults.description(Some("Each thing that is wrong, where there are single ones.")))
        .required("type")
        .required("title")
        .required("status")
        .required("code")
        .required("detail")
        .required("request_id")
        .required("errors")
}

fn fault() -> ObjectBuilder {
    let place = "A JSON pointer into the body, `?` and the name of a query parameter, or the name of a header.";
    let line = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .description(Some("In a body of many lines: which one, from 1."))
        .examples([json!(7)]);
    ObjectBuilder::new()
        .description(Some("One thing that is wrong with a request."))
        .property("pointer", text(place, 300, "/mood/before"))
        .property(
            "code",
            text("What is wrong, for programs; stable. New ones may be added.", 64, "too_large")
                .pattern(Some("^[a-z0-9_]+$")),
        )
        .property("detail", text("What is wrong, in English.", 4096, "At most 10."))
        .property("file", text("In a body of several files: which one.", 300, "en/tips/a-calm-no.md"))
        .property("line", line)
        .required("pointer")
        .required("code")
        .required("detail")
}

fn text(about: &str, longest: usize, example: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(longest))
        .description(Some(about))
        .examples([json!(example)])
}

fn described(schema: RefOr<Schema>, about: &str) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            object.description = Some(about.into());
            object.into()
        }
        other => other,
    }
}
