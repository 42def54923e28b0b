//! An answer's bytes, made once: the JSON, its ETag, and the compressed form from its first use on.
//! Holds always: the ETag names exactly these bytes, so that it differs by view and by encoding as they do.

use std::io::Write as _;
use std::sync::OnceLock;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::auth::Reader;
use crate::http::conditional;

/// Smaller bodies are sent as they are: compressing them saves no packet.
const WORTH_COMPRESSING: usize = 1_000;
/// How long a cache in between may keep an answer for readers who are not signed in.
const PUBLIC_SECONDS: u32 = 60;

/// The bytes of one answer.
#[derive(Debug)]
pub struct Rendered {
    json: Bytes,
    tag: String,
    packed: OnceLock<Option<Bytes>>,
    /// The languages in it; nothing when there is none in particular.
    languages: Option<HeaderValue>,
    media: Media,
}

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    Json,
    JsonLines,
}

impl Media {
    const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }
}

impl Rendered {
    #[must_use]
    pub fn new(json: Vec<u8>) -> Self {
        let digest = Sha256::digest(&json);
        let tag = URL_SAFE_NO_PAD.encode(digest.get(..12).unwrap_or_default());
        Self { json: json.into(), tag, packed: OnceLock::new(), languages: None, media: Media::Json }
    }

    /// The same answer, saying in which languages it is.
    #[must_use]
    pub fn in_languages<'a>(mut self, languages: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = languages.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        self.languages = HeaderValue::try_from(names.join(", ")).ok().filter(|value| !value.is_empty());
        self
    }

    /// The same bytes as something else than JSON.
    #[must_use]
    pub fn of(mut self, media: Media) -> Self {
        self.media = media;
        self
    }

    #[must_use]
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// How many bytes this keeps in memory at most.
    #[must_use]
    pub fn size(&self) -> usize {
        self.json.len() * 2
    }

    /// The answer for this reader: 304 when they have it already, compressed when they take that.
    #[must_use]
    pub fn respond(&self, request: &HttpRequest, reader: &Reader) -> HttpResponse {
        let packed = if takes_gzip(request.headers()) { self.packed() } else { None };
        let tag = if packed.is_some() { format!("\"{}-gzip\"", self.tag) } else { format!("\"{}\"", self.tag) };
        let known = conditional::if_none_match(request, &tag);
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((header::ETAG, tag));
        response.insert_header((header::CACHE_CONTROL, caching(reader)));
        // What is served differs by account (the safety view), so no cache may hand one reader's answer to another.
        let vary = HeaderValue::from_static("Authorization, Accept-Encoding, Accept-Language");
        response.insert_header((header::VARY, vary));
        if let Some(languages) = &self.languages {
            response.insert_header((header::CONTENT_LANGUAGE, languages.clone()));
        }
        if known {
            return response.finish();
        }
        response.content_type(self.media.name());
        match packed {
            Some(bytes) => {
                response.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")));
                response.body(bytes.clone())
            }
            None => response.body(self.json.clone()),
        }
    }

    fn packed(&self) -> Option<&Bytes> {
        if self.json.len() < WORTH_COMPRESSING {
            return None;
        }
        let pack = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&self.json).ok()?;
            encoder.finish().ok().map(Bytes::from)
        };
        self.packed.get_or_init(pack).as_ref()
    }
}

fn caching(reader: &Reader) -> HeaderValue {
    match reader.0 {
        Some(_) => HeaderValue::from_static("private, no-cache"),
        None => HeaderValue::try_from(format!("public, max-age={PUBLIC_SECONDS}"))
            .unwrap_or(HeaderValue::from_static("no-store")),
    }
}

/// Whether the request takes gzip: named, or by `*`, and not with a quality of zero.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut verdict = None;
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        for coding in value.to_str().unwrap_or_default().split(',') {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let quality = parts.find_map(|part| part.strip_prefix("q="));
            let wanted = quality.is_none_or(|quality| quality.parse().is_ok_and(|quality: f32| quality > 0.0));
            if name.eq_ignore_ascii_case("gzip") {
                return wanted;
            }
            if name == "*" {
                verdict = Some(wanted);
            }
        }
    }
    verdict.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use actix_web::HttpRequest;
    use actix_web::http::header;
    use actix_web::test::TestRequest;
    use flate2::read::GzDecoder;

    use super::{Rendered, takes_gzip};
    use crate::auth::Reader;

    fn asking(accept: &str) -> HttpRequest {
        TestRequest::default().insert_header((header::ACCEPT_ENCODING, accept)).to_http_request()
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (accept, takes) in [
            ("gzip", true),
            ("br, gzip;q=0.5", true),
            ("*", true),
            ("gzip;q=0", false),
            ("*, gzip;q=0", false),
            ("br", false),
        ] {
            assert_eq!(takes_gzip(asking(accept).headers()), takes, "{accept}");
        }
    }

    #[test]
    fn packed_bytes_are_the_same_answer() {
        let rendered = Rendered::new(b"{\"title\":\"A title\"}".repeat(100));
        let mut unpacked = Vec::new();
        GzDecoder::new(rendered.packed().unwrap().as_ref()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, rendered.json().as_ref());
        assert!(Rendered::new(b"{}".to_vec()).packed().is_none(), "too small to be worth it");
    }

    #[test]
    fn each_encoding_has_its_tag_and_304_knows_it() {
        let rendered = Rendered::new(vec![b' '; 5_000]);
        let plain = rendered.respond(&asking("identity"), &Reader(None));
        let packed = rendered.respond(&asking("gzip"), &Reader(None));
        assert_eq!(packed.headers().get(header::CONTENT_ENCODING).unwrap(), "gzip");
        let (plain, packed) = (plain.headers().get(header::ETAG).unwrap(), packed.headers().get(header::ETAG).unwrap());
        assert_ne!(plain, packed);
        for (accept, tag, status) in [("gzip", packed, 304), ("gzip", plain, 200), ("identity", plain, 304)] {
            let request = TestRequest::default()
                .insert_header((header::ACCEPT_ENCODING, accept))
                .insert_header((header::IF_NONE_MATCH, tag.clone()));
            assert_eq!(rendered.respond(&request.to_http_request(), &Reader(None)).status(), status);
        }
    }
}
