//! The routes by which curators look after a kind.
//! Holds always: every route here has an operation in `operations.rs` and asks for a curator before anything else.

use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::web;
use utoipa::openapi::path::Paths;
use utoipa_actix_web::OpenApiFactory;

use super::{past, preview};
use crate::catalogue::kind::Kind;
use crate::catalogue::kinds::{self, Registered};
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
        mount(kinds::register::<K>(), config);
    }
}

fn mount(kind: Registered, config: &mut AppService) {
    let kind = web::Data::new(kind);
    let item = format!("/v1/admin/{}/{{id}}", kind.name);
    let at =
        |path: String| web::resource(path).app_data(web::Data::clone(&kind)).default_service(web::to(fallback::answer));
    let all = at(format!("/v1/admin/{}", kind.name));
    all.get(super::list).post(super::create).register(config);
    let one = at(item.clone()).get(super::get).put(super::replace);
    one.patch(super::update).delete(super::delete).register(config);
    let transitions = at(format!("{item}/transitions"));
    transitions.get(past::transitions).post(super::transition).register(config);
    at(format!("{item}/revisions")).get(past::revisions).register(config);
    at(format!("{item}/revisions/{{number}}")).get(past::revision).register(config);
    at(format!("{item}/revisions/{{number}}/restore")).post(past::restore).register(config);
    at(format!("{item}/diff")).get(past::diff).register(config);
    at(format!("{item}/previews")).post(preview::create).register(config);
}

impl<K: Kind> OpenApiFactory for Curation<K> {
    fn paths(&self) -> Paths {
        super::operations::paths::<K>()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        schema::curating::<K>(schemas);
    }
}
