//! Bounded texts are a type each in the code (`Text<4000>`, `Line<80>`), but nothing that a reader of the document should
//! see: their schemas are written out where they are used.
//! Holds always: no component called `Text` or `Line` and a number is left, and no reference to one.

use std::collections::BTreeMap;

use utoipa::openapi::schema::{Object, OneOf, Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, Ref, RefOr};

use super::schemas;

/// Writes out every bounded text of the document.
pub(super) fn texts(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let mut texts = BTreeMap::new();
    components.schemas.retain(|name, schema| match schema {
        RefOr::T(Schema::Object(object)) if is_text(name) => {
            texts.insert(format!("#/components/schemas/{name}"), object.clone());
            false
        }
        _ => true,
    });
    schemas::each(document, |schema| match schema {
        RefOr::Ref(reference) => {
            if let Some(text) = texts.get(&reference.ref_location) {
                *schema = RefOr::T(Schema::Object(written_out(text, reference)));
            }
        }
        RefOr::T(Schema::OneOf(one_of)) => {
            if let Some(nullable) = text_or_null(one_of) {
                *schema = RefOr::T(Schema::Object(nullable));
            }
        }
        RefOr::T(_) => {}
    });
}

fn is_text(name: &str) -> bool {
    name.strip_prefix("Text")
        .or_else(|| name.strip_prefix("Line"))
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The text's schema with what was said where it was referred to.
fn written_out(text: &Object, reference: &Ref) -> Object {
    let mut text = text.clone();
    if !reference.description.is_empty() {
        text.description = Some(reference.description.clone());
    }
    text.read_only = reference.read_only.or(text.read_only);
    text.default = reference.default.clone().or(text.default);
    text
}

/// "This text or null" as one schema with two types.
fn text_or_null(one_of: &OneOf) -> Option<Object> {
    let [RefOr::T(Schema::Object(first)), RefOr::T(Schema::Object(second))] = one_of.items.as_slice() else {
        return None;
    };
    let (text, null) = if is_null(first) { (second, first) } else { (first, second) };
    if !is_null(null) || text.schema_type != SchemaType::Type(Type::String) {
        return None;
    }
    let mut text = text.clone();
    text.schema_type = SchemaType::from_iter([Type::String, Type::Null]);
    text.description = one_of.description.clone().or(text.description);
    text.default = one_of.default.clone().or(text.default);
    Some(text)
}

fn is_null(object: &Object) -> bool {
    object.schema_type == SchemaType::Type(Type::Null)
}
