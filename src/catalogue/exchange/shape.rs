//! The schema of a kind as exports follow it: which members an item has, in which order, and which of them the service makes.
//! Holds always: what the service makes by itself is never exported, so that it is made anew wherever the item is imported.

use std::collections::HashMap;

use serde_json::Value;
use utoipa::openapi::schema::{ArrayItems, Object, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema as _, ToSchema as _};

use super::node::{Members, Node};
use crate::catalogue::item::Curated;
use crate::catalogue::kind::Kind;
use crate::catalogue::kinds::Registered;
use crate::catalogue::schema::Input;

/// What an item is about and whom it may harm. For advice this is written down even where it is empty: "none" is an answer.
const ANSWERS: &[&str] =
    &["nudges", "topics", "situations", "audience", "contact", "content_warnings", "contraindications"];

/// The schema of a kind's documents.
pub struct Shape {
    /// The item's members with their schemas, in order, without those of the curators' envelope.
    members: Vec<(String, RefOr<Schema>)>,
    required: Vec<String>,
    named: HashMap<String, RefOr<Schema>>,
    is_advice: bool,
}

/// The shapes of kinds, each made once.
#[derive(Default)]
pub struct Shapes(HashMap<&'static str, Shape>);

impl Shapes {
    /// The shape of this kind.
    pub fn of(&mut self, kind: &Registered) -> &Shape {
        self.0.entry(kind.name).or_insert_with(|| (kind.shape)())
    }
}

/// What a member of an item holds, as a table's cell needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Text,
    Number,
    Switch,
    /// A list of texts.
    Words,
    /// Anything deeper.
    Deep,
}

impl Shape {
    /// The shape of the documents of `K`.
    #[must_use]
    pub fn of<K: Kind>() -> Self {
        let mut named = Vec::new();
        Input::<K>::schemas(&mut named);
        let item = object(Input::<K>::schema());
        let envelope = object(Curated::schema());
        let members = item.properties.into_iter();
        let own = members.filter(|(name, schema)| !envelope.properties.contains_key(name) && !is_made(schema));
        Self {
            members: own.collect(),
            required: item.required,
            named: named.into_iter().collect(),
            is_advice: K::HEADER.contains(&"/evidence"),
        }
    }

    /// What a document says, without what the service makes and without what says nothing.
    #[must_use]
    pub fn canonical(&self, document: &Value) -> Members {
        self.members_of(document, &self.members, &self.required)
    }

    /// The item's members and what each holds. A member whose own members are all plain stands here as each of these, as in
    /// `review.status`.
    #[must_use]
    pub fn columns(&self) -> Vec<(String, Holds)> {
        let mut columns = Vec::new();
        for (name, schema) in &self.members {
            match self.inner(schema) {
                Some(inner) if inner.properties.values().all(|schema| self.holds(schema) != Holds::Deep) => {
                    let flat = inner.properties.iter().filter(|(_, schema)| !is_made(schema));
                    columns.extend(flat.map(|(member, schema)| (format!("{name}.{member}"), self.holds(schema))));
                }
                _ => columns.push((name.clone(), self.holds(schema))),
            }
        }
        columns
    }

    fn node(&self, value: &Value, schema: &RefOr<Schema>) -> Node {
        match (self.resolved(schema), value) {
            (Some(Schema::Object(object)), Value::Object(_)) if !object.properties.is_empty() => {
                let own = object.properties.iter().filter(|(_, schema)| !is_made(schema));
                let own: Vec<_> = own.map(|(name, schema)| (name.clone(), schema.clone())).collect();
                Node::Members(self.members_of(value, &own, &object.required))
            }
            (Some(Schema::Array(array)), Value::Array(entries)) => match &array.items {
                ArrayItems::RefOrSchema(items) => {
                    Node::List(entries.iter().map(|entry| self.node(entry, items)).collect())
                }
                ArrayItems::False => Node::List(Vec::new()),
            },
            _ => Node::Plain(value.clone()),
        }
    }

    fn members_of(&self, value: &Value, members: &[(String, RefOr<Schema>)], required: &[String]) -> Members {
        let said = members.iter().filter_map(|(name, schema)| {
            let member = value.get(name).filter(|member| !member.is_null())?;
            let is_empty = member.as_array().is_some_and(Vec::is_empty);
            let is_answer = self.is_advice && ANSWERS.contains(&name.as_str());
            let is_said = !is_empty || is_answer || required.contains(name);
            is_said.then(|| (name.clone(), self.node(member, schema)))
        });
        Members(said.collect())
    }

    /// The schema behind references and behind "this or null".
    fn resolved<'a>(&'a self, schema: &'a RefOr<Schema>) -> Option<&'a Schema> {
        match schema {
            RefOr::Ref(Ref { ref_location, .. }) => {
                self.resolved(self.named.get(ref_location.rsplit('/').next().unwrap_or_default())?)
            }
            RefOr::T(Schema::OneOf(one_of)) => {
                one_of.items.iter().filter_map(|branch| self.resolved(branch)).find(|branch| !is_null(branch))
            }
            RefOr::T(schema) => Some(schema),
        }
    }

    fn inner<'a>(&'a self, schema: &'a RefOr<Schema>) -> Option<&'a Object> {
        match self.resolved(schema)? {
            Schema::Object(object) if !object.properties.is_empty() => Some(object),
            _ => None,
        }
    }

    fn holds(&self, schema: &RefOr<Schema>) -> Holds {
        match self.resolved(schema) {
            Some(Schema::Object(object)) if object.properties.is_empty() => {
                if has_type(object, &Type::String) {
                    Holds::Text
                } else if has_type(object, &Type::Integer) || has_type(object, &Type::Number) {
                    Holds::Number
                } else if has_type(object, &Type::Boolean) {
                    Holds::Switch
                } else {
                    Holds::Deep
                }
            }
            Some(Schema::Array(array)) => match &array.items {
                ArrayItems::RefOrSchema(items) if self.holds(items) == Holds::Text => Holds::Words,
                _ => Holds::Deep,
            },
            _ => Holds::Deep,
        }
    }
}

fn object(schema: RefOr<Schema>) -> Object {
    match schema {
        RefOr::T(Schema::Object(object)) => object,
        _ => Object::new(),
    }
}

fn has_type(object: &Object, wanted: &Type) -> bool {
    match &object.schema_type {
        SchemaType::Type(only) => only == wanted,
        SchemaType::Array(several) => several.contains(wanted),
        SchemaType::AnyValue => false,
    }
}

fn is_null(schema: &Schema) -> bool {
    matches!(schema, Schema::Object(object) if matches!(&object.schema_type, SchemaType::Type(Type::Null)))
}

/// Whether the service makes the member.
fn is_made(schema: &RefOr<Schema>) -> bool {
    let read_only = match schema {
        RefOr::Ref(reference) => reference.read_only,
        RefOr::T(Schema::Object(object)) => object.read_only,
        RefOr::T(Schema::OneOf(one_of)) => one_of.read_only,
        RefOr::T(_) => None,
    };
    read_only == Some(true)
}
