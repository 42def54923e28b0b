//! `GET /v1/search`: the route, and the operation in the document.
//! Holds always: what is searched for is written to no log; the reader's view is settled before anything is looked up.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{HttpRequest, web};
use serde_json::json;
use tokio::sync::Semaphore;
use utoipa::ToSchema as _;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, PathItem, Paths, PathsBuilder};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
use utoipa_actix_web::OpenApiFactory;

use super::Question;
use super::hit::SearchHit;
use super::question::MOST_LETTERS;
use crate::auth::{As, Reader};
use crate::catalogue::Catalogue;
use crate::catalogue::facets::FACETS;
use crate::catalogue::operations::{cursor, facet_parameter, lang, limit, linked, locale, text};
use crate::catalogue::rendered::Rendered;
use crate::catalogue::schema::{self, Schemas};
use crate::database::{Id, Timestamp};
use crate::http::code::Code;
use crate::http::mount::Mount;
use crate::http::openapi::{bearer, if_none_match, query_parameter};
use crate::http::problem::{Answer, Problem};
use crate::http::{fallback, page};
use crate::records::Records;

/// How long a question waits while others are looked up.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many questions are looked up at the same time.
pub(in crate::catalogue) fn places() -> Arc<Semaphore> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Arc::new(Semaphore::new(cores.max(2)))
}

/// Mounts search.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(Search);
}

async fn search(
    catalogue: web::Data<Catalogue>,
    records: web::Data<Records>,
    asked: As<Reader, HttpRequest>,
) -> Answer {
    let As { caller: reader, input: request } = asked;
    let mut question = Question::read(&request, catalogue.kinds())?;
    let (sight, snapshot) = (records.sight_of(&reader).await?, catalogue.snapshot());
    let overloaded = || Problem::new(Code::Overloaded).retry_after(1);
    let place = tokio::time::timeout(PATIENCE, Arc::clone(&catalogue.shared.searching).acquire_owned()).await;
    let place = place.ok().and_then(Result::ok).ok_or_else(overloaded)?;
    let headers = request.headers().clone();
    let looked_up = web::block(move || {
        // The work owns its place, since it goes on when its caller has hung up.
        let _place = place;
        let index = snapshot.index().ok_or_else(|| "no index could be built".to_owned())?;
        question.prefer(&headers, index);
        let found = index.find(&sight, &snapshot, &question).map_err(|error| error.to_string())?;
        let body = serde_json::to_vec(&found).map_err(|error| error.to_string())?;
        let languages = found.items.iter().map(|hit| hit.locale.as_str());
        let answer = Rendered::new(body).in_languages(languages);
        Ok::<_, String>((answer, found.next_cursor))
    });
    let failed = |cause: String| {
        tracing::error!(cause, "the catalogue cannot be searched");
        Problem::new(Code::Internal)
    };
    let (answer, next) = looked_up.await.map_err(|error| failed(error.to_string()))?.map_err(failed)?;
    let mut response = answer.respond(&request, &reader);
    if let Some(next) = next {
        let (name, value) = page::link_next(&request, &next);
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

struct Search;

impl HttpServiceFactory for Search {
    fn register(self, config: &mut AppService) {
        web::resource("/v1/search").get(search).default_service(web::to(fallback::answer)).register(config);
    }
}

impl OpenApiFactory for Search {
    fn paths(&self) -> Paths {
        PathsBuilder::new().path("/v1/search", PathItem::new(HttpMethod::Get, operation())).build()
    }

    fn schemas(&self, schemas: &mut Schemas) {
        schema::add::<SearchHit>(schemas);
        schema::add::<Id>(schemas);
        schema::add::<Timestamp>(schemas);
        schemas.push((
            "SearchPage".into(),
            schema::page(&SearchHit::name(), "One page of what was found, the best first."),
        ));
    }
}

const ABOUT: &str = "\
Finds items of every kind, and parts such as steps, by words and facets. All words count, in title, summary and text: the \
best is a title with the words as they were typed, then the summary, then the text; after that other endings (English), words \
that begin with the last one typed, words a slip of the hand away, and last what has all words but one. Accents and case do \
not matter, small words such as *the* are passed over, and the first eight words count. Without `q` it lists whatever fits \
the facets, by title. An item that is there in several languages is found in the one that is wanted, unless `locale` asks \
for others. What is found is marked in pieces of plain text. What is withheld from the \
caller, or what they hid, is never found.";

fn operation() -> Operation {
    let words = "What to look for; plain words without operators.";
    let kinds = ArrayBuilder::new().items(text(1, 40)).max_items(Some(40));
    let mut operation = OperationBuilder::new()
        .operation_id(Some("search_catalogue"))
        .summary(Some("Search the published catalogue"))
        .description(Some(ABOUT))
        .tag("search")
        .security(bearer(&[]))
        .parameter(query_parameter("q", words, text(1, MOST_LETTERS), json!("saying no")))
        .parameter(query_parameter("kind", "Only these kinds, singular.", kinds, json!(["tip", "step"])))
        .parameter(limit())
        .parameter(cursor())
        .parameter(locale())
        .parameter(lang());
    for facet in FACETS.iter() {
        operation = operation.parameter(facet_parameter(facet));
    }
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("SearchPage"))).build();
    let answer = ResponseBuilder::new().description("One page.").content("application/json", content).build();
    operation.parameter(if_none_match()).response("200", linked(answer)).build()
}
