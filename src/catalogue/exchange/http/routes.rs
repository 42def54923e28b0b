//! The routes of imports and exports.
//! Holds always: every route here has an operation in `operations.rs` and asks for a curator before anything else.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web;
use utoipa::openapi::path::Paths;
use utoipa_actix_web::OpenApiFactory;

use crate::catalogue::schema::Schemas;
use crate::http::fallback;

/// Bulk imports and exports.
pub struct Exchange;

impl HttpServiceFactory for Exchange {
    fn register(self, config: &mut AppService) {
        let imports = web::resource("/v1/admin/imports").post(super::import);
        let exports = web::resource("/v1/admin/exports").get(super::export);
        for resource in [imports, exports] {
            resource.default_service(web::to(fallback::answer)).register(config);
        }
    }
}

impl OpenApiFactory for Exchange {
    fn paths(&self) -> Paths {
        super::operations::paths()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        super::operations::schemas(schemas);
    }
}
