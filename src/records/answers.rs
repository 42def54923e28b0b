//! How records are answered.
//! Holds always: the ETag is the version, and private answers are never stored by anything in between.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};

use crate::database::Id;
use crate::http::conditional::etag;
use crate::http::idempotency::KeptAnswer;

use super::collection::Collection;
use super::document::Opened;

/// The media type of every answer with a body.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// The path of a record.
pub(super) fn location<C: Collection>(id: Id) -> String {
    format!("/v1/{}/{id}", C::NAME)
}

/// 201 with the new record.
pub(super) fn created<C: Collection>(opened: &Opened) -> KeptAnswer {
    KeptAnswer {
        status: 201,
        etag: Some(etag(opened.version)),
        location: Some(location::<C>(opened.id)),
        body: opened.to_json(),
    }
}

/// 200 with a record and its ETag.
pub(super) fn record(opened: &Opened) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, etag(opened.version)))
        .content_type(HeaderValue::from_static(JSON))
        .body(opened.to_json())
}

/// A page whose items `write` appends as JSON.
pub(super) fn page<T>(items: &[T], write: impl Fn(&T, &mut Vec<u8>), next_cursor: Option<&str>) -> Vec<u8> {
    let mut body = Vec::with_capacity(4096);
    body.extend_from_slice(b"{\"items\":[");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        write(item, &mut body);
    }
    body.extend_from_slice(b"],\"next_cursor\":");
    match next_cursor {
        // A cursor is URL-safe base64: nothing in it needs escaping.
        Some(cursor) => {
            body.push(b'"');
            body.extend_from_slice(cursor.as_bytes());
            body.push(b'"');
        }
        None => body.extend_from_slice(b"null"),
    }
    body.push(b'}');
    body
}
