//! Imports and exports over HTTP, for curators.
//! Holds always: an import is done whole or not at all; a dry run changes nothing and tells the same.

mod operations;
pub mod routes;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::apply::Work;
use super::export::{self, ExportError, Wanted};
use super::report::{self, Address, ImportReport, MAX_ITEMS};
use super::{Format, Unwritable};
use crate::auth::{As, Curator};
use crate::catalogue::Catalogue;
use crate::catalogue::checking::{Item, check, sorted};
use crate::catalogue::curating::unwritable;
use crate::catalogue::files::{Finding, Written};
use crate::catalogue::kinds::{Kinds, Stage};
use crate::catalogue::vocabulary::ItemStatus;
use crate::config::Limits;
use crate::database::{Connection, Failure};
use crate::http::body::{Accepts, Bulk};
use crate::http::code::Code;
use crate::http::idempotency::{KeptAnswer, Key};
use crate::http::problem::{Answer, Problem};
use crate::http::query;

type Shared = web::Data<Catalogue>;

/// Faults that are about what is there, not about what was sent.
const CONFLICTS: &[&str] = &["needs_base", "version_mismatch", "no_such_way"];

/// The bodies of imports.
pub(super) struct Content;

impl Accepts for Content {
    const MEDIA: &'static [&'static str] =
        &["application/jsonl", "application/x-ndjson", "text/csv", "application/x-tar"];
}

#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default)]
    dry_run: bool,
    #[serde(default)]
    publish: bool,
}

/// Why an import ends without a change.
enum Undone {
    /// It was only to be tried.
    Tried(ImportReport),
    Refused(Problem),
}

impl From<Problem> for Undone {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<Failure> for Undone {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure.into())
    }
}

/// `POST /v1/admin/imports`
async fn import(catalogue: Shared, asked: As<Curator, (HttpRequest, Bulk<Content>)>) -> Answer {
    let As { caller: Curator(curator), input: (request, body) } = asked;
    let wish: Wish = query::parse(query::pairs(&request)?)?;
    if wish.publish && catalogue.settings().two_person {
        let detail = "Who imports is the author, and whoever wrote a revision does not approve it: import drafts.";
        return Err(Problem::new(Code::Conflict).at("?publish", "own_revision", detail));
    }
    let idempotency = catalogue.idempotency().clone();
    let request_hash = idempotency.request_hash(curator.account, &request, &body.bytes);
    let key = Key::from_request(&request)?.filter(|_| !wish.dry_run);
    let (kinds, now) = (catalogue.kinds().clone(), catalogue.database().clock().now());
    let known = kinds.clone();
    let checked = web::block(move || Checked::of(&known, &body, wish.publish));
    let Checked { read, items, findings } = checked.await.map_err(|_panic| Problem::new(Code::Internal))?;
    let job = move |connection: &mut Connection| {
        if let Some(key) = &key
            && let Some(answer) = idempotency.find(connection, curator.account, key, &request_hash)?
        {
            return Ok((answer, true));
        }
        let work = Work { kinds: &kinds, curator: curator.account, publish: wish.publish && findings.is_empty(), now };
        let (done, more) = work.run(connection, &items)?;
        let findings = sorted(findings.into_iter().chain(more).collect());
        let report = ImportReport::of(read, &done, &findings, wish.dry_run);
        if wish.dry_run {
            return Err(Undone::Tried(report));
        }
        if !findings.is_empty() {
            return Err(refusal(&findings).into());
        }
        let answer = KeptAnswer { status: 200, etag: None, location: None, body: json(&report)? };
        if let Some(key) = &key {
            idempotency.keep(connection, curator.account, key, &request_hash, &answer)?;
        }
        Ok((answer, false))
    };
    match catalogue.database().write(job).await {
        Ok((answer, replayed)) => {
            if wish.publish && !replayed {
                catalogue.refresh_soon().await;
            }
            Ok(answer.to_response(replayed))
        }
        Err(Undone::Tried(report)) => Ok(HttpResponse::Ok().json(report)),
        Err(Undone::Refused(problem)) => Err(problem),
    }
}

