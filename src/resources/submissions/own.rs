//! What a person does with what they hand over: hand it over, see what became of it, take it back.
//! Holds always: only its writer gets at it here, whatever the operator opened or closed since.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};

use super::rows::{self, Row};
use super::shapes::{HELP, PublishedStory, Submission, SubmissionInput, SubmissionPage};
use super::{Submissions, removal};
use crate::auth::{As, Caller};
use crate::catalogue::{Sight, View};
use crate::database::{Connection, Id};
use crate::http::body::Raw;
use crate::http::code::Code;
use crate::http::idempotency::{KeptAnswer, Key};
use crate::http::page::{self, PageQuery};
use crate::http::problem::{Answer, Problem};
use crate::http::{input, query};
use crate::records::Records;

type Engine = web::Data<Submissions>;

/// List what one has handed over
///
/// The newest first, each with what became of it.
#[utoipa::path(
    get,
    path = "/v1/submissions",
    operation_id = "list_submissions",
    tag = "submissions",
    params(
        ("limit" = Option<u32>, Query, description = "How many the page may hold.", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before.", max_length = 512, example = "AQx2"),
    ),
    responses((status = 200, description = "One page.", body = SubmissionPage,
        headers(("Link" = String, description = "The next page, while there is one.")))),
    security(("bearer" = [])),
)]
#[get("/v1/submissions")]
pub(super) async fn list_submissions(
    engine: Engine,
    records: web::Data<Records>,
    asked: As<Caller, HttpRequest>,
) -> Answer {
    const ROUTE: &str = "/v1/submissions";
    let As { caller, input: request } = asked;
    let PageQuery { limit, cursor } = query::parse(query::pairs(&request)?)?;
    let open = |text: String| {
        let position = engine.cursors.open(caller.account, ROUTE, b"", &text)?;
        let position = position.try_into().map_err(|_other| Problem::new(Code::InvalidCursor))?;
        Ok::<_, Problem>(Id::from_bytes(position))
    };
    let (account, before, limit) = (caller.account, cursor.map(open).transpose()?, i64::from(limit.get()));
    let read = move |conn: &mut Connection| rows::list_own(conn, account, before, limit + 1).map_err(Problem::from);
    let mut found = engine.database.read(read).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let last = found.last().filter(|_| more);
    let next_cursor = last.map(|last| engine.cursors.seal(account, ROUTE, b"", last.id.as_bytes()));
    let sight = records.sight(&caller).await?;
    let items = found.iter().map(|row| engine.told(row, &sight)).collect::<Result<_, _>>()?;
    let mut response = HttpResponse::Ok();
    if let Some(next) = &next_cursor {
        response.insert_header(page::link_next(&request, next));
    }
    Ok(response.json(SubmissionPage { items, next_cursor }))
}

/// Hand over a story, a comment or a review
///
/// Curators read it; they see the words and the pen name, never an address or an account. Nothing is public before one
/// curator has made a draft of it and another one has agreed to publish that. The consent names the edition of the
/// disclaimer about `submissions` that its writer has read. `help` in the answer leads to people who answer now.
///
/// Closed (`submissions_closed`) unless the operator has opened it.
#[utoipa::path(
    post,
    path = "/v1/submissions",
    operation_id = "create_submission",
    tag = "submissions",
    params(("Idempotency-Key" = Option<String>, Header, description = "A random text, the same for each repetition of this request within 24 hours.",
        min_length = 1, max_length = 255, example = "0b6f0f4e-8a3e-4c8e-9a57-0c1f6f2b7d11")),
    request_body(content = SubmissionInput, description = "The words, and what the writer agrees to.", example = json!({
        "form": "story", "title": "Letters in a drawer", "text": "For a year I wrote her letters that I did not send.",
        "pen_name": "R., fifty-one", "language": "en",
        "consent": {"edition": 1, "curators_may_read": true, "may_be_published": true}})),
    responses(
        (status = 201, description = "It waits for curators.", body = Submission),
        (status = 409, description = "Closed, or as many as may wait do so already."),
    ),
    security(("bearer" = [])),
)]
#[post("/v1/submissions")]
pub(super) async fn create_submission(
    engine: Engine,
    records: web::Data<Records>,
    asked: As<Caller, (HttpRequest, Raw)>,
) -> Answer {
    let As { caller, input: (request, Raw(body)) } = asked;
    engine.check_open()?;
    query::finish(&query::pairs(&request)?)?;
    let key = Key::from_request(&request)?;
    let hash = engine.idempotency.request_hash(caller.account, &request, &body);
    let sight = records.sight(&caller).await?;
    let sent: SubmissionInput = input::read(&body)?;
    let row = engine.row(&caller, &sight, sent)?;
    let inside = engine.get_ref().clone();
    let job = move |conn: &mut Connection| {
        if let Some(key) = &key
            && let Some(answer) = inside.idempotency.find(conn, caller.account, key, &hash)?
        {
            return Ok((answer, true));
        }
        inside.add(conn, &row)?;
        let answer = inside.handed_over(&row, &sight)?;
        if let Some(key) = &key {
            inside.idempotency.keep(conn, caller.account, key, &hash, &answer)?;
        }
        Ok::<_, Problem>((answer, false))
    };
    let (answer, replayed) = engine.database.write(job).await?;
    Ok(answer.to_response(replayed))
}

