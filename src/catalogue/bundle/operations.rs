//! The bundle's operations: all of it, what is new of it, and the keys that verify it.
//! Holds always: the reader's sight is settled first, as for every read.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, get, post, web};

use super::Bundler;
use super::keys::{self, Unsigned};
use super::shapes::{BundleFile, BundleHad, BundleKeys};
use crate::auth::{As, Reader};
use crate::catalogue::Catalogue;
use crate::http::body::Json;
use crate::http::code::Code;
use crate::http::mount::Mount;
use crate::http::problem::{Answer, Problem};
use crate::http::query;
use crate::records::Records;

/// Adds the operations.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(get_bundle).service(get_bundle_changes).service(list_bundle_keys);
}

/// Read the whole catalogue for offline use
///
/// All items that the caller may be shown, in every language, help contacts included, with a signed manifest. Use the ETag to
/// ask whether anything is new, and `POST /v1/bundle` to get only that.
#[utoipa::path(
    get,
    path = "/v1/bundle",
    operation_id = "get_bundle",
    tag = "offline",
    params(("If-None-Match" = Option<String>, Header, description = "The ETag of the bundle that the client has already.",
        max_length = 256, example = "\"n4bQgYhMfWWaL-qg\"")),
    responses((status = 200, description = "The bundle.", content_type = "application/jsonl", body = BundleFile,
        example = json!("{\"manifest\":\"eyJ…\"}\n{\"id\":\"01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f\",\"kind\":\"tip\"}\n"))),
    security(("bearer" = [])),
)]
#[get("/v1/bundle")]
async fn get_bundle(
    bundler: web::Data<Bundler>,
    catalogue: web::Data<Catalogue>,
    records: web::Data<Records>,
    asked: As<Reader, HttpRequest>,
) -> Answer {
    let As { caller: reader, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let sight = records.sight_of(&reader).await?;
    let made = web::block(move || bundler.whole(&catalogue, &sight)).await;
    Ok(made.map_err(|_stopping| broken(&Unsigned))?.map_err(|unsigned| broken(&unsigned))?.respond(&request, &reader))
}

/// Read what is new since an older bundle
///
/// The manifest of now, and of the lines only those that are not among `have`. Keep the lines that the manifest lists, and
/// forget all others.
#[utoipa::path(
    post,
    path = "/v1/bundle",
    operation_id = "get_bundle_changes",
    tag = "offline",
    request_body(content = BundleHad, example = json!({"have": ["n4bQgYhMfWWaL-qgxVrQFQ"]})),
    responses((status = 200, description = "The manifest and the new lines.", content_type = "application/jsonl", body = BundleFile,
        example = json!("{\"manifest\":\"eyJ…\"}\n{\"id\":\"01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f\",\"kind\":\"tip\"}\n"))),
    security(("bearer" = [])),
)]
#[post("/v1/bundle")]
async fn get_bundle_changes(
    bundler: web::Data<Bundler>,
    catalogue: web::Data<Catalogue>,
    records: web::Data<Records>,
    asked: As<Reader, (HttpRequest, Json<BundleHad>)>,
) -> Answer {
    let As { caller: reader, input: (request, Json(BundleHad { have })) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let sight = records.sight_of(&reader).await?;
    let had: HashSet<String> = have.iter().map(|digest| digest.to_string()).collect();
    let job = move || bundler.without(&had, &catalogue.snapshot(), catalogue.kinds(), &sight);
    let made = web::block(job).await.map_err(|_stopping| broken(&Unsigned))?;
    Ok(made.map_err(|unsigned| broken(&unsigned))?.respond(&request, &reader))
}

/// List the keys that verify bundles
///
/// A JWK set. Fetch it while there is a network, and again when a manifest names a `kid` that is not in it.
#[utoipa::path(
    get,
    path = "/v1/bundle/keys",
    operation_id = "list_bundle_keys",
    tag = "offline",
    responses((status = 200, description = "The keys.", body = BundleKeys)),
    security(()),
)]
#[get("/v1/bundle/keys")]
async fn list_bundle_keys(bundler: web::Data<Bundler>, request: HttpRequest) -> Answer {
    query::finish(&query::pairs(&request)?)?;
    Ok(HttpResponse::Ok().json(keys::public(&bundler.ring).map_err(|unsigned| broken(&unsigned))?))
}

fn broken(unsigned: &Unsigned) -> Problem {
    tracing::error!(%unsigned, "no bundle");
    Problem::new(Code::Internal)
}
