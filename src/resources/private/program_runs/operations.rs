//! The operations that program runs have beside those of every record: setting a step.
//! Holds always: a step is set in the run's own document, under its version, so no answer on another device is lost.

use actix_web::{HttpRequest, HttpResponse, get, put, web};

use crate::auth::{As, Caller};
use crate::catalogue::Catalogue;
use crate::database::Id;
use crate::http::body::Json;
use crate::http::mount::Mount;
use crate::http::problem::{Answer, Problem};
use crate::http::{conditional, query};
use crate::records::Records;
use crate::resources::curated::programs::Program;
use crate::resources::private::relationships::Relationship;
use crate::resources::questions::Question;

use super::next::RunNext;
use super::{ProgramRun, StepInput};

/// Adds the operations of program runs that other records do not have.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(replace_program_run_step).service(get_program_run_next);
}

/// Set a step of a run
///
/// How far it has come, a note, an answer to its exercise (C2, C5). Every state can follow every other, in any order of
/// steps. What is absent is cleared. A step that the run's revision of the program does not have is 404.
#[utoipa::path(
    put,
    path = "/v1/program-runs/{id}/steps/{step_id}",
    operation_id = "replace_program_run_step",
    tag = "program-runs",
    params(
        ("id" = Id, Path, description = "The run's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
        ("step_id" = Id, Path, description = "The step's id, one of the run's `steps`.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"),
        ("If-Match" = String, Header, description = "The ETag of the version that this changes.", max_length = 64, example = "\"3\""),
    ),
    request_body(
        content = StepInput,
        description = "What the step is set to.",
        example = json!({"state": "done", "note": "It was easier in the morning."}),
    ),
    responses((
        status = 200,
        description = "The whole run as it is now.",
        body = ref("#/components/schemas/ProgramRun"),
        content_type = "application/json",
    )),
    security(("bearer" = [])),
)]
#[put("/v1/program-runs/{id}/steps/{step_id}")]
async fn replace_program_run_step(
    records: web::Data<Records>,
    catalogue: web::Data<Catalogue>,
    asked: As<Caller, (HttpRequest, Json<StepInput>)>,
) -> Answer {
    let As { caller, input: (request, Json(step)) } = asked;
    query::finish(&query::pairs(&request)?)?;
    let (id, step_id) = (path_id(&request, "id")?, path_id(&request, "step_id")?);
    let if_match = conditional::required(&request)?;
    step.check()?;
    step.check_against(&questions(&records, &catalogue, &caller, id, step_id).await?)?;
    records.change::<ProgramRun>(&caller, id, if_match, |run, around| run.with_step(step_id, step, around.now)).await
}

/// The questions of the step as the run's revision of its program has them; a run's program and revision never change.
///
/// # Errors
/// 404 when the run or the step is not there; database failures.
async fn questions(
    records: &Records,
    catalogue: &Catalogue,
    caller: &Caller,
    run: Id,
    step: Id,
) -> Result<Vec<Question>, Problem> {
    let run: ProgramRun = records.read(caller, run).await?;
    let program = catalogue.revision::<Program>(run.program_id, run.program_revision).await?;
    let found = program.as_ref().and_then(|program| program.own.steps.iter().find(|known| known.id == step));
    let exercise = found.ok_or_else(Problem::not_found)?.exercise.as_ref();
    Ok(exercise.map(|exercise| exercise.questions.clone()).unwrap_or_default())
}

/// Where a run stands
///
/// The step that comes next, along the program's branches: by what was answered, by the goal and the contact of the
/// relationship that the run is about, by what is known of harm. No step that is withheld or hidden; a step that was left out
/// counts like one that was done. When there is nothing more to do, what it may have come to; any ending counts the same.
#[utoipa::path(
    get,
    path = "/v1/program-runs/{id}/next",
    operation_id = "get_program_run_next",
    tag = "program-runs",
    params(("id" = Id, Path, description = "The run's id.", example = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f")),
    responses((status = 200, description = "Where it stands.", body = RunNext)),
    security(("bearer" = [])),
)]
#[get("/v1/program-runs/{id}/next")]
async fn get_program_run_next(
    records: web::Data<Records>,
    catalogue: web::Data<Catalogue>,
    asked: As<Caller, HttpRequest>,
) -> Answer {
    let As { caller, input: request } = asked;
    query::finish(&query::pairs(&request)?)?;
    let run = records.read::<ProgramRun>(&caller, path_id(&request, "id")?).await?;
    let relationship = match run.relationship_id {
        // One that is gone has nothing to say any more.
        Some(id) => records.all::<Relationship>(&caller).await?.into_iter().find(|kept| kept.id == id),
        None => None,
    };
    let sight = records.sight(&caller).await?;
    let next = RunNext::of(&catalogue, &sight, &run, relationship.as_ref().map(|kept| &kept.record)).await?;
    Ok(HttpResponse::Ok().json(next))
}

/// An id in the path; what is no id names nothing.
fn path_id(request: &HttpRequest, name: &str) -> Result<Id, Problem> {
    request.match_info().query(name).parse().ok().ok_or_else(Problem::not_found)
}
