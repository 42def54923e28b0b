//! The routes of a curated kind and, in the same act, its operations in the document.
//! Holds always: registering a kind documents it; parts of items are read like items and curated with them.

use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{Resource, Scope, web};
use utoipa::openapi::path::Paths;
use utoipa_actix_web::OpenApiFactory;

use super::alone;
use super::curating;
use super::exchange;
use super::kind::Kind;
use super::operations::{item_paths, reading_paths};
use super::reading::{self, Items, ShelfRoute, Shelved};
use super::related;
use super::schema::{self, Schemas};
use crate::http::fallback;
use crate::http::mount::Mount;

/// Mounts everything of one kind.
pub fn mount<K: Kind>(mount: &mut Mount<'_>) {
    mount.service(Reads::<K>(PhantomData)).service(curating::routes::Curation::<K>::new());
}

/// Mounts what is there once for all kinds.
pub fn mount_shared(mount: &mut Mount<'_>) {
    mount.service(curating::preview::get_preview).service(exchange::http::routes::Exchange);
}

/// Mounts the reads of parts that have an address of their own.
pub fn mount_parts<S: Shelved>(mount: &mut Mount<'_>) {
    mount.service(PartReads::<S>(PhantomData));
}

/// Mounts what is open to everyone of one kind, to be answered without a database.
pub fn mount_alone<K: Kind>(config: &mut web::ServiceConfig) {
    if K::OPEN {
        let (list, one) = (web::resource("").get(alone::list), web::resource("/{key}").get(alone::item));
        config.service(reads::<Items<K>>(list, one));
    }
}

/// A list and its items. A scope, so that a request for something else is passed on after one look at its first words.
fn reads<S: Shelved>(list: Resource, one: Resource) -> Scope {
    web::scope(&format!("/v1/{}", S::NAME))
        .app_data(ShelfRoute::of::<S>())
        .service(list.default_service(web::to(fallback::answer)))
        .service(one.default_service(web::to(fallback::answer)))
}

struct Reads<K>(PhantomData<K>);

impl<K: Kind> HttpServiceFactory for Reads<K> {
    fn register(self, config: &mut AppService) {
        let (list, one) = (web::resource(""), web::resource("/{key}"));
        let (list, one) = if K::OPEN {
            (list.get(reading::open_list), one.get(reading::open_item))
        } else {
            (list.get(reading::list), one.get(reading::item))
        };
        let related = web::resource("/{key}/related").get(related::related);
        reads::<Items<K>>(list, one).service(related.default_service(web::to(fallback::answer))).register(config);
    }
}

impl<K: Kind> OpenApiFactory for Reads<K> {
    fn paths(&self) -> Paths {
        item_paths::<K>()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        schema::reading::<Items<K>>(schemas);
        schema::related(schemas);
    }
}

struct PartReads<S>(PhantomData<S>);

impl<S: Shelved> HttpServiceFactory for PartReads<S> {
    fn register(self, config: &mut AppService) {
        let list = web::resource("").get(reading::list);
        let one = web::resource("/{key}").get(reading::one);
        reads::<S>(list, one).register(config);
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
