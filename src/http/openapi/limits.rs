//! Limits that follow from a format, written out for readers and generators that know no formats.
//! Holds always: a limit that somebody wrote is kept; the check of input holds values to the same ones.

use utoipa::Number;
use utoipa::openapi::schema::{KnownFormat, Object, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr};

use super::schemas;
use crate::http::input::MAX_INSTANT;

/// Gives every integer its width and bounds, and every text with a format its length.
pub(super) fn complete(document: &mut OpenApi) {
    schemas::each(document, |schema| {
        let RefOr::T(Schema::Object(object)) = schema else { return };
        if is(object, &Type::Integer) {
            integer(object);
        } else if is(object, &Type::String) {
            object.max_length = object.max_length.or_else(|| length(object.format.as_ref()));
        }
    });
}

fn is(object: &Object, kind: &Type) -> bool {
    match &object.schema_type {
        SchemaType::Type(only) => only == kind,
        SchemaType::Array(several) => several.contains(kind),
        SchemaType::AnyValue => false,
    }
}

fn integer(object: &mut Object) {
    let narrow = match &object.format {
        Some(SchemaFormat::KnownFormat(KnownFormat::Int32)) => true,
        Some(_) => false,
        None => {
            let fits =
                |bound: &Option<Number>| matches!(bound, Some(Number::Int(bound)) if i32::try_from(*bound).is_ok());
            fits(&object.minimum) && fits(&object.maximum)
        }
    };
    let (format, lowest, highest) = if narrow {
        (KnownFormat::Int32, i64::from(i32::MIN), i64::from(i32::MAX))
    } else {
        (KnownFormat::Int64, i64::MIN, i64::MAX)
    };
    let bound = |bound: i64| isize::try_from(bound).ok().map(Number::Int);
    object.format.get_or_insert(SchemaFormat::KnownFormat(format));
    object.minimum = object.minimum.take().or_else(|| bound(lowest));
    object.maximum = object.maximum.take().or_else(|| bound(highest));
}

fn length(format: Option<&SchemaFormat>) -> Option<usize> {
    match format? {
        SchemaFormat::KnownFormat(KnownFormat::Uuid) => Some(36),
        SchemaFormat::KnownFormat(KnownFormat::Date) => Some(10),
        SchemaFormat::KnownFormat(KnownFormat::DateTime) => Some(MAX_INSTANT),
        _ => None,
    }
}
