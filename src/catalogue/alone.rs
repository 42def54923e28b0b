//! The starter catalogue straight from the binary, for a node whose database does not answer yet.
//! Holds always: it shows what is open to everyone and nothing else, and asks no database.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::checking::lint;
use super::files;
use super::import::ImportError;
use super::kinds::Kinds;
use super::reading::{OnShelf, found_item, shown_list, whole};
use super::snapshot::{Loaded, Snapshot};
use super::{Sight, View};
use crate::auth::Reader;
use crate::database::Timestamp;
use crate::http::code::Code;
use crate::http::problem::{Answer, Problem};

/// When to ask again for what only the database knows.
const RETRY_SECONDS: u64 = 1;

/// What a first start would publish at `now`. The ids are those of every installation, so that a cursor or an address from
/// here works once the database answers.
///
/// # Errors
/// When the content inside the binary breaks a rule, which its tests keep from happening.
pub fn snapshot(kinds: &Kinds, now: Timestamp) -> Result<Snapshot, ImportError> {
    let items = lint(kinds, &files::starter()).map_err(ImportError::Content)?;
    let loaded = items.into_iter().filter_map(|item| {
        let kind = kinds.named(item.kind)?;
        let document = kind.open(&item.document).ok()?;
        let (id, kind, singular) = (item.id, kind.name, kind.singular);
        Some(Arc::new(Loaded { id, kind, singular, revision: 1, published_at: now, document }))
    });
    let mut loaded: Vec<_> = loaded.collect();
    loaded.sort_by_key(|item| item.id);
    Ok(Snapshot::build(0, kinds, loaded, now.to_utc().date_naive()))
}

/// `GET /v1/{list}` of what is open to everyone.
pub(super) async fn list(shelf: OnShelf, snapshot: Data<Snapshot>, request: HttpRequest) -> Answer {
    shown_list(&shelf, &snapshot, &Reader(None), &Sight::of(View::NoOutreach), &request)
}

/// `GET /v1/{kind}/{id or slug}` of what is open to everyone. What an earlier publication said, only the database knows.
pub(super) async fn item(shelf: OnShelf, snapshot: Data<Snapshot>, request: HttpRequest) -> Answer {
    let sight = Sight::of(View::NoOutreach);
    match found_item(&shelf, &snapshot, &sight, &request)? {
        (found, None) => Ok(whole(&sight, &snapshot, found, &request, &Reader(None))),
        (_, Some(_)) => Err(Problem::new(Code::Unavailable).retry_after(RETRY_SECONDS)),
    }
}
