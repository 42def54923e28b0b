//! Pages of lists: a limit, a sealed cursor that only its own list opens, and the link to the next page.
//! Holds always: a cursor opens for the same person, route and filter within 24 hours; every other fault is one and the same 400.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use crate::database::Id;

/// How many items a page holds when the request does not say.
pub const DEFAULT_LIMIT: u32 = 20;
/// How many items a page may hold.
pub const MAX_LIMIT: u32 = 100;

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
pub struct CursorSealer {}

impl CursorSealer {
    /// A cursor that only this caller can use, on this route, with this filter. `caller` is none for public lists.
    #[must_use]
    pub fn seal(&self, _caller: impl Into<Option<Id>>, _route: &str, _filter_hash: &[u8], _position: &[u8]) -> String {
        todo!()
    }

    /// The position inside a cursor.
    ///
    /// # Errors
    /// 400 `invalid_cursor`, whatever is wrong with it.
    pub fn open(
        &self,
        _caller: impl Into<Option<Id>>,
        _route: &str,
        _filter_hash: &[u8],
        _cursor: &str,
    ) -> Result<Vec<u8>, Problem> {
        todo!()
    }
}

/// The `Link` header that leads to the next page: this request with the other cursor, under the public URL.
#[must_use]
pub fn link_next(_request: &HttpRequest, _cursor: &str) -> (HeaderName, HeaderValue) {
    todo!()
}
