//! Files over HTTP: curators store them, readers get them while a published item is about them.
//! Holds always: what is served is exactly what was stored, as the type that its bytes have, and no browser runs it.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, put, web};
use sha2::{Digest as _, Sha256};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use super::{MOST_BYTES, MediaFile, picture, store};
use crate::auth::{As, Curator, Reader};
use crate::catalogue::Catalogue;
use crate::config::Limits;
use crate::database::Connection;
use crate::http::body::{Accepts, Bulk};
use crate::http::code::Code;
use crate::http::conditional;
use crate::http::mount::Mount;
use crate::http::problem::{Answer, Problem};
use crate::http::query;

/// Adds the operations.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(get_media_file).service(get_draft_media_file).service(put_media_file);
}

/// A file that may be stored.
struct Upload;

impl Accepts for Upload {
    const MEDIA: &'static [&'static str] = picture::MEDIA;

    fn limit(limits: &Limits) -> usize {
        limits.import_bytes.min(MOST_BYTES)
    }
}

/// A file's bytes, in the document.
struct MediaBytes;

impl PartialSchema for MediaBytes {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .max_length(Some(MOST_BYTES))
            .description(Some("A still picture: its bytes and nothing else."))
            .into()
    }
}

impl ToSchema for MediaBytes {}

/// What was stored: the member `file` of the medium that is about it.
#[derive(serde::Serialize, ToSchema)]
struct StoredMediaFile {
    /// SHA-256 of the bytes, in lower-case hexadecimal digits.
    #[schema(max_length = 64, example = "a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786")]
    sha256: String,
    #[schema(max_length = 10, example = "image/png")]
    content_type: String,
    #[schema(minimum = 1, example = 1_200)]
    width: i32,
    #[schema(minimum = 1, example = 800)]
    height: i32,
    #[schema(minimum = 1, example = 183_204)]
    byte_length: i32,
}

/// Read a picture
///
/// The bytes as they were stored, while a published medium is about them; else 404. Its address never means other bytes, so
/// that it may be kept.
#[utoipa::path(
    get,
    path = "/v1/media-files/{sha256}",
    operation_id = "get_media_file",
    tag = "media",
    params(
        ("sha256" = String, Path, description = "The file's SHA-256, as its medium says.", min_length = 64, max_length = 64, example = "a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the file that the client has already.",
            max_length = 256, example = "\"a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786\""),
    ),
    responses((status = 200, description = "The file.", content(
        (MediaBytes = "image/png", example = json!("\u{89}PNG…")),
        (MediaBytes = "image/jpeg", example = json!("ÿØÿÛ…")),
        (MediaBytes = "image/webp", example = json!("RIFF…WEBP")),
    ))),
    security(("bearer" = [])),
)]
#[get("/v1/media-files/{sha256}")]
async fn get_media_file(catalogue: web::Data<Catalogue>, asked: As<Reader, HttpRequest>) -> Answer {
    let As { caller: reader, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let sha256 = request.match_info().query("sha256").to_owned();
    if !catalogue.snapshot().pictures().show_file(&sha256) {
        return Err(Problem::not_found());
    }
    let caching =
        if reader.0.is_some() { "private, max-age=31536000, immutable" } else { "public, max-age=86400, immutable" };
    answer(&catalogue, &request, sha256, HeaderValue::from_static(caching)).await
}

/// Read a stored picture
///
/// For curators, whether or not anything published is about it.
#[utoipa::path(
    get,
    path = "/v1/admin/media-files/{sha256}",
    operation_id = "get_draft_media_file",
    tag = "media",
    params(
        ("sha256" = String, Path, description = "The file's SHA-256.", min_length = 64, max_length = 64, example = "a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the file that the client has already.",
            max_length = 256, example = "\"a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786\""),
    ),
    responses((status = 200, description = "The file.", content(
        (MediaBytes = "image/png", example = json!("\u{89}PNG…")),
        (MediaBytes = "image/jpeg", example = json!("ÿØÿÛ…")),
        (MediaBytes = "image/webp", example = json!("RIFF…WEBP")),
    ))),
    security(("bearer" = ["curator"])),
)]
#[get("/v1/admin/media-files/{sha256}")]
async fn get_draft_media_file(catalogue: web::Data<Catalogue>, asked: As<Curator, HttpRequest>) -> Answer {
    let request = asked.input;
    query::finish(&query::pairs(&request)?)?;
    let sha256 = request.match_info().query("sha256").to_owned();
    answer(&catalogue, &request, sha256, HeaderValue::from_static("private, no-cache")).await
}

