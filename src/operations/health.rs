//! Whether the service lives, is ready, and which version it is.
//! Holds always: alive asks nothing but the process itself; ready means that reads and writes can be expected to work.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::database::{Database, Id};
use crate::http::layers::draining::Draining;
use crate::http::problem::Answer;
use crate::http::{Code, Problem};
use crate::privacy::Keystore;

/// What readiness looks at.
#[derive(Clone)]
pub struct Readiness {
    pub database: Database,
    pub keystore: Keystore,
    pub draining: Draining,
}

/// How the service is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`; anything else is a problem.
    #[schema(max_length = 16, example = "ok")]
    status: &'static str,
}

/// What runs here.
#[derive(Serialize, ToSchema)]
pub struct Version {
    #[schema(max_length = 16, example = "mend")]
    name: &'static str,
    /// Semantic version.
    #[schema(max_length = 64, example = "0.1.0")]
    version: &'static str,
}

const OK: Health = Health { status: "ok" };

/// Ask whether the service lives
///
/// Looks at nothing but the process itself: restart it when this does not answer.
#[utoipa::path(
    get,
    path = "/livez",
    operation_id = "get_livez",
    tag = "operations",
    responses((status = 200, description = "It lives.", body = Health, example = json!(OK))),
    security(())
)]
#[get("/livez")]
pub(super) async fn get_livez() -> HttpResponse {
    HttpResponse::Ok().json(OK)
}

/// Ask whether the service is ready
///
/// Asks the database and the keystore. Send no requests while this is a problem.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "get_readyz",
    tag = "operations",
    responses((status = 200, description = "It is ready.", body = Health, example = json!(OK))),
    security(())
)]
#[get("/readyz")]
pub(super) async fn get_readyz(readiness: web::Data<Readiness>) -> Answer {
    let not_ready = |detail: &str| Problem::new(Code::Unavailable).retry_after(1).detail(detail);
    if readiness.draining.has_begun() {
        return Err(not_ready("The service is stopping."));
    }
    if let Err(failure) = readiness.database.ping().await {
        tracing::warn!(%failure, "not ready");
        return Err(not_ready("The database does not answer."));
    }
    // A key that nobody has: the keystore looks and finds nothing.
    let nobody = Id::from_bytes([0; 16]);
    if let Err(failure) = readiness.keystore.key(nobody, nobody).await {
        tracing::warn!(%failure, "not ready");
        return Err(not_ready("The keystore does not answer."));
    }
    Ok(HttpResponse::Ok().json(OK))
}

/// Ask which version runs
///
/// For bug reports, and for clients that need a feature of a later version.
#[utoipa::path(
    get,
    path = "/version",
    operation_id = "get_version",
    tag = "operations",
    responses((status = 200, description = "The version.", body = Version, example = json!({"name": "mend", "version": "0.1.0"}))),
    security(())
)]
#[get("/version")]
pub(super) async fn get_version() -> HttpResponse {
    HttpResponse::Ok().json(Version { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })
}
