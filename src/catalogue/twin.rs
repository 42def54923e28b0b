//! Schemas of answers made from schemas of input: the same members, but all of them there.
//! Holds always: a schema called `XInput` has a twin called `X`; what publishing demands is not null in it.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayItems, Object, ObjectBuilder, OneOf, OneOfBuilder, Schema, SchemaType, Type};

use super::schema::Schemas;

/// Where named schemas are referenced.
const PREFIX: &str = "#/components/schemas/";
/// Ends the names of schemas that have a stricter twin for answers.
const INPUT: &str = "Input";

/// The stricter twin of a written schema: every member is there, needed ones are not null, and so below.
pub(super) fn twin(mut object: Object, known: &Schemas, needed: &[&str], found: &mut Schemas) -> Object {
    for (name, property) in &mut object.properties {
        if needed.iter().any(|pointer| pointer.strip_prefix('/') == Some(name)) {
            *property = without_null(property.clone());
        }
        let within = [format!("/{name}/*"), format!("/{name}")];
        let below: Vec<&str> = needed
            .iter()
            .filter_map(|pointer| {
                within.iter().find_map(|prefix| pointer.strip_prefix(prefix.as_str())).filter(|rest| !rest.is_empty())
            })
            .collect();
        turn_references(property, known, &below, found);
    }
    object.required = object.properties.keys().cloned().collect();
    object
}

/// Points references to `…Input` at their twins and adds those.
fn turn_references(schema: &mut RefOr<Schema>, known: &Schemas, needed: &[&str], found: &mut Schemas) {
    match schema {
        RefOr::Ref(reference) => {
            let Some(written) = reference.ref_location.strip_prefix(PREFIX).map(str::to_owned) else { return };
            let component = known.iter().find(|(name, _)| *name == written).map(|(_, schema)| schema.clone());
            let name = written.strip_suffix(INPUT).unwrap_or(&written).to_owned();
            match component {
                Some(RefOr::T(Schema::Object(object))) if name != written => {
                    let object = twin(object, known, needed, found);
                    found.push((name.clone(), RefOr::T(Schema::Object(object))));
                }
                Some(other) => found.push((name.clone(), other)),
                None => {}
            }
            reference.ref_location = format!("{PREFIX}{name}");
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                turn_references(items, known, needed, found);
            }
        }
        RefOr::T(Schema::OneOf(one_of)) => {
            one_of.items.iter_mut().for_each(|item| turn_references(item, known, needed, found));
        }
        RefOr::T(_) => {}
    }
}

fn without_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::OneOf(OneOf { items, .. })) => {
            let mut rest = items.into_iter().filter(|item| !is_null(item));
            rest.next().unwrap_or_default()
        }
        RefOr::T(Schema::Object(mut object)) => {
            if let SchemaType::Array(types) = &object.schema_type
                && let Some(kept) = types.iter().find(|one| **one != Type::Null)
            {
                object.schema_type = SchemaType::Type(kept.clone());
            }
            RefOr::T(Schema::Object(object))
        }
        other => other,
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if matches!(object.schema_type, SchemaType::Type(Type::Null)))
}

/// Lets a member be null, which clears it.
pub(super) fn allow_null(schema: &mut RefOr<Schema>) {
    let null = || ObjectBuilder::new().schema_type(Type::Null);
    match schema {
        RefOr::Ref(reference) => *schema = OneOfBuilder::new().item(null()).item(reference.clone()).into(),
        RefOr::T(Schema::Object(object)) => {
            if let SchemaType::Type(only) = &object.schema_type {
                object.schema_type = SchemaType::Array(vec![only.clone(), Type::Null]);
            }
        }
        RefOr::T(Schema::Array(array)) => array.schema_type = SchemaType::Array(vec![Type::Array, Type::Null]),
        RefOr::T(_) => {}
    }
}
