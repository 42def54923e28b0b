//! The paths and methods of the document, for telling an unknown path from a known one with another method.
//! Holds always: what `Allow` names is what the document has, and HEAD wherever it has GET.

use actix_web::dev::ResourceDef;
use actix_web::http::header::HeaderValue;
use utoipa::openapi::{OpenApi, PathItem};

/// Every path of the document with its methods.
pub struct KnownPaths(Vec<(ResourceDef, HeaderValue)>);

impl KnownPaths {
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        Self(paths.filter_map(|(path, item)| Some((ResourceDef::new(path.as_str()), methods(item)?))).collect())
    }

    /// The value of `Allow` for a path; none when no operation has it. A path without parameters wins over one with.
    #[must_use]
    pub fn allowed(&self, path: &str) -> Option<HeaderValue> {
        let mut fitting: Vec<_> = self.0.iter().filter(|(pattern, _)| pattern.is_match(path)).collect();
        fitting.sort_by_key(|(pattern, _)| pattern.pattern().is_some_and(|pattern| pattern.contains('{')));
        fitting.first().map(|(_, methods)| methods.clone())
    }
}

fn methods(item: &PathItem) -> Option<HeaderValue> {
    let named = [
        ("GET, HEAD", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ];
    let named: Vec<_> = named.into_iter().filter_map(|(name, there)| there.then_some(name)).collect();
    HeaderValue::from_str(&named.join(", ")).ok()
}
