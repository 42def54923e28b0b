//! Where a resource registers itself: with an application that serves, in the list of paths, or in the document.
//! Holds always: all three come from the same lines, and whoever serves holds no document that nobody reads.

use std::collections::BTreeMap;

use actix_web::dev::HttpServiceFactory;
use actix_web::web::ServiceConfig;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{Components, OpenApi, OpenApiBuilder, RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;

use super::layers::known_paths::Listed;

/// Takes the operations of the API, one call of [`Mount::service`] each.
pub enum Mount<'a> {
    Served(&'a mut ServiceConfig),
    Listed(&'a mut Listed),
    Described(&'a mut Described),
}

/// What was described so far.
#[derive(Default)]
pub struct Described {
    paths: Paths,
    schemas: BTreeMap<String, RefOr<Schema>>,
}

impl Mount<'_> {
    /// Registers an operation, or all operations of a resource.
    pub fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, factory: F) -> &mut Self {
        match self {
            Self::Served(config) => drop(config.service(factory)),
            Self::Listed(listed) => listed.add(&factory.paths()),
            Self::Described(described) => described.add(&factory),
        }
        self
    }
}

impl Described {
    fn add(&mut self, factory: &dyn OpenApiFactory) {
        self.paths.merge(factory.paths());
        // Each operation brings the schemas of all that it mentions, so that most come many times.
        let mut schemas = Vec::new();
        factory.schemas(&mut schemas);
        self.schemas.extend(schemas);
    }

    /// The document of all that was described: paths and schemas, nothing else.
    #[must_use]
    pub fn into_document(self) -> OpenApi {
        let mut components = Components::new();
        components.schemas.extend(self.schemas);
        OpenApiBuilder::new().paths(self.paths).components(Some(components)).build()
    }
}
