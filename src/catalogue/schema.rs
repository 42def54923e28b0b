//! The schemas of a kind, put together from the header's and the kind's own: what is written, what is served, what a list shows.
//! Holds always: a served schema promises exactly what publishing demanded, since both read the same list of needed members.

use std::borrow::Cow;
use std::marker::PhantomData;

use utoipa::openapi::schema::{ArrayBuilder, ArrayItems, Object, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::diff::Difference;
use super::document::{Guards, Header, Link, References};
use super::item::{Curated, CuratedPage, CuratedSummary, READ_ONLY, RevisionPage, RevisionSummary, Transition};
use super::kind::{Kind, Place};
use super::media::ShownMedium;
use super::previews::{PreviewInput, PreviewLink};
use super::reading::Shelved;
use super::related::RelatedPage;
use super::twin::{allow_null, twin};
use super::workflow::audit::{TransitionEntry, TransitionPage};
use crate::database::{Id, Timestamp};

/// Named schemas, as utoipa collects them.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// A published item, whole: `Tip`.
pub struct Served<K>(PhantomData<K>);
/// A published item in a list: `TipSummary`.
pub struct Summary<K>(PhantomData<K>);
/// An item as curators send it: `TipInput`.
pub struct Input<K>(PhantomData<K>);
/// An item as curators read it: `CuratedTip`.
pub struct ForCurators<K>(PhantomData<K>);

impl<K: Kind> PartialSchema for Served<K> {
    fn schema() -> RefOr<Schema> {
        served::<K>(&mut Vec::new())
    }
}

impl<K: Kind> ToSchema for Served<K> {
    fn name() -> Cow<'static, str> {
        K::name()
    }

    fn schemas(schemas: &mut Schemas) {
        served::<K>(schemas);
        add::<Link>(schemas);
    }
}

impl<K: Kind> PartialSchema for Summary<K> {
    fn schema() -> RefOr<Schema> {
        summary::<K>(&mut Vec::new())
    }
}

impl<K: Kind> ToSchema for Summary<K> {
    fn name() -> Cow<'static, str> {
        format!("{}Summary", K::name()).into()
    }

    fn schemas(schemas: &mut Schemas) {
        summary::<K>(schemas);
    }
}

impl<K: Kind> PartialSchema for Input<K> {
    fn schema() -> RefOr<Schema> {
        let mut object = object_of::<Curated>();
        object.required.clear();
        for part in [object_of::<Header>(), object_of::<References>(), object_of::<K>()] {
            merge(&mut object, part);
        }
        object.description = Some(K::ABOUT.to_owned());
        RefOr::T(Schema::Object(object))
    }
}

impl<K: Kind> ToSchema for Input<K> {
    fn name() -> Cow<'static, str> {
        format!("{}Input", K::name()).into()
    }

    fn schemas(schemas: &mut Schemas) {
        components::<K>(schemas);
        <Curated as ToSchema>::schemas(schemas);
    }
}

impl<K: Kind> PartialSchema for ForCurators<K> {
    fn schema() -> RefOr<Schema> {
        let RefOr::T(Schema::Object(mut object)) = Input::<K>::schema() else { return Input::<K>::schema() };
        object.required = object.properties.keys().cloned().collect();
        RefOr::T(Schema::Object(object))
    }
}

impl<K: Kind> ToSchema for ForCurators<K> {
    fn name() -> Cow<'static, str> {
        format!("Curated{}", K::name()).into()
    }

    fn schemas(schemas: &mut Schemas) {
        Input::<K>::schemas(schemas);
    }
}

fn served<K: Kind>(found: &mut Schemas) -> RefOr<Schema> {
    let mut known = Vec::new();
    components::<K>(&mut known);
    let mut object = object_of::<Place>();
    merge(&mut object, twin(object_of::<Header>(), &known, K::HEADER, found));
    let mut references = object_of::<References>();
    if let Some(RefOr::T(Schema::Array(links))) = references.properties.get_mut("links") {
        links.items = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(Link::name()))));
    }
    if let Some(RefOr::T(Schema::Array(media))) = references.properties.get_mut("media") {
        media.items = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(ShownMedium::name()))));
        media.description = Some("Pictures that stand beside it, with all that is needed to show them.".to_owned());
    }
    merge(&mut object, twin(references, &known, K::HEADER, found));
    add::<ShownMedium>(found);
    merge(&mut object, twin(object_of::<K>(), &known, K::NEEDED, found));
    guards(&mut object, found);
    <Place as ToSchema>::schemas(found);
    object.description = Some(K::ABOUT.to_owned());
    RefOr::T(Schema::Object(object))
}

