//! Examples for the bodies and parameters that have none of their own, made from the examples in their schemas.
//! Holds always: an example that somebody wrote is kept; one that is made here keeps the formats and words of its schema.

use serde_json::{Map, Value, json};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder};
use utoipa::openapi::schema::{ArrayItems, KnownFormat, Object, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{Components, Content, Ref, RefOr};

/// Deeper schemas end in nothing, so that one which holds itself ends at all.
const MAX_DEPTH: usize = 24;

/// Gives every body and every parameter of an operation an example.
pub(super) fn complete(operation: &mut Operation, components: &Components) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            of_parameter(parameter, components);
        }
    }
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        for content in body.content.values_mut() {
            of_content(content, components);
            leave_out_read_only(content, components);
        }
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.content.values_mut().for_each(|content| of_content(content, components));
        }
    }
}

fn of_content(content: &mut RefOr<Content>, components: &Components) {
    let RefOr::T(content) = content else { return };
    if content.example.is_none()
        && content.examples.is_empty()
        && let Some(schema) = &content.schema
    {
        content.example = Some(of(schema, components, 0));
    }
}

/// A body's example shows what is sent: no members that only the service writes.
fn leave_out_read_only(content: &mut RefOr<Content>, components: &Components) {
    if let RefOr::T(content) = content
        && let (Some(example), Some(schema)) = (&mut content.example, &content.schema)
    {
        writable(example, schema, components);
    }
}

fn writable(example: &mut Value, schema: &RefOr<Schema>, components: &Components) {
    match (schema, example) {
        (RefOr::Ref(reference), example) => {
            if let Some(target) = components.schemas.get(name_of(reference)) {
                writable(example, target, components);
            }
        }
        (RefOr::T(Schema::Object(object)), Value::Object(members)) => {
            members.retain(|name, _| !object.properties.get(name).is_some_and(is_read_only));
            for (name, member) in members {
                if let Some(schema) = object.properties.get(name) {
                    writable(member, schema, components);
                }
            }
        }
        (RefOr::T(Schema::Array(array)), Value::Array(items)) => {
            if let ArrayItems::RefOrSchema(schema) = &array.items {
                for item in items {
                    writable(item, schema, components);
                }
            }
        }
        _ => {}
    }
}

fn is_read_only(schema: &RefOr<Schema>) -> bool {
    let read_only = match schema {
        RefOr::Ref(reference) => reference.read_only,
        RefOr::T(Schema::Object(object)) => object.read_only,
        RefOr::T(Schema::OneOf(one_of)) => one_of.read_only,
        RefOr::T(_) => None,
    };
    read_only == Some(true)
}

fn name_of(reference: &Ref) -> &str {
    reference.ref_location.rsplit('/').next().unwrap_or_default()
}

fn of_parameter(parameter: &mut Parameter, components: &Components) {
    // The member is private: whether it is there shows in what would be written only.
    let written = serde_json::to_value(&*parameter).unwrap_or_default();
    if written.get("example").is_none()
        && let Some(schema) = &parameter.schema
    {
        let example = of(schema, components, 0);
        *parameter = ParameterBuilder::from(parameter.clone()).example(Some(example)).build();
    }
}

fn of(schema: &RefOr<Schema>, components: &Components, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    let deeper = |schema: &RefOr<Schema>| of(schema, components, depth + 1);
    match schema {
        RefOr::Ref(reference) => components.schemas.get(name_of(reference)).map_or(Value::Null, deeper),
        RefOr::T(Schema::Object(object)) => written(object).unwrap_or_else(|| match kind(&object.schema_type) {
            Some(Type::Object) => {
                let members = object.properties.iter().map(|(name, member)| (name.clone(), deeper(member)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            other => plain(other.as_ref(), object),
        }),
        RefOr::T(Schema::Array(array)) => match &array.items {
            ArrayItems::RefOrSchema(items) => json!([deeper(items)]),
            ArrayItems::False => json!([]),
        },
        RefOr::T(Schema::OneOf(one_of)) => {
            let made = one_of.items.iter().map(deeper);
            made.into_iter().find(|example| !example.is_null()).unwrap_or(Value::Null)
        }
        RefOr::T(_) => Value::Null,
    }
}

/// What the schema itself says.
fn written(object: &Object) -> Option<Value> {
    let words = object.extensions.as_ref().and_then(|extensions| extensions.get("x-extensible-enum")?.get(0).cloned());
    let first = object.examples.first().cloned();
    let word = object.enum_values.as_ref().and_then(|words| words.first().cloned());
    object.example.clone().or(first).or_else(|| object.default.clone()).or(word).or(words)
}

/// The type, null left aside.
fn kind(schema_type: &SchemaType) -> Option<Type> {
    match schema_type {
        SchemaType::Type(only) => Some(only.clone()),
        SchemaType::Array(several) => several.iter().find(|one| **one != Type::Null).cloned(),
        SchemaType::AnyValue => None,
    }
}

fn plain(kind: Option<&Type>, object: &Object) -> Value {
    match kind {
        Some(Type::String) => match &object.format {
            Some(SchemaFormat::KnownFormat(KnownFormat::Date)) => json!("2026-05-10"),
            Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)) => json!("2026-05-10T18:30:00.000000Z"),
            Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)) => json!("01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
            _ => json!("text"),
        },
        Some(Type::Integer | Type::Number) => object.minimum.as_ref().map_or_else(|| json!(1), |least| json!(least)),
        Some(Type::Boolean) => json!(true),
        _ => Value::Null,
    }
}
