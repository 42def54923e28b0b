//! The paths of the document: their patterns, and which methods each has.
//! Holds always: what `Allow` names is what the document has, and HEAD wherever it has GET.

use actix_web::http::header::HeaderValue;
use matchit::Router;
use utoipa::openapi::{OpenApi, PathItem};

/// Every path of the document with its methods. A path without parameters wins over one with.
pub struct KnownPaths(Router<Known>);

struct Known {
    pattern: String,
    methods: HeaderValue,
}

impl KnownPaths {
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let mut router = Router::new();
        for (path, item) in &document.paths.paths {
            let Some(methods) = methods(item) else { continue };
            if let Err(conflict) = router.insert(path, Known { pattern: path.clone(), methods }) {
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
