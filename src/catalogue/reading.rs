//! How published items are read: lists of summaries, and one whole item.
//! Holds always: the reader's view is settled before anything is looked up; what it does not hold is unknown to it, byte for byte.

use std::marker::PhantomData;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use utoipa::ToSchema;

use super::any_document::{AnyDocument as _, ShownWith};
use super::kind::{Filter, Kind, OnDay, Place};
use super::kinds::Registered;
use super::language::Wanted;
use super::listing::Asked;
use super::rendered::Rendered;
use super::schema::{Served, Summary};
use super::shelf::Entry;
use super::sight::Sight;
use super::snapshot::Snapshot;
use super::{Catalogue, View, history, store};
use crate::auth::{As, Reader};
use crate::database::{Connection, Id, Timestamp};
use crate::http::code::Code;
use crate::http::page;
use crate::http::problem::{Answer, Problem};
use crate::http::query;
use crate::records::Records;

/// What stands on a shelf and can be read there: items of a kind, or parts of items.
pub trait Shelved: 'static {
    /// Plural: the path and the shelf.
    const NAME: &'static str;
    const SINGULAR: &'static str;
    const ABOUT: &'static str;
    /// For parts: the parameter that filters by their item, e.g. `program`.
    const PARENT: Option<&'static str>;
    /// Whether single reads take `revision`.
    const HAS_REVISIONS: bool;
    /// [`Kind::OPEN`]
    const OPEN: bool = false;
    /// [`Kind::FILTERS`]
    const FILTERS: &'static [Filter] = &[];
    /// The schema of a single read.
    type Full: ToSchema;
    /// The schema of an entry of a list.
    type Summary: ToSchema;

    fn full_example() -> Value;
    fn summary_example() -> Value;
}

/// The items of a kind, as they are read.
pub struct Items<K>(PhantomData<K>);

impl<K: Kind> Shelved for Items<K> {
    const NAME: &'static str = K::NAME;
    const SINGULAR: &'static str = K::SINGULAR;
    const ABOUT: &'static str = K::ABOUT;
    const PARENT: Option<&'static str> = None;
    const HAS_REVISIONS: bool = true;
    const OPEN: bool = K::OPEN;
    const FILTERS: &'static [Filter] = K::FILTERS;
    type Full = Served<K>;
    type Summary = Summary<K>;

    fn full_example() -> Value {
        let text = K::example().full(&example_place(K::SINGULAR), &ShownWith::default());
        text.ok().and_then(|text| serde_json::from_str(text.get()).ok()).unwrap_or_default()
    }

    fn summary_example() -> Value {
        let text = K::example().summary(&example_place(K::SINGULAR), &[]);
        text.ok().and_then(|text| serde_json::from_str(text.get()).ok()).unwrap_or_default()
    }
}

/// Where examples stand.
#[must_use]
pub fn example_place(kind: &'static str) -> Place {
    Place {
        id: Id::named(Id::from_bytes([0; 16]), kind),
        kind,
        revision: 1,
        published_at: Timestamp::from_micros(1_795_000_000_000_000),
        is_review_overdue: false,
    }
}

type Shared = web::Data<Catalogue>;
type Kept = web::Data<Records>;

/// What a route knows of the shelf that it reads from.
pub(super) struct ShelfRoute {
    pub(super) name: &'static str,
    /// [`Shelved::PARENT`]
    parent: Option<&'static str>,
    /// [`Shelved::FILTERS`]
    filters: &'static [Filter],
}

impl ShelfRoute {
    pub(super) fn of<S: Shelved>() -> web::Data<Self> {
        web::Data::new(Self { name: S::NAME, parent: S::PARENT, filters: S::FILTERS })
    }
}

pub(super) type OnShelf = web::Data<ShelfRoute>;

/// `GET /v1/{list}`
pub(super) async fn list(shelf: OnShelf, catalogue: Shared, records: Kept, asked: As<Reader, HttpRequest>) -> Answer {
    let As { caller: reader, input: request } = asked;
    let sight = records.sight_of(&reader).await?;
    shown_list(&shelf, &catalogue.snapshot(), &reader, &sight, &request)
}

/// `GET /v1/{list}` of what is open to everyone. No token is looked at, since looking needs a database; in the view that
/// suits everyone, so that a link leads nobody to what must not reach them.
pub(super) async fn open_list(shelf: OnShelf, catalogue: Shared, request: HttpRequest) -> Answer {
    shown_list(&shelf, &catalogue.snapshot(), &Reader(None), &Sight::of(View::NoOutreach), &request)
}

