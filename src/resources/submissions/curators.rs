//! What curators do with submissions: read them, accept them as drafts, decline them.
//! Holds always: nobody but a curator gets here, and nothing here says whose a submission is.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;

use super::own::path_id;
use super::rows::{self, Row};
use super::shapes::{
    SubmissionAcceptance, SubmissionRefusal, SubmissionSummary, SubmissionSummaryPage, SubmissionToDecide,
};
use super::words::SubmissionStatus;
use super::{Submissions, deciding};
use crate::auth::{As, Curator};
use crate::catalogue::cursor;
use crate::database::{Connection, Id};
use crate::http::body::Json;
use crate::http::code::Code;
use crate::http::page::{self, PageQuery};
use crate::http::problem::{Answer, Problem};
use crate::http::{conditional, query};

type Engine = web::Data<Submissions>;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    status: Vec<SubmissionStatus>,
}

/// List submissions
///
/// The longest waiting first. Whose they are is not told.
#[utoipa::path(
    get,
    path = "/v1/admin/submissions",
    operation_id = "list_submissions_to_decide",
    tag = "curation",
    params(
        ("status" = Option<Vec<SubmissionStatus>>, Query, description = "Only these; repeat it for more.", max_items = 4, example = json!(["waiting"])),
        ("limit" = Option<u32>, Query, description = "How many the page may hold.", minimum = 1, maximum = 100, example = 20),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before.", max_length = 512, example = "AQx2"),
    ),
    responses(
        (status = 200, description = "One page.", body = SubmissionSummaryPage,
            headers(("Link" = String, description = "The next page, while there is one."))),
        (status = 409, description = "The operator has not opened it."),
    ),
    security(("bearer" = ["curator"])),
)]
#[get("/v1/admin/submissions")]
pub(super) async fn list_submissions_to_decide(engine: Engine, asked: As<Curator, HttpRequest>) -> Answer {
    let request = asked.input;
    engine.check_open()?;
    let mut pairs = query::pairs(&request)?;
    let (page, mut asked): (PageQuery, Asked) = (query::take(&mut pairs)?, query::take(&mut pairs)?);
    query::finish(&pairs)?;
    asked.status.sort_unstable();
    asked.status.dedup();
    let words = asked.status.iter().map(|status| status.as_str().as_bytes());
    let question: Vec<&[u8]> = std::iter::once(b"admin/submissions".as_slice()).chain(words).collect();
    let position = |text: String| {
        let bytes = cursor::read(&question, &text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Id::from_bytes).ok_or_else(|| Problem::new(Code::InvalidCursor))
    };
    let (after, limit) = (page.cursor.map(position).transpose()?, i64::from(page.limit.get()));
    let statuses = asked.status.clone();
    let read = move |conn: &mut Connection| rows::list_all(conn, &statuses, after, limit + 1).map_err(Problem::from);
    let mut found = engine.database.read(read).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let last = found.last().filter(|_| more);
    let next_cursor = last.map(|last| cursor::write(&question, last.id.as_bytes()));
    let items = found.iter().map(|row| engine.summary(row)).collect::<Result<_, _>>()?;
    let mut response = HttpResponse::Ok();
    if let Some(next) = &next_cursor {
        response.insert_header(page::link_next(&request, next));
    }
    Ok(response.json(SubmissionSummaryPage { items, next_cursor }))
}

/// Read a submission
#[utoipa::path(
    get,
    path = "/v1/admin/submissions/{id}",
    operation_id = "get_submission_to_decide",
    description = "The words and the pen name, and nothing of whose they are.",
    tag = "curation",
    params(
        ("id" = Id, Path, description = "The submission's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the state that the client has already.",
            max_length = 256, example = "\"3\""),
    ),
    responses(
        (status = 200, description = "The submission.", body = SubmissionToDecide),
        (status = 409, description = "The operator has not opened it."),
    ),
    security(("bearer" = ["curator"])),
)]
#[get("/v1/admin/submissions/{id}")]
pub(super) async fn get_submission_to_decide(engine: Engine, asked: As<Curator, HttpRequest>) -> Answer {
    let request = asked.input;
    engine.check_open()?;
    query::finish(&query::pairs(&request)?)?;
    let id = path_id(&request)?;
    let read = move |conn: &mut Connection| rows::any(conn, id).map_err(Problem::from);
    let row = engine.database.read(read).await?.ok_or_else(Problem::not_found)?;
    let etag = conditional::etag(row.version);
    if conditional::if_none_match(&request, &etag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    engine.answer(&row)
}

/// Accept a submission
///
/// Makes a draft of kind `stories` with the words, the pen name and a link to what it speaks of. From there it goes the way
/// of every draft: the curator writes the summary, the stance, whom it is wrong for and the rest; somebody else approves
/// it; publishing shows it to readers. The draft's words may be shortened and made safe; the submission stays as it was.
#[utoipa::path(
    post,
    path = "/v1/admin/submissions/{id}/accept",
    operation_id = "accept_submission",
    tag = "curation",
    params(
        ("id" = Id, Path, description = "The submission's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
        ("If-Match" = String, Header, description = "The ETag of the version that this changes.", max_length = 64, example = "\"3\""),
    ),
    request_body(content = SubmissionAcceptance, description = "What the draft is called.",
        example = json!({"slug": "letters-in-a-drawer", "title": "Letters in a drawer"})),
    responses(
        (status = 200, description = "The submission with its item.", body = SubmissionToDecide),
        (status = 409, description = "Closed, not waiting any more, or another story has this slug."),
    ),
    security(("bearer" = ["curator"])),
)]
#[post("/v1/admin/submissions/{id}/accept")]
pub(super) async fn accept_submission(
    engine: Engine,
    asked: As<Curator, (HttpRequest, Json<SubmissionAcceptance>)>,
) -> Answer {
    let As { caller: Curator(curator), input: (request, Json(called)) } = asked;
    let accept =
        move |inside: &Submissions, conn: &mut Connection, row| deciding::accept(inside, conn, &curator, row, &called);
    engine.decide(&request, accept).await
}

