//! `GET /v1/privacy/manifest`: what is stored of whom, for what, for how long, and what export and erasure do with it.
//! Holds always: it is made from the declarations that tests hold against both databases and against the documents'
//! schemas; it says nothing about any person, so everybody may read and keep it.

mod shapes;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use base64::Engine as _;
use sha2::{Digest as _, Sha256};

use crate::http::problem::Answer;
use crate::http::{conditional, query};
use crate::privacy::map::StoredDocument;
use shapes::PrivacyManifest;

/// The manifest as it is served, made once at the start.
pub struct Manifest {
    body: web::Bytes,
    etag: String,
}

impl Manifest {
    /// What this version stores: the tables of both stores, the given collections, and accounts.
    #[must_use]
    pub fn of(collections: &[StoredDocument]) -> Self {
        let body = serde_json::to_vec(&PrivacyManifest::of(collections)).unwrap_or_default();
        let digest = Sha256::digest(&body);
        let tag = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
        Self { body: body.into(), etag: format!("\"{tag}\"") }
    }
}

/// Read what is stored, and for how long
///
/// Every stored column and every member of every document: what it is for, how long it stays, whether an export holds it,
/// and what erasing an account does with it. It changes only with the version of the service.
#[utoipa::path(
    get,
    path = "/v1/privacy/manifest",
    operation_id = "get_privacy_manifest",
    tag = "privacy",
    params(("If-None-Match" = Option<String>, Header, description = "The ETag of the state that the client has already.",
        max_length = 256, example = "\"3\"")),
    responses((status = 200, description = "The manifest.", body = PrivacyManifest)),
    security(())
)]
#[get("/v1/privacy/manifest")]
pub(super) async fn get_privacy_manifest(manifest: web::Data<Manifest>, request: HttpRequest) -> Answer {
    query::finish(&query::pairs(&request)?)?;
    let is_known = conditional::if_none_match(&request, &manifest.etag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::ETAG, manifest.etag.clone()))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    if is_known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type("application/json").body(manifest.body.clone()))
}
