//! Pages of one's own sessions and events.
//! Holds always: a cursor opens for its owner and its list only.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::auth::{Auth, Caller, Position};
use crate::http::Code;
use crate::http::page::{self, CursorSealer, PageQuery};
use crate::http::problem::Problem;
use crate::http::query;

/// The page that a request asks for.
pub(super) struct Asked {
    /// The position after which the page begins.
    pub(super) after: Option<Position>,
    pub(super) limit: u32,
    cursors: CursorSealer,
    route: String,
}

/// Reads `limit` and `cursor`.
pub(super) fn asked(request: &HttpRequest, auth: &Auth, caller: &Caller) -> Result<Asked, Problem> {
    let PageQuery { limit, cursor } = query::parse(query::pairs(request)?)?;
    let cursors = CursorSealer::new(auth.ring().clone(), auth.database().clock().clone());
    let route = request.path().to_owned();
    let after = match cursor {
        Some(cursor) => {
            let position = cursors.open(caller.account, &route, b"", &cursor)?;
            Some(Position::from_bytes(&position).ok_or_else(|| Problem::new(Code::InvalidCursor))?)
        }
        None => None,
    };
    Ok(Asked { after, limit: limit.get(), cursors, route })
}

impl Asked {
    /// The cursor of the next page.
    pub(super) fn cursor(&self, caller: &Caller, position: Position) -> String {
        self.cursors.seal(caller.account, &self.route, b"", &position.to_bytes())
    }
}

/// 200, with the link to the next page while there is one.
pub(super) fn answer(request: &HttpRequest, next_cursor: Option<&str>) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    if let Some(cursor) = next_cursor {
        response.insert_header(page::link_next(request, cursor));
    }
    response
}
