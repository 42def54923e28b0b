//! Visiting every schema of a document, wherever it stands.
//! Holds always: what stands inside a schema is visited before the schema itself.

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Schema};
use utoipa::openapi::{OpenApi, RefOr};

use super::operations;

/// Lets `change` see every schema once.
pub(super) fn each(document: &mut OpenApi, mut change: impl FnMut(&mut RefOr<Schema>)) {
    let change = &mut change;
    if let Some(components) = &mut document.components {
        components.schemas.values_mut().for_each(|schema| visit(schema, change));
        for header in components.headers.values_mut() {
            if let RefOr::T(header) = header {
                header.schema.iter_mut().for_each(|schema| visit(schema, change));
            }
        }
    }
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(|(_, operation)| in_operation(operation, change));
    }
}

fn in_operation(operation: &mut Operation, change: &mut impl FnMut(&mut RefOr<Schema>)) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            parameter.schema.iter_mut().for_each(|schema| visit(schema, change));
        }
    }
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        for header in response.headers.values_mut() {
            if let RefOr::T(header) = header {
                header.schema.iter_mut().for_each(|schema| visit(schema, change));
            }
        }
    }
}

fn visit(schema: &mut RefOr<Schema>, change: &mut impl FnMut(&mut RefOr<Schema>)) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.properties.values_mut().for_each(|member| visit(member, change));
            if let Some(AdditionalProperties::RefOr(members)) = object.additional_properties.as_deref_mut() {
                visit(members, change);
            }
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                visit(items, change);
            }
        }
        RefOr::T(Schema::OneOf(one_of)) => one_of.items.iter_mut().for_each(|item| visit(item, change)),
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
    change(schema);
}