pub(super) fn shown_list(
    shelf: &ShelfRoute,
    snapshot: &Snapshot,
    reader: &Reader,
    sight: &Sight,
    request: &HttpRequest,
) -> Answer {
    let mut asked = Asked::read(request, shelf.name, shelf.parent, shelf.filters)?;
    asked.prefer(request.headers(), snapshot.shelf(sight.view, shelf.name));
    let page = sight.page(snapshot, shelf.name, asked);
    let mut response = page.answer.respond(request, reader);
    if let Some(next) = &page.next {
        let (name, value) = page::link_next(request, next);
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// `GET /v1/{list}/{id or slug}`
pub(super) async fn one(shelf: OnShelf, catalogue: Shared, records: Kept, asked: As<Reader, HttpRequest>) -> Answer {
    let As { caller: reader, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (sight, snapshot) = (records.sight_of(&reader).await?, catalogue.snapshot());
    let found = sight.find(&snapshot, shelf.name, request.match_info().query("key"));
    Ok(whole(&sight, &snapshot, found.ok_or_else(Problem::not_found)?, &request, &reader))
}

/// The whole of an entry, without what this reader must not meet in it.
pub(super) fn whole(
    sight: &Sight,
    snapshot: &Snapshot,
    entry: &Entry,
    request: &HttpRequest,
    reader: &Reader,
) -> HttpResponse {
    match sight.narrowed(snapshot, entry.full.json()) {
        Some(narrowed) => Rendered::new(narrowed).in_languages([entry.locale.as_str()]).respond(request, reader),
        None => entry.full.respond(request, reader),
    }
}

/// `GET /v1/{kind}/{id or slug}`, as it is or, for what is pinned to it, as an earlier publication said it.
pub(super) async fn item(shelf: OnShelf, catalogue: Shared, records: Kept, asked: As<Reader, HttpRequest>) -> Answer {
    let As { caller: reader, input: request } = asked;
    let sight = records.sight_of(&reader).await?;
    shown_item(&shelf, &catalogue, &reader, &sight, &request).await
}

/// The same of what is open to everyone, in the manner of [`open_list`].
pub(super) async fn open_item(shelf: OnShelf, catalogue: Shared, request: HttpRequest) -> Answer {
    shown_item(&shelf, &catalogue, &Reader(None), &Sight::of(View::NoOutreach), &request).await
}

async fn shown_item(
    shelf: &ShelfRoute,
    catalogue: &Catalogue,
    reader: &Reader,
    sight: &Sight,
    request: &HttpRequest,
) -> Answer {
    let snapshot = catalogue.snapshot();
    match found_item(shelf, &snapshot, sight, request)? {
        (found, Some(number)) => {
            let kind = *catalogue.kinds().named(shelf.name).ok_or_else(Problem::not_found)?;
            let earlier = earlier(catalogue, sight.view, kind, found.id, number).await?;
            let earlier = earlier.ok_or_else(Problem::not_found)?;
            let narrowed = sight.narrowed(&snapshot, earlier.json()).map(Rendered::new);
            let narrowed = narrowed.map(|narrowed| narrowed.in_languages([found.locale.as_str()]));
            Ok(narrowed.unwrap_or(earlier).respond(request, reader))
        }
        (found, None) => Ok(whole(sight, &snapshot, found, request, reader)),
    }
}

/// The item that is asked for, and the number of the earlier publication when one is wanted.
pub(super) fn found_item<'a>(
    shelf: &ShelfRoute,
    snapshot: &'a Snapshot,
    sight: &Sight,
    request: &HttpRequest,
) -> Result<(&'a Entry, Option<i64>), Problem> {
    #[derive(serde::Deserialize)]
    struct Options {
        revision: Option<i64>,
        lang: Option<String>,
    }
    let options: Options = query::parse(query::pairs(request)?)?;
    let wanted = Wanted::of(request.headers(), options.lang.as_deref());
    let key = request.match_info().query("key");
    let found = snapshot.shelf(sight.view, shelf.name).find_in(key, &wanted, options.lang.is_some());
    let found = found.filter(|entry| sight.opens(entry)).ok_or_else(Problem::not_found)?;
    Ok((found, options.revision.filter(|number| *number != found.revision)))
}

/// An earlier published state, if the view shows it. Its links are left out: they belong to the day it was written.
async fn earlier(
    catalogue: &Catalogue,
    view: View,
    kind: Registered,
    id: Id,
    revision: i64,
) -> Result<Option<Rendered>, Problem> {
    let found = move |connection: &mut Connection| {
        let publications = history::publications(connection, id)?;
        let Some((_, at)) = publications.into_iter().rev().find(|(known, _)| *known == revision) else {
            return Ok::<_, Problem>(None);
        };
        Ok(store::document(connection, id, revision)?.map(|text| (at, text)))
    };
    let Some((published_at, text)) = catalogue.database().read(found).await? else { return Ok(None) };
    let unshowable = |error: serde_json::Error| {
        tracing::error!(%id, revision, cause = %error, "a revision cannot be shown");
        Problem::new(Code::Internal)
    };
    let snapshot = catalogue.snapshot();
    let said = kind.open(&text).map_err(unshowable)?;
    let document = match said.on_day(snapshot.day()) {
        OnDay::Unchanged => said,
        OnDay::Changed(aged) => aged,
        OnDay::Over => return Ok(None),
    };
    if !view.shows(document.header()) {
        return Ok(None);
    }
    let is_review_overdue = document.header().review.is_overdue_on(snapshot.day());
    let place = Place { id, kind: kind.singular, revision, published_at, is_review_overdue };
    // Whatever was known when it was written, what guards it today travels with it.
    let guards = snapshot.guards(view, id);
    let narrowed = if view == View::NoOutreach { document.without_outreach() } else { None };
    let shown = narrowed.as_ref().unwrap_or(&document);
    let media = snapshot.pictures().beside(shown.header(), shown.references());
    let around = ShownWith { guards: &guards, media: &media, ..ShownWith::default() };
    let written = shown.full(&place, &around).map_err(unshowable)?;
    let rendered = Rendered::new(written.get().as_bytes().to_vec());
    Ok(Some(rendered.in_languages([document.header().locale.as_str()])))
}
