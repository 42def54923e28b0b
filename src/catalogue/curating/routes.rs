//! The routes by which curators look after a kind.
//! Holds always: every route here has an operation in `operations.rs` and asks for a curator before anything else.

use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web;
use utoipa::openapi::path::Paths;
use utoipa_actix_web::OpenApiFactory;

use crate::catalogue::kind::Kind;
use crate::catalogue::schema::{self, Schemas};
use crate::http::fallback;

/// Everything that is served to curators for one kind.
pub struct Curation<K>(PhantomData<K>);

impl<K> Curation<K> {
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<K> Default for Curation<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Kind> HttpServiceFactory for Curation<K> {
    fn register(self, config: &mut AppService) {
        let base = format!("/v1/admin/{}", K::NAME);
        let default = || web::to(fallback::answer);
        web::resource(base.clone())
            .get(super::list::<K>)
            .post(super::create::<K>)
            .default_service(default())
            .register(config);
        web::resource(format!("{base}/{{id}}"))
            .get(super::get::<K>)
            .put(super::replace::<K>)
            .patch(super::update::<K>)
            .delete(super::delete::<K>)
            .default_service(default())
            .register(config);
        web::resource(format!("{base}/{{id}}/transitions"))
            .get(super::past::transitions::<K>)
            .post(super::transition::<K>)
            .default_service(default())
            .register(config);
        web::resource(format!("{base}/{{id}}/revisions"))
            .get(super::past::revisions::<K>)
            .default_service(default())
            .register(config);
        web::resource(format!("{base}/{{id}}/revisions/{{number}}"))
            .get(super::past::revision::<K>)
            .default_service(default())
            .register(config);
        web::resource(format!("{base}/{{id}}/revisions/{{number}}/restore"))
            .post(super::past::restore::<K>)
            .default_service(default())
            .register(config);
        web::resource(format!("{base}/{{id}}/diff"))
            .get(super::past::diff::<K>)
            .default_service(default())
            .register(config);
        web::resource(format!("{base}/{{id}}/previews"))
            .post(super::preview::create::<K>)
            .default_service(default())
            .register(config);
    }
}

impl<K: Kind> OpenApiFactory for Curation<K> {
    fn paths(&self) -> Paths {
        super::operations::paths::<K>()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        schema::curating::<K>(schemas);
    }
}
