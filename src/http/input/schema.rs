//! The strict copy of a type's schema: what the document shows, made self-contained and closed, and compiled once a type.
//! Holds always: the copy refuses what the service would not understand; the document's schema stays open to growth.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::Strict;
use crate::http::code::Code;
use crate::http::problem::Problem;

/// The longest text of an instant that is read.
pub const MAX_INSTANT: usize = 64;

type Compiled = RwLock<HashMap<(TypeId, Strict), Arc<Validator>>>;

static COMPILED: LazyLock<Compiled> = LazyLock::new(RwLock::default);

/// The compiled strict copy of `T`'s schema.
///
/// # Errors
/// `internal` when the schema is none; a test over every body of the document keeps that from happening.
pub(super) fn validator<T: ToSchema + 'static>(rules: Strict) -> Result<Arc<Validator>, Problem> {
    let key = (TypeId::of::<T>(), rules);
    if let Some(found) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(Arc::clone(found));
    }
    let compiled = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .offline()
        .build(&strict_schema::<T>(rules))
        .map_err(|error| {
            tracing::error!(schema = %T::name(), cause = %error, "a schema does not compile");
            Problem::new(Code::Internal)
        })?;
    let compiled = Arc::new(compiled);
    COMPILED.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&compiled));
    Ok(compiled)
}

/// The strict copy of `T`'s schema, with everything that it refers to under `components/schemas`.
#[must_use]
pub fn strict_schema<T: ToSchema>(rules: Strict) -> Value {
    let mut gathered = Vec::new();
    T::schemas(&mut gathered);
    // Each type gathers those of its members anew, so that most come many times.
    let named: HashMap<_, _> = gathered.into_iter().collect();
    let (mut whole, mut patches) = (Map::new(), Map::new());
    for (name, schema) in named {
        let schema = serde_json::to_value(schema).unwrap_or_default();
        if rules == Strict::Patch {
            patches.insert(name.clone(), closed(&schema, Strict::Patch));
        }
        whole.insert(name, closed(&schema, Strict::Whole));
    }
    let mut root = closed(&serde_json::to_value(T::schema()).unwrap_or_default(), rules);
    if let Some(root) = root.as_object_mut() {
        root.insert("components".into(), json!({ "schemas": whole, "patches": patches }));
    }
    root
}

/// One schema, closed: unknown members and words refused, bounds of the integer formats asserted.
fn closed(schema: &Value, rules: Strict) -> Value {
    let Some(schema) = schema.as_object() else { return schema.clone() };
    let mut copy = Map::new();
    for (keyword, value) in schema {
        match keyword.as_str() {
            "properties" => {
                let members = value.as_object().into_iter().flatten();
                let members = members.map(|(name, member)| (name.clone(), member_schema(member, rules)));
                copy.insert(keyword.clone(), Value::Object(members.collect()));
            }
            // What stands inside an array is replaced as a whole, even by a patch.
            "items" => drop(copy.insert(keyword.clone(), closed(value, Strict::Whole))),
            "additionalProperties" | "not" => drop(copy.insert(keyword.clone(), closed(value, rules))),
            "oneOf" | "anyOf" | "allOf" | "prefixItems" => {
                let branches = value.as_array().into_iter().flatten();
                copy.insert(keyword.clone(), branches.map(|branch| closed(branch, rules)).collect());
            }
            "$ref" if rules == Strict::Patch => {
                let target = value.as_str().unwrap_or_default().replace("/components/schemas/", "/components/patches/");
                copy.insert(keyword.clone(), target.into());
            }
            "required" if rules == Strict::Patch => {}
            "x-extensible-enum" => drop(copy.insert("enum".into(), value.clone())),
            "format" => format_bounds(value, &mut copy, schema),
            "example" | "examples" | "description" | "title" | "default" => {}
            _ => drop(copy.insert(keyword.clone(), value.clone())),
        }
    }
    if is_object(schema) && !schema.contains_key("additionalProperties") && !schema.contains_key("allOf") {
        copy.insert("additionalProperties".into(), Value::Bool(false));
    }
    Value::Object(copy)
}

/// A member's schema; in a patch every member may also be null, which clears it.
fn member_schema(member: &Value, rules: Strict) -> Value {
    let member = closed(member, rules);
    match rules {
        Strict::Whole => member,
        Strict::Patch => json!({ "anyOf": [member, { "type": "null" }] }),
    }
}

fn is_object(schema: &Map<String, Value>) -> bool {
    let named = |value: &Value| value == "object" || value.as_array().is_some_and(|all| all.contains(&json!("object")));
    schema.get("type").is_some_and(named)
}

/// Keeps the format; those that name an integer's width also bound it, so that serde has nothing left to refuse, and an
/// instant has a length, since its fraction could go on for ever.
fn format_bounds(format: &Value, copy: &mut Map<String, Value>, schema: &Map<String, Value>) {
    let (lowest, highest) = match format.as_str() {
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        other => {
            copy.insert("format".into(), format.clone());
            if other == Some("date-time") && !schema.contains_key("maxLength") {
                copy.insert("maxLength".into(), json!(MAX_INSTANT));
            }
            return;
        }
    };
    if !schema.contains_key("minimum") {
        copy.insert("minimum".into(), lowest);
    }
    if !schema.contains_key("maximum") {
        copy.insert("maximum".into(), highest);
    }
}