fn summary<K: Kind>(found: &mut Schemas) -> RefOr<Schema> {
    let mut known = Vec::new();
    components::<K>(&mut known);
    let mut object = object_of::<Place>();
    merge(&mut object, twin(object_of::<Header>(), &known, K::HEADER, found));
    merge(&mut object, object_of::<K::Brief>());
    guards(&mut object, found);
    <Place as ToSchema>::schemas(found);
    <K::Brief as ToSchema>::schemas(found);
    object.description = Some(format!("What a list shows of an item. {}", K::ABOUT));
    RefOr::T(Schema::Object(object))
}

/// Adds the guards that travel with an item.
fn guards(object: &mut Object, found: &mut Schemas) {
    merge(object, object_of::<Guards<'static>>());
    <Guards<'static> as ToSchema>::schemas(found);
}

/// The named schemas that an item of the kind refers to, as they are written.
fn components<K: Kind>(schemas: &mut Schemas) {
    <Header as ToSchema>::schemas(schemas);
    <References as ToSchema>::schemas(schemas);
    <K as ToSchema>::schemas(schemas);
}

/// The schema of a part that is read on its own: what stands around it, and the part's own members, all there.
pub fn answered<Around: ToSchema, Part: ToSchema>(needed: &[&str], found: &mut Schemas) -> RefOr<Schema> {
    let mut known = Vec::new();
    <Part as ToSchema>::schemas(&mut known);
    let mut object = object_of::<Around>();
    <Around as ToSchema>::schemas(found);
    merge(&mut object, twin(object_of::<Part>(), &known, needed, found));
    RefOr::T(Schema::Object(object))
}

/// Adds a schema under its name, and those that it refers to.
pub(super) fn add<T: ToSchema>(schemas: &mut Schemas) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

/// The object schema of a struct; empty for anything else, which no caller has.
fn object_of<T: ToSchema>() -> Object {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::new(),
    }
}

fn merge(into: &mut Object, from: Object) {
    into.properties.extend(from.properties);
    into.required.extend(from.required);
}

/// A page of `of`, under the name `name`.
#[must_use]
pub fn page(of: &str, about: &str) -> RefOr<Schema> {
    let items = ArrayBuilder::new().items(Ref::from_schema_name(of)).max_items(Some(100));
    let cursor = ObjectBuilder::new()
        .schema_type(SchemaType::Array(vec![Type::String, Type::Null]))
        .max_length(Some(512))
        .description(Some("Where the next page starts; null at the end of the list."));
    ObjectBuilder::new()
        .description(Some(about))
        .property("items", items)
        .property("next_cursor", cursor)
        .required("items")
        .required("next_cursor")
        .into()
}

/// Every schema that the reading operations of `S` name.
pub fn reading<S: Shelved>(schemas: &mut Schemas) {
    add::<S::Full>(schemas);
    add::<S::Summary>(schemas);
    add::<Id>(schemas);
    add::<Timestamp>(schemas);
    let name = S::Summary::name();
    schemas.push((format!("{}Page", S::Full::name()), page(&name, "One page of a list.")));
}

/// Every schema that the list of related items names.
pub fn related(schemas: &mut Schemas) {
    add::<RelatedPage>(schemas);
}

/// Every schema that the curating operations of `K` name.
pub fn curating<K: Kind>(schemas: &mut Schemas) {
    add::<Input<K>>(schemas);
    add::<ForCurators<K>>(schemas);
    add::<CuratedSummary>(schemas);
    add::<CuratedPage>(schemas);
    add::<RevisionSummary>(schemas);
    add::<RevisionPage>(schemas);
    add::<Transition>(schemas);
    add::<TransitionEntry>(schemas);
    add::<TransitionPage>(schemas);
    add::<Difference>(schemas);
    add::<PreviewInput>(schemas);
    add::<PreviewLink>(schemas);
    add::<Id>(schemas);
    add::<Timestamp>(schemas);
    schemas.push((format!("{}Patch", K::name()), patch::<K>()));
    schemas.push((format!("{}Revision", K::name()), revision::<K>()));
}

/// Every member optional, and null to clear it.
fn patch<K: Kind>() -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut object)) = Input::<K>::schema() else { return RefOr::default() };
    object
        .properties
        .retain(|name, _| !READ_ONLY.contains(&name.as_str()) && !["id", "version"].contains(&name.as_str()));
    object.required = Vec::new();
    object.properties.values_mut().for_each(allow_null);
    object.description = Some("What changes; null clears a member (JSON merge patch, RFC 7396).".into());
    object.into()
}

/// One revision with its document, as it was saved.
fn revision<K: Kind>() -> RefOr<Schema> {
    let mut object = object_of::<RevisionSummary>();
    object.properties.insert("document".into(), RefOr::Ref(Ref::from_schema_name(Input::<K>::name())));
    object.required.push("document".into());
    object.description = Some("One saved state of an item.".into());
    object.into()
}
