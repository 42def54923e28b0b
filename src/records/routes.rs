//! The routes of a private resource and, in the same place, its operations in the document.
//! Holds always: registering a collection is documenting it; every route here has an operation in `operations.rs`.

use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web;
use utoipa::openapi::path::Paths;
use utoipa_actix_web::OpenApiFactory;

use super::collection::Collection;
use super::shapes::{self, Named};
use super::{handlers, operations};

/// Everything that is served for one collection.
pub(super) struct Routes<C>(PhantomData<C>);

impl<C> Routes<C> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<C: Collection> HttpServiceFactory for Routes<C> {
    fn register(self, config: &mut AppService) {
        let default = || web::to(crate::http::fallback::answer);
        let all = web::resource("").get(handlers::list::<C>).post(handlers::create::<C>);
        let one = web::resource("/{id}")
            .get(handlers::get::<C>)
            .put(handlers::replace::<C>)
            .patch(handlers::update::<C>)
            .delete(handlers::delete::<C>);
        let restore = web::resource("/{id}/restore").post(handlers::restore::<C>);
        let history = web::resource("/{id}/revisions").get(handlers::history::<C>);
        let version = web::resource("/{id}/revisions/{version}").get(handlers::version::<C>);
        // A scope, so that a request for something else is passed on after one look at its first words.
        web::scope(&format!("/v1/{}", C::NAME))
            .service(all.default_service(default()))
            .service(one.default_service(default()))
            .service(restore.default_service(default()))
            .service(history.default_service(default()))
            .service(version.default_service(default()))
            .register(config);
    }
}

impl<C: Collection> OpenApiFactory for Routes<C> {
    fn paths(&self) -> Paths {
        operations::paths::<C>()
    }

    fn schemas(&self, schemas: &mut Named) {
        shapes::schemas::<C>(schemas);
    }
}
