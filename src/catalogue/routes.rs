//! The routes of a curated kind and, in the same act, its operations in the document.
//! Holds always: registering a kind documents it; parts of items are read like items and curated with them.

use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web;
use utoipa::openapi::path::Paths;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

use super::curating;
use super::kind::Kind;
use super::operations::reading_paths;
use super::reading::{self, Items, Shelved};
use super::schema::{self, Schemas};
use crate::http::fallback;

/// Mounts everything of one kind.
pub fn mount<K: Kind>(config: &mut ServiceConfig<'_>) {
    config.service(Reads::<K>(PhantomData)).service(curating::routes::Curation::<K>::new());
}

/// Mounts the reads of parts that have an address of their own.
pub fn mount_parts<S: Shelved>(config: &mut ServiceConfig<'_>) {
    config.service(PartReads::<S>(PhantomData));
}

struct Reads<K>(PhantomData<K>);

impl<K: Kind> HttpServiceFactory for Reads<K> {
    fn register(self, config: &mut AppService) {
        let base = format!("/v1/{}", K::NAME);
        let list = web::resource(base.clone()).get(reading::list::<Items<K>>);
        list.default_service(web::to(fallback::answer)).register(config);
        let one = web::resource(format!("{base}/{{key}}")).get(reading::item::<K>);
        one.default_service(web::to(fallback::answer)).register(config);
    }
}

impl<K: Kind> OpenApiFactory for Reads<K> {
    fn paths(&self) -> Paths {
        reading_paths::<Items<K>>()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        schema::reading::<Items<K>>(schemas);
    }
}

struct PartReads<S>(PhantomData<S>);

impl<S: Shelved> HttpServiceFactory for PartReads<S> {
    fn register(self, config: &mut AppService) {
        let base = format!("/v1/{}", S::NAME);
        let list = web::resource(base.clone()).get(reading::list::<S>);
        list.default_service(web::to(fallback::answer)).register(config);
        let one = web::resource(format!("{base}/{{key}}")).get(reading::one::<S>);
        one.default_service(web::to(fallback::answer)).register(config);
    }
}

impl<S: Shelved> OpenApiFactory for PartReads<S> {
    fn paths(&self) -> Paths {
        reading_paths::<S>()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        schema::reading::<S>(schemas);
    }
}
