//! The paths of the document: their patterns, and which methods each has.
//! Holds always: what `Allow` names is what the document has, and HEAD wherever it has GET.

use std::collections::BTreeMap;

use actix_web::http::header::HeaderValue;
use matchit::Router;
use utoipa::openapi::path::{PathItem, Paths};

/// A method, and whether a path has an operation for it.
type Method = (&'static str, fn(&PathItem) -> bool);

/// The methods that an operation can have, as `Allow` names them.
const METHODS: [Method; 5] = [
    ("GET, HEAD", |item| item.get.is_some()),
    ("POST", |item| item.post.is_some()),
    ("PUT", |item| item.put.is_some()),
    ("PATCH", |item| item.patch.is_some()),
    ("DELETE", |item| item.delete.is_some()),
];

/// Every path of the document with its methods. A path without parameters wins over one with.
pub struct KnownPaths(Router<Known>);

struct Known {
    pattern: String,
    methods: HeaderValue,
}

/// Paths and their methods as they are registered, one operation or several at a time.
#[derive(Default)]
pub struct Listed(BTreeMap<String, [bool; METHODS.len()]>);

impl Listed {
    /// Adds the operations of some paths to what these paths have already.
    pub fn add(&mut self, paths: &Paths) {
        for (path, item) in &paths.paths {
            let has = self.0.entry(path.clone()).or_default();
            for (has, (_, is_there)) in has.iter_mut().zip(METHODS) {
                *has |= is_there(item);
            }
        }
    }
}

impl KnownPaths {
    #[must_use]
    pub fn of(listed: Listed) -> Self {
        let mut router = Router::new();
        for (path, has) in listed.0 {
            let named = METHODS.iter().zip(has).filter_map(|((name, _), has)| has.then_some(*name));
            let Ok(methods) = HeaderValue::from_str(&named.collect::<Vec<_>>().join(", ")) else { continue };
            if let Err(conflict) = router.insert(&path, Known { pattern: path.clone(), methods }) {
                tracing::error!(path, %conflict, "two paths of the document cannot be told apart");
            }
        }
        Self(router)
    }

    /// The value of `Allow` for a path; none when no operation has it.
    #[must_use]
    pub fn allowed(&self, path: &str) -> Option<HeaderValue> {
        self.0.at(path).ok().map(|found| found.value.methods.clone())
    }

    /// The pattern of a path, as in `/v1/tips/{key}`; none when no operation has it.
    #[must_use]
    pub fn pattern(&self, path: &str) -> Option<&str> {
        self.0.at(path).ok().map(|found| found.value.pattern.as_str())
    }
}
