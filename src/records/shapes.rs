//! The schemas of a collection, all made from its one type: what is answered, what is sent, what a patch may hold.
//! Holds always: the schema that is documented is the schema that checks input; nothing is flattened, so that no `allOf`
//! reaches a client's generator.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde_json::json;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, Object, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::database::{Id, Timestamp};

use super::READ_ONLY;
use super::collection::Collection;

/// Schemas by name, as utoipa gathers them.
pub(super) type Named = Vec<(String, RefOr<Schema>)>;

/// What a client sends to create or replace a record of `C`.
pub(super) struct Input<C>(PhantomData<C>);

impl<C: Collection> PartialSchema for Input<C> {
    fn schema() -> RefOr<Schema> {
        let mut object = without_managed::<C>(fields::<C>());
        // Null says the same as leaving an optional member out.
        let required = object.required.clone();
        let sent = |(name, schema)| if required.contains(&name) { (name, schema) } else { (name, nullable(schema)) };
        object.properties = object.properties.into_iter().map(sent).collect();
        let id =
            describe("On creation: an id made by the client, UUID version 7 preferred. Later: ignored.", Id::schema());
        let version = integer("On replacing: may stand in for If-Match. On creation: ignored.");
        object.properties.insert("id".into(), id);
        object.properties.insert("version".into(), version);
        for name in READ_ONLY.iter().chain(C::MANAGED) {
            object.properties.insert((*name).to_owned(), read_only());
        }
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        object.into()
    }
}

impl<C: Collection> ToSchema for Input<C> {
    fn name() -> Cow<'static, str> {
        format!("{}Input", C::name()).into()
    }

    fn schemas(schemas: &mut Named) {
        C::schemas(schemas);
        schemas.push(("Id".into(), Id::schema()));
        schemas.push(("Timestamp".into(), Timestamp::schema()));
    }
}

/// Every schema that the operations of `C` name.
pub(super) fn schemas<C: Collection>(out: &mut Named) {
    Input::<C>::schemas(out);
    let name = C::name();
    out.push((name.to_string(), answered::<C>()));
    out.push((format!("{name}Input"), Input::<C>::schema()));
    out.push((format!("{name}Patch"), patch::<C>()));
    out.push((format!("{name}Page"), page(&name, "records")));
    out.push((format!("{name}Content"), content::<C>()));
    out.push((format!("{name}Version"), version::<C>()));
    out.push((format!("{name}VersionPage"), page(&format!("{name}Version"), "versions")));
}

/// The type's own members. A collection is a struct with named members, so its schema is an object.
fn fields<C: Collection>() -> Object {
    match C::schema() {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::new(),
    }
}

fn without_managed<C: Collection>(mut object: Object) -> Object {
    object.properties.retain(|name, _| !C::MANAGED.contains(&name.as_str()));
    object.required.retain(|name| !C::MANAGED.contains(&name.as_str()));
    object.examples = Vec::new();
    object
}

/// A record as it is answered: the envelope and every member, always all of them.
fn answered<C: Collection>() -> RefOr<Schema> {
    let mut object = fields::<C>();
    let created = "When the server first stored the record.";
    let updated = "When the content last changed.";
    object.properties.insert("id".into(), describe("The record's id, unique for its owner.", Id::schema()));
    object.properties.insert("version".into(), integer("Rises with each change; the ETag is this number in quotes."));
    object.properties.insert("created_at".into(), describe(created, Timestamp::schema()));
    object.properties.insert("updated_at".into(), describe(updated, Timestamp::schema()));
    object.required = object.properties.keys().cloned().collect();
    object.examples = Vec::new();
    object.into()
}

/// The members of one version, without the envelope.
fn content<C: Collection>() -> RefOr<Schema> {
    let mut object = fields::<C>();
    object.required = object.properties.keys().cloned().collect();
    object.examples = Vec::new();
    object.into()
}

/// Every member optional, and null to clear it.
fn patch<C: Collection>() -> RefOr<Schema> {
    let mut object = without_managed::<C>(fields::<C>());
    object.required = Vec::new();
    object.properties = object.properties.into_iter().map(|(name, schema)| (name, nullable(schema))).collect();
    object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    object.description = Some("What changes; null clears a member (JSON merge patch, RFC 7396).".into());
    object.into()
}

fn version<C: Collection>() -> RefOr<Schema> {
    ObjectBuilder::new()
        .description(Some("What a record said in one of its versions."))
        .property("version", integer("The number of the version."))
        .property("saved_at", describe("When this version was stored.", Timestamp::schema()))
        .property("content", RefOr::Ref(Ref::from_schema_name(format!("{}Content", C::name()))))
        .required("version")
        .required("saved_at")
        .required("content")
        .into()
}

fn page(item: &str, what: &str) -> RefOr<Schema> {
    let items = ArrayBuilder::new().items(RefOr::Ref(Ref::from_schema_name(item))).max_items(Some(100));
    ObjectBuilder::new()
        .description(Some(format!("One page of {what}. Only a null `next_cursor` ends the list.")))
        .property("items", items)
        .property("next_cursor", next_cursor())
        .required("items")
        .required("next_cursor")
        .into()
}

/// The member that leads to the next page.
pub(super) fn next_cursor() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Array(vec![Type::String, Type::Null]))
        .max_length(Some(512))
        .description(Some("Send it as `cursor` to get the next page; null on the last one."))
        .into()
}

/// A positive 64-bit number.
pub(super) fn integer(about: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Int64)))
        .minimum(Some(1))
        .description(Some(about))
        .examples([json!(3)])
        .into()
}

/// A member that may come along, as when a client sends back what it was answered, and is not looked at.
fn read_only() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .read_only(true)
        .description(Some("Set by the server; ignored when sent."))
        .into()
}

fn describe(about: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            object.description = Some(about.to_owned());
            object.into()
        }
        other => other,
    }
}

fn nullable(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            object.schema_type = with_null(object.schema_type);
            object.into()
        }
        RefOr::T(Schema::Array(mut array)) => {
            array.schema_type = with_null(array.schema_type);
            RefOr::T(Schema::Array(array))
        }
        RefOr::Ref(reference) => {
            let null = ObjectBuilder::new().schema_type(Type::Null);
            OneOfBuilder::new().item(null).item(RefOr::<Schema>::Ref(reference)).into()
        }
        other @ RefOr::T(_) => other,
    }
}

fn with_null(schema_type: SchemaType) -> SchemaType {
    match schema_type {
        SchemaType::Type(kind) if kind != Type::Null => SchemaType::Array(vec![kind, Type::Null]),
        SchemaType::Array(mut kinds) if !kinds.contains(&Type::Null) => {
            kinds.push(Type::Null);
            SchemaType::Array(kinds)
        }
        other => other,
    }
}
