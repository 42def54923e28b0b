//! What is answered of where a run stands.
//! Holds always: the answer has the same form whatever the ending, and tells of nothing that is withheld.

use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::card::Card;
use crate::catalogue::{Catalogue, Place as Shelfmark, Sight};
use crate::database::Timestamp;
use crate::http::problem::Problem;
use crate::resources::curated::programs::Program;
use crate::resources::curated::steps::StepSummary;
use crate::resources::private::relationships::Relationship;

use super::path::{Place, Traveller};
use super::{Ending, ProgramRun};

/// Where a run stands (C3, C4).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RunNext {
    /// The step that comes next; null when there is none.
    #[schema(required = true)]
    pub step: Option<Card>,
    /// Whether it was done before and comes once more.
    pub again: bool,
    /// Whether there is nothing more to do. It is the writer who says when a run is completed.
    pub is_over: bool,
    /// What it may have come to, where the program says so; any ending counts the same.
    #[schema(required = true)]
    pub ending: Option<Ending>,
}

impl RunNext {
    /// Where `run` stands in that sight.
    ///
    /// # Errors
    /// Database failures.
    pub async fn of(
        catalogue: &Catalogue,
        sight: &Sight,
        run: &ProgramRun,
        relationship: Option<&Relationship>,
    ) -> Result<Self, Problem> {
        let nothing = Self { step: None, again: false, is_over: false, ending: None };
        let Some(program) = catalogue.revision::<Program>(run.program_id, run.program_revision).await? else {
            return Ok(nothing);
        };
        // A program that is withheld or hidden by now leads nowhere, and is not over either.
        if !sight.allows(run.program_id, None, &program.header) {
            return Ok(nothing);
        }
        let shelfmark = Shelfmark {
            id: run.program_id,
            kind: "program",
            revision: run.program_revision,
            published_at: Timestamp::from_micros(0),
            is_review_overdue: false,
        };
        let traveller = Traveller { program: &program.own, run, relationship };
        let place = traveller
            .place(|step| sight.allows(step.id, Some(run.program_id), &step.header(&program.header)));
        Ok(match place {
            Place::Step { step, again } => {
                let step = Card::read(&StepSummary::of(step, &shelfmark, &program.header));
                Self { step, again, ..nothing }
            }
            Place::Over { ending } => Self { is_over: true, ending, ..nothing },
        })
    }
}