/// Store a picture
///
/// The body is the file, at most 2 MiB: a still PNG, JPEG or WebP, in sRGB, without metadata, since that may say where and by whom
/// a picture was taken. The answer is the member `file` of a medium. Sending it again changes nothing. A file that no medium
/// names for 30 days is forgotten.
#[utoipa::path(
    put,
    path = "/v1/admin/media-files/{sha256}",
    operation_id = "put_media_file",
    tag = "media",
    params(("sha256" = String, Path, description = "SHA-256 of the body, in lower-case hexadecimal digits.", min_length = 64, max_length = 64, example = "a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786")),
    request_body(description = "The file.", content(
        (MediaBytes = "image/png", example = json!("\u{89}PNG…")),
        (MediaBytes = "image/jpeg", example = json!("ÿØÿÛ…")),
        (MediaBytes = "image/webp", example = json!("RIFF…WEBP")),
    )),
    responses(
        (status = 200, description = "It was there already.", body = StoredMediaFile),
        (status = 201, description = "It is stored.", body = StoredMediaFile),
    ),
    security(("bearer" = ["curator"])),
)]
#[put("/v1/admin/media-files/{sha256}")]
async fn put_media_file(catalogue: web::Data<Catalogue>, asked: As<Curator, (HttpRequest, Bulk<Upload>)>) -> Answer {
    let (request, body) = asked.input;
    query::finish(&query::pairs(&request)?)?;
    let (media, bytes) = (body.media, body.bytes);
    let said = request.match_info().query("sha256").to_owned();
    let looked = web::block(move || looked_at(media, &bytes).map(|file| (file, bytes)));
    let (file, bytes) = looked.await.map_err(|_stopping| Problem::new(Code::Internal))??;
    if file.sha256 != said {
        let detail = "The body is not the file that the address names; perhaps it did not arrive whole.";
        return Err(Problem::invalid("", "other_file", detail));
    }
    let (stored, now) = (file.clone(), catalogue.database().clock().now());
    let job =
        move |connection: &mut Connection| Ok::<_, Problem>(store::store(connection, &stored, bytes.into(), now)?);
    let is_new = catalogue.database().write(job).await?;
    let mut response = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    let MediaFile { sha256, content_type, width, height, byte_length } = file;
    Ok(response.json(StoredMediaFile { sha256, content_type, width, height, byte_length }))
}

fn looked_at(content_type: String, bytes: &Bytes) -> Result<MediaFile, Problem> {
    let size = picture::inspect(&content_type, bytes);
    let (width, height) = size.map_err(|(code, detail)| Problem::invalid("", code, detail))?;
    let byte_length = i32::try_from(bytes.len()).map_err(|_large| Problem::new(Code::BodyTooLarge))?;
    let nibbles = Sha256::digest(bytes).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let sha256 = nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect();
    Ok(MediaFile { sha256, content_type, width, height, byte_length })
}

/// The file for this request: 304 when it is there already.
async fn answer(catalogue: &Catalogue, request: &HttpRequest, sha256: String, caching: HeaderValue) -> Answer {
    let tag = format!("\"{sha256}\"");
    let read = move |connection: &mut Connection| Ok::<_, Problem>(store::read(connection, &sha256)?);
    let found = catalogue.database().read(read).await?;
    let (content_type, bytes) = found.ok_or_else(Problem::not_found)?;
    let is_known = conditional::if_none_match(request, &tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, caching));
    response.insert_header((header::VARY, HeaderValue::from_static("Authorization")));
    if is_known {
        return Ok(response.finish());
    }
    // Opened by itself a picture is a page of its own; then nothing in it may run.
    let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
    response.insert_header((header::CONTENT_SECURITY_POLICY, nothing));
    Ok(response.content_type(content_type).body(bytes))
}
