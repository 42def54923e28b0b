//! The OpenAPI document as the suite reads it: which operation a request meets, and schemas ready to validate with.
//! Holds always: for answers every object is closed, so that a member that the document does not name is a fault; for
//! requests every object is open, since the service may take more than it asks for.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

/// The service's own document.
pub static DOCUMENT: LazyLock<Document> =
    LazyLock::new(|| Document::new(serde_json::to_value(super::node::openapi()).expect("the document is JSON")));

/// An OpenAPI 3.1 document.
pub struct Document {
    pub root: Value,
    /// The components with every object closed, and with every object open.
    closed: Value,
    open: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// What one method does on one path of the document.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    /// `get`, `post`, …
    pub method: &'a str,
    /// `/v1/tips/{id}`
    pub path: &'a str,
    pub definition: &'a Value,
}

/// Which members an object may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// Those that the document names.
    Named,
    Any,
}

/// Where a request leads.
pub enum Place<'a> {
    /// No path of the document is like this one.
    Nowhere,
    /// The path is known, the method is not.
    WrongMethod,
    Operation(Operation<'a>),
}

impl Document {
    pub fn new(root: Value) -> Self {
        let (mut closed, mut open) = (root["components"].clone(), root["components"].clone());
        seal(&mut closed, Members::Named);
        seal(&mut open, Members::Any);
        Self { root, closed, open, validators: Mutex::default() }
    }

    /// The schemas with a name.
    pub fn schemas(&self) -> &Value {
        &self.root["components"]["schemas"]
    }

    /// Every operation, in the document's order.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.root["paths"].as_object().expect("the document has paths");
        paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods
                .filter(|(method, _)| ["get", "head", "post", "put", "patch", "delete"].contains(&method.as_str()))
                .map(move |(method, definition)| Operation { method, path, definition })
        })
    }

    /// The operation that a request without its query meets. HEAD is GET where it has no definition of its own.
    pub fn place(&self, method: &str, path: &str) -> Place<'_> {
        let paths = self.root["paths"].as_object().expect("the document has paths");
        let fitting = paths.iter().filter(|(template, _)| fits(template, path));
        let Some((template, item)) = fitting.min_by_key(|(template, _)| template.matches('{').count()) else {
            return Place::Nowhere;
        };
        let method = method.to_lowercase();
        let found = item.as_object().and_then(|item| {
            item.get_key_value(&method).or_else(|| if method == "head" { item.get_key_value("get") } else { None })
        });
        match found {
            Some((method, definition)) => Place::Operation(Operation { method, path: template, definition }),
            None => Place::WrongMethod,
        }
    }

    /// `value` itself, or what its `$ref` names.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.strip_prefix('#').expect("references stay inside the document");
                self.root.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
            }
            None => value,
        }
    }

    /// What `instance` breaks in `schema`, one line a fault. `name` says which schema it is, and is its key in memory.
    pub fn faults(&self, name: &str, schema: &Value, members: Members, instance: &Value) -> Vec<String> {
        let validator = self.validator(name, schema, members);
        let faults = validator.iter_errors(instance);
        faults.map(|fault| format!("at '{}': {fault}", fault.instance_path())).collect()
    }

    fn validator(&self, name: &str, schema: &Value, members: Members) -> Arc<Validator> {
        let mut known = self.validators.lock().expect("no test panics here");
        // By what it says, not by whose it is: hundreds of operations share a few schemas.
        let key = format!("{members:?} {schema}");
        if let Some(validator) = known.get(&key) {
            return Arc::clone(validator);
        }
        let mut whole = schema.clone();
        seal(&mut whole, members);
        let components = if members == Members::Named { &self.closed } else { &self.open };
        let needed = reachable(&whole, components);
        whole.as_object_mut().expect("a schema is an object").insert("components".into(), needed);
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
        let built = options.build(&whole).unwrap_or_else(|error| panic!("{name} is no JSON schema: {error}"));
        let validator = Arc::new(built);
        known.insert(key, Arc::clone(&validator));
        validator
    }
}

/// The schemas among `components` that `schema` refers to, and what those refer to.
fn reachable(schema: &Value, components: &Value) -> Value {
    const PREFIX: &str = "#/components/schemas/";
    let (mut found, mut waiting) = (serde_json::Map::new(), vec![schema.clone()]);
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(parts) => waiting.extend(parts.into_iter().map(|(_, part)| part)),
            Value::Array(parts) => waiting.extend(parts),
            Value::String(text) => {
                let Some(name) = text.strip_prefix(PREFIX) else { continue };
                if let Some(named) = components["schemas"].get(name).filter(|_| !found.contains_key(name)) {
                    found.insert(name.to_owned(), named.clone());
                    waiting.push(named.clone());
                }
            }
            _ => {}
        }
    }
    json!({"schemas": found})
}

/// Whether a path such as `/v1/tips/walk-first` is one of `/v1/tips/{id}`.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let alike = |(named, given): (&&str, &&str)| (named.starts_with('{') && !given.is_empty()) || named == given;
    template.len() == path.len() && template.iter().zip(&path).all(alike)
}

/// Says of every object that lists its members whether it may have others; examples and defaults are left alone.
fn seal(schema: &mut Value, members: Members) {
    match schema {
        Value::Object(parts) => {
            let lists_members = parts.get("properties").is_some_and(Value::is_object);
            match members {
                Members::Named if lists_members && !parts.contains_key("additionalProperties") => {
                    parts.insert("additionalProperties".into(), json!(false));
                }
                Members::Any if lists_members => drop(parts.remove("additionalProperties")),
                _ => {}
            }
            let data = ["example", "examples", "default", "enum", "const"];
            let inner = parts.iter_mut().filter(|(name, _)| !data.contains(&name.as_str()));
            inner.for_each(|(_, value)| seal(value, members));
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| seal(part, members)),
        _ => {}
    }
}
