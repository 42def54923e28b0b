//! Pages of lists: a limit, a sealed cursor that only its own list opens, and the link to the next page.
//! Holds always: a cursor opens for the same person, route and filter within 24 hours; every other fault is one and the same 400.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, web};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::code::Code;
use super::problem::Problem;
use crate::config;
use crate::database::{Clock, Id, Timestamp};
use crate::privacy::{KeyRing, Purpose};

/// How many items a page holds when the request does not say.
pub const DEFAULT_LIMIT: u32 = 20;
/// How many items a page may hold.
pub const MAX_LIMIT: u32 = 100;
/// How long a cursor opens.
const CURSOR_LIFE: Duration = Duration::from_hours(24);
/// Longer texts are none of our cursors and are not decoded.
const MAX_CURSOR_BYTES: usize = 1024;

/// One page. Only a null `next_cursor` ends the list; a page may be short or empty before that.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

/// The parameters that every list has.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PageQuery {
    /// 1 to [`MAX_LIMIT`].
    #[serde(default)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// How many items a page holds, 1 to [`MAX_LIMIT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct Limit(u32);

impl Limit {
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(DEFAULT_LIMIT)
    }
}

impl TryFrom<u32> for Limit {
    type Error = &'static str;

    fn try_from(limit: u32) -> Result<Self, Self::Error> {
        if (1..=MAX_LIMIT).contains(&limit) { Ok(Self(limit)) } else { Err("a limit is 1 to 100") }
    }
}

/// Seals the position of a list into a cursor and opens it again.
#[derive(Clone)]
pub struct CursorSealer {
    ring: Arc<KeyRing>,
    clock: Clock,
}

impl CursorSealer {
    #[must_use]
    pub fn new(ring: Arc<KeyRing>, clock: Clock) -> Self {
        Self { ring, clock }
    }

    /// A cursor that only this caller can use, on this route, with this filter. `caller` is none for public lists.
    #[must_use]
    pub fn seal(&self, caller: impl Into<Option<Id>>, route: &str, filter_hash: &[u8], position: &[u8]) -> String {
        let made_at = self.clock.now().as_micros().to_be_bytes();
        let plain = [made_at.as_slice(), position].concat();
        let caller = caller.into();
        BASE64_URL_SAFE_NO_PAD.encode(self.ring.seal(
            Purpose::Cursor,
            &context(caller.as_ref(), route, filter_hash),
            &plain,
        ))
    }

    /// The position inside a cursor.
    ///
    /// # Errors
    /// 400 `invalid_cursor`, whatever is wrong with it.
    pub fn open(
        &self,
        caller: impl Into<Option<Id>>,
        route: &str,
        filter_hash: &[u8],
        cursor: &str,
    ) -> Result<Vec<u8>, Problem> {
        self.position(caller.into(), route, filter_hash, cursor).ok_or_else(|| Problem::new(Code::InvalidCursor))
    }

    fn position(&self, caller: Option<Id>, route: &str, filter_hash: &[u8], cursor: &str) -> Option<Vec<u8>> {
        if cursor.len() > MAX_CURSOR_BYTES {
            return None;
        }
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let plain = self.ring.open(Purpose::Cursor, &context(caller.as_ref(), route, filter_hash), &sealed).ok()?;
        let (made_at, position) = plain.split_first_chunk()?;
        let made_at = Timestamp::from_micros(i64::from_be_bytes(*made_at));
        (self.clock.now().since(made_at) < CURSOR_LIFE).then(|| position.to_vec())
    }
}

/// What a cursor is bound to.
fn context<'a>(caller: Option<&'a Id>, route: &'a str, filter_hash: &'a [u8]) -> [&'a [u8]; 3] {
    [caller.map_or(&[], |id| id.as_bytes()), route.as_bytes(), filter_hash]
}

/// The `Link` header that leads to the next page: this request with the other cursor, under the public URL.
#[must_use]
pub fn link_next(request: &HttpRequest, cursor: &str) -> (HeaderName, HeaderValue) {
    let server = request.app_data::<web::Data<config::Server>>();
    let base = server.and_then(|server| server.public_url.as_deref()).unwrap_or_default();
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        if name != "cursor" {
            query.append_pair(&name, &value);
        }
    }
    let link = format!("<{base}{}?{}>; rel=\"next\"", request.path(), query.append_pair("cursor", cursor).finish());
    // The path was routed and the query is percent-encoded, so this is always a valid header.
    (header::LINK, HeaderValue::from_str(&link).unwrap_or_else(|_| HeaderValue::from_static("")))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use proptest::prelude::*;

    use super::*;

    fn sealer() -> (CursorSealer, Clock) {
        let clock = Clock::manual(Timestamp::from_micros(1_000_000));
        (CursorSealer::new(KeyRing::generate(), clock.clone()), clock)
    }

    #[test]
    fn a_cursor_opens_where_it_was_made_for_a_day() {
        let (sealer, clock) = sealer();
        let (asha, bela) = (Id::new(), Id::new());
        let cursor = sealer.seal(asha, "/v1/a", b"f", b"place");
        assert_eq!(sealer.open(asha, "/v1/a", b"f", &cursor).unwrap(), b"place");
        let refused = [
            sealer.open(bela, "/v1/a", b"f", &cursor),
            sealer.open(None, "/v1/a", b"f", &cursor),
            sealer.open(asha, "/v1/b", b"f", &cursor),
            sealer.open(asha, "/v1/a", b"g", &cursor),
            sealer.open(asha, "/v1/a", b"f", "e1.13"),
            sealer.open(asha, "/v1/a", b"f", ""),
            sealer.open(asha, "/v1/a", b"f", &cursor.repeat(20)),
        ];
        for answer in refused {
            assert_eq!(answer.unwrap_err().code(), Code::InvalidCursor);
        }
        clock.advance(CURSOR_LIFE.saturating_sub(Duration::from_secs(1)));
        assert!(sealer.open(asha, "/v1/a", b"f", &cursor).is_ok());
        clock.advance(Duration::from_secs(1));
        assert_eq!(sealer.open(asha, "/v1/a", b"f", &cursor).unwrap_err().code(), Code::InvalidCursor);
    }

    proptest! {
        #[test]
        fn a_changed_cursor_opens_nowhere(position in proptest::collection::vec(any::<u8>(), 0..64), at in any::<prop::sample::Index>(), other in "[A-Za-z0-9_-]") {
            let (sealer, _) = sealer();
            let owner = Id::new();
            let cursor = sealer.seal(owner, "/v1/a", b"f", &position);
            prop_assert_eq!(sealer.open(owner, "/v1/a", b"f", &cursor).unwrap(), position);
            let at = at.index(cursor.len());
            let mut changed = cursor.clone();
            changed.replace_range(at..=at, &other);
            prop_assert_eq!(sealer.open(owner, "/v1/a", b"f", &changed).is_ok(), changed == cursor);
        }
    }

    #[test]
    fn the_next_page_is_this_request_with_another_cursor() {
        let server = config::Config::for_tests(std::path::Path::new("unused")).server;
        let server = config::Server { public_url: Some("https://mend.example.org".into()), ..server };
        let request = TestRequest::with_uri("/v1/tips?tag=a%20b&cursor=old&limit=2")
            .app_data(web::Data::new(server))
            .to_http_request();
        let (_, link) = link_next(&request, "new");
        assert_eq!(link, "<https://mend.example.org/v1/tips?tag=a+b&limit=2&cursor=new>; rel=\"next\"");
    }
}