/// Read one of one's own submissions
#[utoipa::path(
    get,
    path = "/v1/submissions/{id}",
    operation_id = "get_submission",
    description = "With what became of it, and what readers see of it.",
    tag = "submissions",
    params(
        ("id" = Id, Path, description = "The submission's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
    ),
    responses((status = 200, description = "The submission.", body = Submission)),
    security(("bearer" = [])),
)]
#[get("/v1/submissions/{id}")]
pub(super) async fn get_submission(
    engine: Engine,
    records: web::Data<Records>,
    asked: As<Caller, HttpRequest>,
) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (account, id) = (caller.account, path_id(&request)?);
    let read = move |conn: &mut Connection| rows::own(conn, account, id).map_err(Problem::from);
    let row = engine.database.read(read).await?.ok_or_else(Problem::not_found)?;
    let told = engine.told(&row, &records.sight(&caller).await?)?;
    Ok(HttpResponse::Ok().json(told))
}

/// Take a submission back
///
/// At any time and without a reason. Its words are erased; what was published of it leaves every list at once, and no
/// earlier revision says it any more. That there was a submission is forgotten after 30 days. It names no version, since
/// nothing that curators do meanwhile may stand in the way; taking it back twice does no harm.
#[utoipa::path(
    delete,
    path = "/v1/submissions/{id}",
    operation_id = "withdraw_submission",
    tag = "submissions",
    params(("id" = Id, Path, description = "The submission's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f")),
    responses((status = 204, description = "Taken back.")),
    security(("bearer" = [])),
)]
#[delete("/v1/submissions/{id}")]
pub(super) async fn withdraw_submission(engine: Engine, asked: As<Caller, HttpRequest>) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (whose, now) = ((caller.account, path_id(&request)?), engine.database.clock().now());
    let kinds = engine.catalogue.kinds().clone();
    let job = move |conn: &mut Connection| removal::withdraw(conn, &kinds, whose, now);
    if engine.database.write(job).await? {
        engine.catalogue.refresh_soon().await;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// The id in the path; what is no id names nothing.
pub(super) fn path_id(request: &HttpRequest) -> Result<Id, Problem> {
    request.match_info().query("id").parse().map_err(|_no_id| Problem::not_found())
}

impl Submissions {
    fn handed_over(&self, row: &Row, sight: &Sight) -> Result<KeptAnswer, Problem> {
        let body = serde_json::to_vec(&self.told(row, sight)?).map_err(|cause| super::unreadable(&cause))?;
        let location = format!("/v1/submissions/{}", row.id);
        Ok(KeptAnswer { status: 201, etag: None, location: Some(location), body })
    }

    /// The submission as its writer sees it.
    fn told(&self, row: &Row, sight: &Sight) -> Result<Submission, Problem> {
        let (content, note) = (row.content(&self.ring)?, row.note(&self.ring)?);
        let snapshot = self.catalogue.snapshot();
        let published = row.item_id.and_then(|id| Some(snapshot.entry(View::Everything, id)?.1));
        let shown = published.filter(|entry| snapshot.entry(sight.view, entry.id).is_some());
        let item =
            shown.map(|entry| PublishedStory { id: entry.id, slug: entry.slug.clone(), title: entry.title.clone() });
        let content = content.as_ref();
        Ok(Submission {
            id: row.id,
            version: row.version,
            status: row.status(),
            is_published: published.is_some(),
            item,
            form: content.map(|said| said.form),
            title: content.and_then(|said| said.title.clone()),
            text: content.map(|said| said.text.clone()),
            pen_name: content.and_then(|said| said.pen_name.clone()),
            language: content.map(|said| said.language.clone()),
            about_item_id: content.and_then(|said| said.about_item_id),
            consent_edition: row.consent_edition,
            reason: row.reason.as_deref().and_then(|word| word.parse().ok()),
            note,
            created_at: row.created_at,
            updated_at: row.updated_at,
            kept_until: row.ended_at.map(|ended| ended.plus(removal::KEPT_FOR)),
            help: HELP,
        })
    }
}
