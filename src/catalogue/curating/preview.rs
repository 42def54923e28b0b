//! Links that show one state of an item to somebody without an account: a translator, a reviewer, a friend with a credential.
//! Holds always: only a curator makes one; what it shows is read only and kept in no cache.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{OfKind, Shared, path_id};
use crate::auth::{As, Curator};
use crate::catalogue::any_document::{AnyDocument, ShownWith};
use crate::catalogue::document::Link;
use crate::catalogue::kind::Place;
use crate::catalogue::kinds::Kinds;
use crate::catalogue::previews::{Preview, PreviewInput, PreviewLink, Shown, USUAL_LIFE};
use crate::catalogue::{Snapshot, View, store};
use crate::config;
use crate::database::{Connection, Id};
use crate::http::body::Json;
use crate::http::problem::{Answer, Problem};
use crate::http::query;

/// `POST /v1/admin/{kind}/{id}/previews`
pub(super) async fn create(
    kind: OfKind,
    catalogue: Shared,
    asked: As<Curator, (HttpRequest, Json<PreviewInput>)>,
) -> Answer {
    let (request, Json(wish)) = asked.input;
    query::finish(&query::pairs(&request)?)?;
    let id = path_id(&request)?;
    let read = move |connection: &mut Connection| {
        let item = store::find(connection, kind.name, id)?.ok_or_else(Problem::not_found)?;
        let revision = wish.revision.unwrap_or(item.latest_revision);
        let known = (1..=item.latest_revision).contains(&revision);
        if known {
            Ok(revision)
        } else {
            Err(Problem::invalid("/revision", "unknown_revision", "There is no such one."))
        }
    };
    let revision = catalogue.database().read(read).await?;
    let life = wish.expires_in_seconds.map_or(USUAL_LIFE, |seconds| std::time::Duration::from_secs(seconds.into()));
    let expires_at = catalogue.database().clock().now().plus(life);
    let token = catalogue.previews().write(&Shown { item: id, revision, expires_at });
    let server = request.app_data::<web::Data<config::Server>>();
    let base = server.and_then(|server| server.public_url.as_deref()).unwrap_or_default();
    let link = PreviewLink { url: format!("{base}/v1/previews/{token}"), revision, expires_at };
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(link))
}

/// Read what a preview link shows
///
/// Exactly the one state that the link was made for, until it ends; no account is needed, and nothing is kept of the visit.
#[utoipa::path(
    get,
    path = "/v1/previews/{preview}",
    operation_id = "get_preview",
    tag = "curation",
    params(("preview" = String, Path, description = "The end of the link.", max_length = 128, example = "AZgKXH4bekSdPlsMbx0uPw")),
    responses((status = 200, description = "The state.", body = Preview, example = json!({
        "revision": 3, "is_published": false, "expires_at": "2026-05-10T18:30:00.000000Z", "item": {"title": "A calm no"},
    }))),
    security(())
)]
#[get("/v1/previews/{preview}")]
pub(crate) async fn get_preview(catalogue: Shared, request: HttpRequest) -> Answer {
    query::finish(&query::pairs(&request)?)?;
    let now = catalogue.database().clock().now();
    let shown = catalogue.previews().read(request.match_info().query("preview"), now).ok_or_else(Problem::not_found)?;
    let (kinds, snapshot) = (catalogue.kinds().clone(), catalogue.snapshot());
    let read = move |connection: &mut Connection| {
        let item = store::find_any(connection, shown.item)?.ok_or_else(Problem::not_found)?;
        let kind = *kinds.named(&item.kind).ok_or_else(Problem::not_found)?;
        let text = store::document(connection, item.id, shown.revision)?.ok_or_else(Problem::not_found)?;
        let document = kind.open(&text).map_err(super::unwritable)?;
        let published_at = item.published_at.unwrap_or(now);
        let is_review_overdue = document.header().review.is_overdue_on(snapshot.day());
        let place =
            Place { id: item.id, kind: kind.singular, revision: shown.revision, published_at, is_review_overdue };
        let links = links(&kinds, &snapshot, document.as_ref());
        let guards = snapshot.guards(View::Everything, item.id);
        let media = snapshot.pictures().beside(document.header(), document.references());
        let around = ShownWith { links: &links, guards: &guards, media: &media };
        let written = document.full(&place, &around).map_err(super::unwritable)?;
        let is_published = item.published_revision == Some(shown.revision);
        Ok::<_, Problem>((is_published, serde_json::from_str(written.get()).map_err(super::unwritable)?))
    };
    let (is_published, item) = catalogue.database().read(read).await?;
    let preview = Preview { revision: shown.revision, is_published, expires_at: shown.expires_at, item };
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header(("X-Robots-Tag", HeaderValue::from_static("noindex")));
    response.insert_header((header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")));
    Ok(response.json(preview))
}

/// The links as readers would see them now.
fn links(kinds: &Kinds, snapshot: &Snapshot, document: &dyn AnyDocument) -> Vec<Link> {
    let found = |kind: &str, slug: &str| -> Option<(Id, String)> {
        let name = kinds.linked(kind)?.name;
        let entry = snapshot.shelf(View::Everything, name).at(slug, &document.header().locale)?;
        Some((entry.id, entry.title.clone()))
    };
    let links = document.references().links.iter();
    let link = |link: &crate::catalogue::document::LinkTarget| {
        let (id, title) = found(&link.kind, &link.slug)?;
        Some(Link { meaning: link.meaning, kind: link.kind.clone(), id, slug: link.slug.clone(), title })
    };
    links.filter_map(link).collect()
}
