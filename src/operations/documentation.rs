//! The OpenAPI document and the pages to click through it, both from the binary.
//! Holds always: the pages load nothing from anywhere else, so that they work without a network.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use tokio::sync::OnceCell;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema, SchemaType};
use utoipa::{PartialSchema, ToSchema};
use utoipa_swagger_ui::Config;

use crate::http::problem::Answer;
use crate::http::{Code, Problem};

/// What the pages need beyond the API's own policy: their scripts, styles, pictures, and asking this service.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The finished document as JSON, made when somebody first asks for it, and shared by all answers.
pub struct Document {
    make: fn() -> serde_json::Result<String>,
    made: OnceCell<web::Bytes>,
}

impl Document {
    /// What `make` writes.
    #[must_use]
    pub fn of(make: fn() -> serde_json::Result<String>) -> Self {
        Self { make, made: OnceCell::new() }
    }

    /// The document. Making it takes a moment and much memory, so one makes it while the others wait.
    async fn text(&self) -> Result<web::Bytes, Problem> {
        let make = self.make;
        let making = || async move {
            let text = web::block(make).await.ok().and_then(Result::ok);
            text.map(web::Bytes::from).ok_or_else(|| {
                tracing::error!("the OpenAPI document cannot be made");
                Problem::new(Code::Internal)
            })
        };
        self.made.get_or_try_init(making).await.cloned()
    }
}

/// The document describes itself as an object with members of any kind.
pub struct OpenApiDocument;

impl PartialSchema for OpenApiDocument {
    fn schema() -> RefOr<Schema> {
        let members: RefOr<Schema> = ObjectBuilder::new().schema_type(SchemaType::AnyValue).into();
        ObjectBuilder::new()
            .description(Some("An OpenAPI 3.1 document."))
            .additional_properties(Some(AdditionalProperties::from(members)))
            .into()
    }
}

impl ToSchema for OpenApiDocument {}

/// Read this document
///
/// The pages under `/docs` show it to click through.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "get_openapi",
    tag = "operations",
    responses((
        status = 200,
        description = "The OpenAPI document of this service.",
        body = OpenApiDocument,
        content_type = "application/json",
        example = json!({"openapi": "3.1.0"}),
    )),
    security(())
)]
#[get("/openapi.json")]
pub(super) async fn get_openapi(document: web::Data<Document>) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type("application/json")
        .body(document.text().await?))
}

/// The pages under `/docs/`. They are for people, so they stand in no document.
pub fn pages(config: &mut web::ServiceConfig) {
    let pages = Config::from("../openapi.json").try_it_out_enabled(true).validator_url("none");
    config
        .app_data(web::Data::new(Arc::new(pages)))
        .route("/docs", web::get().to(to_pages))
        .route("/docs/{file:.*}", web::get().to(page));
}

async fn to_pages() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

async fn page(file: web::Path<String>, pages: web::Data<Arc<Config<'static>>>) -> Answer {
    let found = utoipa_swagger_ui::serve(&file, Arc::clone(&pages)).map_err(|cause| {
        tracing::error!(%cause, "a page of the documentation cannot be made");
        Problem::new(Code::Internal)
    })?;
    let found = found.ok_or_else(|| Problem::new(Code::UnknownPath))?;
    Ok(HttpResponse::Ok()
        .content_type(found.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(match found.bytes {
            Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        }))
}