/// Decline a submission
///
/// Its writer reads the reason and the note, and who declined it is not told. One that was accepted can be declined as long
/// as its draft was never published; the draft goes.
#[utoipa::path(
    post,
    path = "/v1/admin/submissions/{id}/decline",
    operation_id = "decline_submission",
    tag = "curation",
    params(
        ("id" = Id, Path, description = "The submission's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
        ("If-Match" = String, Header, description = "The ETag of the version that this changes.", max_length = 64, example = "\"3\""),
    ),
    request_body(content = SubmissionRefusal, description = "Why, and a kind word.",
        example = json!({"reason": "names_somebody", "note": "Thank you for trusting us with this. Without the two names we would gladly read it again."})),
    responses(
        (status = 200, description = "The submission as it is now.", body = SubmissionToDecide),
        (status = 409, description = "Closed, decided already, or published."),
    ),
    security(("bearer" = ["curator"])),
)]
#[post("/v1/admin/submissions/{id}/decline")]
pub(super) async fn decline_submission(
    engine: Engine,
    asked: As<Curator, (HttpRequest, Json<SubmissionRefusal>)>,
) -> Answer {
    let As { caller: Curator(curator), input: (request, Json(refusal)) } = asked;
    let decline = move |inside: &Submissions, conn: &mut Connection, row| {
        deciding::decline(inside, conn, &curator, row, &refusal)
    };
    engine.decide(&request, decline).await
}

impl Submissions {
    /// A curator's decision, on the version that they saw, while submissions are open.
    async fn decide(
        &self,
        request: &HttpRequest,
        decision: impl FnOnce(&Self, &mut Connection, Row) -> Result<Row, Problem> + Send + 'static,
    ) -> Answer {
        self.check_open()?;
        query::finish(&query::pairs(request)?)?;
        let (id, if_match) = (path_id(request)?, conditional::required(request)?);
        let inside = self.clone();
        let job = move |conn: &mut Connection| {
            let row = rows::locked(conn, id)?.ok_or_else(Problem::not_found)?;
            if_match.check(row.version)?;
            decision(&inside, conn, row)
        };
        self.answer(&self.database.write(job).await?)
    }

    fn answer(&self, row: &Row) -> Answer {
        let shown = self.to_decide(row)?;
        Ok(HttpResponse::Ok().insert_header((header::ETAG, conditional::etag(row.version))).json(shown))
    }

    fn summary(&self, row: &Row) -> Result<SubmissionSummary, Problem> {
        let shown = self.to_decide(row)?;
        Ok(SubmissionSummary {
            id: shown.id,
            version: shown.version,
            status: shown.status,
            form: shown.form,
            title: shown.title,
            pen_name: shown.pen_name,
            language: shown.language,
            received_on: shown.received_on,
            item_id: shown.item_id,
        })
    }

    /// The submission as curators see it.
    fn to_decide(&self, row: &Row) -> Result<SubmissionToDecide, Problem> {
        let content = row.content(&self.ring)?;
        let content = content.as_ref();
        Ok(SubmissionToDecide {
            id: row.id,
            version: row.version,
            status: row.status(),
            form: content.map(|said| said.form),
            title: content.and_then(|said| said.title.clone()),
            text: content.map(|said| said.text.clone()),
            pen_name: content.and_then(|said| said.pen_name.clone()),
            language: content.map(|said| said.language.clone()),
            about_item_id: content.and_then(|said| said.about_item_id),
            consent_edition: row.consent_edition,
            reason: row.reason.as_deref().and_then(|word| word.parse().ok()),
            note: row.note(&self.ring)?,
            received_on: row.created_at.to_utc().date_naive(),
            item_id: row.item_id,
        })
    }
}