fn json(report: &ImportReport) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(report).map_err(unwritable)
}

/// A body that was read and held to the rules.
struct Checked {
    read: Vec<Address>,
    items: Vec<Item>,
    findings: Vec<Finding>,
}

impl Checked {
    fn of(kinds: &Kinds, body: &Bulk<Content>, publish: bool) -> Self {
        let format = Format::of_media(&body.media).unwrap_or(Format::Jsonl);
        let (written, mut findings) = super::read(kinds, format, "", &body.bytes);
        if written.len() > MAX_ITEMS {
            let detail = format!("At most {MAX_ITEMS} items in one import.");
            return Self {
                read: Vec::new(),
                items: Vec::new(),
                findings: vec![Finding::at("", 1, "too_many", detail)],
            };
        }
        if written.is_empty() && findings.is_empty() {
            findings.push(Finding::at("", 1, "empty", "The body holds no item."));
        }
        let address = |item: &Written| (item.kind.singular, item.locale.clone(), item.slug.clone());
        let read = written.iter().map(address).collect();
        let (items, findings) = check(written, findings, if publish { Stage::Published } else { Stage::Draft });
        Self { read, items, findings }
    }
}

/// Nothing was imported: 409 when all that is wrong is about what is there, else 422.
fn refusal(findings: &[Finding]) -> Problem {
    let is_conflict = findings.iter().all(|finding| CONFLICTS.contains(&finding.rule));
    let code = if is_conflict { Code::Conflict } else { Code::InvalidContent };
    let detail = format!("Nothing was imported: {} faults.", findings.len());
    Problem::new(code).detail(detail).faults(findings.iter().map(report::fault))
}

#[derive(Debug, Deserialize)]
struct Choice {
    format: Option<String>,
    #[serde(default)]
    kind: Vec<String>,
    #[serde(default)]
    locale: Vec<String>,
    #[serde(default)]
    status: Vec<ItemStatus>,
    #[serde(default)]
    published: bool,
    base: Option<bool>,
}

/// `GET /v1/admin/exports`
async fn export(catalogue: Shared, limits: web::Data<Limits>, asked: As<Curator, HttpRequest>) -> Answer {
    let choice: Choice = query::parse(query::pairs(&asked.input)?)?;
    let refuse = |name: &str, detail: &str| Problem::new(Code::InvalidQuery).at(name, "wrong_value", detail);
    let Some(format) = Format::named(choice.format.as_deref().unwrap_or("jsonl")) else {
        return Err(refuse("?format", "One of files, jsonl and csv."));
    };
    let kinds = catalogue.kinds().clone();
    if choice.kind.iter().any(|name| kinds.named(name).is_none()) {
        return Err(refuse("?kind", "There is no such kind."));
    }
    if format == Format::Csv && choice.kind.len() != 1 {
        return Err(refuse("?kind", "A table holds items of one kind; say which."));
    }
    let wanted = Wanted {
        kinds: choice.kind,
        locales: choice.locale,
        statuses: choice.status,
        published: choice.published,
        with_base: choice.base.unwrap_or(true),
    };
    let read = move |connection: &mut Connection| {
        let items = export::items(connection, &kinds, &wanted)?;
        Ok::<_, ExportError>(super::write(format, &items)?)
    };
    let bytes = catalogue.database().read(read).await.map_err(problem)?;
    if bytes.len() > limits.import_bytes {
        return Err(refuse("?kind", "The export is larger than an import may be: ask for fewer kinds or languages."));
    }
    let name = format!("attachment; filename=\"mend-content.{}\"", format.extension());
    let name = HeaderValue::try_from(name).map_err(|_odd| Problem::new(Code::Internal))?;
    Ok(HttpResponse::Ok().content_type(format.media()).insert_header((header::CONTENT_DISPOSITION, name)).body(bytes))
}

fn problem(error: ExportError) -> Problem {
    match error {
        ExportError::Database(failure) => failure.into(),
        ExportError::Unwritable(Unwritable::SeveralKinds | Unwritable::Broken(_)) => {
            tracing::error!(cause = %error, "the content cannot be exported");
            Problem::new(Code::Internal)
        }
    }
}
