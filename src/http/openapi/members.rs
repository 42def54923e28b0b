//! The members of a documented type, nested ones included: what each is called and what its documentation says.
//! Holds always: read from the very schema that is published and that checks input, so no member can be missing.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayItems, Schema};

/// Steps of schemas, a reference and a list being one each; documents that people write are flatter.
const DEEPEST: usize = 16;

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its place: `harm.kinds`, and `steps[].note` for a member of each item of a list.
    pub path: String,
    /// What its documentation says; empty when it says nothing.
    pub about: String,
}

/// Every member of `T`, in the order of the schema, each before those inside it.
#[must_use]
pub fn members<T: ToSchema>() -> Vec<Member> {
    let mut named = Vec::new();
    T::schemas(&mut named);
    let mut walk = Walk { named: named.into_iter().collect(), found: Vec::new() };
    walk.inside("", &T::schema(), 0);
    walk.found
}

struct Walk {
    named: BTreeMap<String, RefOr<Schema>>,
    found: Vec<Member>,
}

impl Walk {
    /// Notes the members of a schema that stands at `path`.
    fn inside(&mut self, path: &str, schema: &RefOr<Schema>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match schema {
            RefOr::Ref(_) => {
                if let Some(target) = self.target(schema).cloned() {
                    self.inside(path, &target, depth + 1);
                }
            }
            RefOr::T(Schema::Object(object)) => {
                for (name, member) in &object.properties {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    let about = self.about(member).unwrap_or_default();
                    self.found.push(Member { path: path.clone(), about });
                    self.inside(&path, member, depth + 1);
                }
            }
            RefOr::T(Schema::Array(array)) => {
                if let ArrayItems::RefOrSchema(items) = &array.items {
                    self.inside(&format!("{path}[]"), items, depth + 1);
                }
            }
            RefOr::T(Schema::OneOf(one_of)) => {
                one_of.items.iter().for_each(|item| self.inside(path, item, depth + 1));
            }
            RefOr::T(_) => {}
        }
    }

    /// What is said of a member where it stands, else what is said of its type.
    fn about(&self, schema: &RefOr<Schema>) -> Option<String> {
        let said = match schema {
            RefOr::Ref(reference) if !reference.description.is_empty() => Some(reference.description.clone()),
            RefOr::Ref(_) => return self.target(schema).and_then(|target| self.about(target)),
            RefOr::T(Schema::Object(object)) => object.description.clone(),
            RefOr::T(Schema::Array(array)) => array.description.clone(),
            RefOr::T(Schema::OneOf(one_of)) => {
                one_of.description.clone().or_else(|| one_of.items.iter().find_map(|item| self.about(item)))
            }
            RefOr::T(_) => None,
        };
        said.filter(|text| !text.trim().is_empty())
    }

    fn target(&self, schema: &RefOr<Schema>) -> Option<&RefOr<Schema>> {
        let RefOr::Ref(reference) = schema else { return None };
        self.named.get(reference.ref_location.strip_prefix("#/components/schemas/")?)
    }
}
