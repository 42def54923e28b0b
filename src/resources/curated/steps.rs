//! Steps of programs: written inside their program, read on their own as well.
//! Holds always: a step's id follows from its program and its slug, so that a run's progress survives every edit.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::branches::Branch;
use super::programs::Program;
use crate::catalogue::document::Source;
use crate::catalogue::reading::{Shelved, example_place};
use crate::catalogue::schema::{Schemas, answered};
use crate::catalogue::vocabulary::{ContentWarning, Contraindication, Nudge, Stance};
use crate::catalogue::{Header, Kind as _, Place};
use crate::database::{Id, Timestamp};
use crate::http::vocabulary;
use crate::resources::questions::Question;

/// Members of a step without which its program is not published.
const NEEDED: &[&str] = &["/summary", "/action", "/guard", "/body"];

/// A step as its program holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = StepInput)]
pub struct Step {
    /// Made by the service from the program's id and the slug.
    #[serde(default)]
    #[schema(read_only)]
    pub id: Id,
    /// Place within the program, from 1. Made by the service.
    #[serde(default)]
    #[schema(read_only, minimum = 0, maximum = 40, example = 1)]
    pub position: i32,
    /// Address of the step within its program. Keep it: a run's progress hangs on it.
    #[schema(min_length = 3, max_length = 60, pattern = "^[a-z0-9]+(?:-[a-z0-9]+)*$", example = "mourn-one-thing")]
    pub slug: String,
    #[schema(min_length = 1, max_length = 120, example = "Mourn one thing")]
    pub title: String,
    #[schema(min_length = 1, max_length = 280, example = "One loss, named and mourned.")]
    pub summary: Option<String>,
    /// What the step pushes towards; empty when it pushes towards none of these.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub nudges: Vec<Nudge>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub contraindications: Vec<Contraindication>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub content_warnings: Vec<ContentWarning>,
    /// Minutes that doing it takes.
    #[schema(minimum = 1, maximum = 10_000, example = 20)]
    pub minutes: Option<i32>,
    /// The one thing to do.
    #[schema(min_length = 1, max_length = 280, example = "Write down one thing you did not get, and say it aloud.")]
    pub action: Option<String>,
    /// The sentence that travels with the step.
    #[schema(min_length = 1, max_length = 400, example = "Stop when it becomes too much; it can wait.")]
    pub guard: Option<String>,
    pub exercise: Option<Exercise>,
    /// Where the program goes on; empty when the next step follows.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub next: Vec<Branch>,
    /// The publications that the step was written from.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub sources: Vec<Source>,
    /// The text, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Some losses have no funeral.")]
    pub body: Option<String>,
}

/// Something to do on paper, in thought or with somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExerciseInput)]
pub struct Exercise {
    pub kind: ExerciseKind,
    #[schema(min_length = 1, max_length = 400, example = "What did you wait for that never came?")]
    pub prompt: String,
    /// What is answered, each question in its form; empty where nothing needs to be written down.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub questions: Vec<Question>,
}

vocabulary! {
    /// How an exercise is done.
    pub enum ExerciseKind {
        Writing = "writing",
        Reflection = "reflection",
        Conversation = "conversation",
        List = "list",
        Practice = "practice",
    }
}

/// The program that a step belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepProgram {
    pub id: Id,
    #[schema(max_length = 60, example = "accepting-the-limits")]
    pub slug: String,
    #[schema(max_length = 120, example = "Accepting the limits")]
    pub title: String,
    #[schema(required = true)]
    pub stance: Option<Stance>,
}

/// A step read on its own, with the program that it belongs to.
#[derive(Debug, Serialize, ToSchema)]
struct Around {
    /// Always `step`.
    #[schema(max_length = 40, example = "step")]
    kind: &'static str,
    program: StepProgram,
    /// The program's revision.
    #[schema(minimum = 1, example = 3)]
    revision: i64,
    /// When this revision of the program was published.
    published_at: Timestamp,
}

/// A step read on its own.
#[derive(Debug, Serialize)]
pub struct WholeStep<'a> {
    #[serde(flatten)]
    around: Around,
    #[serde(flatten)]
    step: &'a Step,
}

impl PartialSchema for WholeStep<'static> {
    fn schema() -> RefOr<Schema> {
        answered::<Around, Step>(NEEDED, &mut Vec::new())
    }
}

impl ToSchema for WholeStep<'static> {
    fn name() -> Cow<'static, str> {
        "WholeStep".into()
    }

    fn schemas(schemas: &mut Schemas) {
        answered::<Around, Step>(NEEDED, schemas);
    }
}

/// A step in a list: enough to choose it, with its warnings and its guard.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepSummary {
    pub id: Id,
    /// Always `step`.
    #[schema(max_length = 40, example = "step")]
    pub kind: &'static str,
    pub program: StepProgram,
    /// The program's revision.
    #[schema(minimum = 1, example = 3)]
    pub revision: i64,
    #[schema(minimum = 1, example = 1)]
    pub position: i32,
    #[schema(max_length = 60, example = "mourn-one-thing")]
    pub slug: String,
    #[schema(max_length = 120, example = "Mourn one thing")]
    pub title: String,
    #[schema(max_length = 280, example = "One loss, named and mourned.")]
    pub summary: String,
    #[schema(max_items = 8)]
    pub nudges: Vec<Nudge>,
    #[schema(max_items = 12)]
    pub contraindications: Vec<Contraindication>,
    #[schema(max_items = 12)]
    pub content_warnings: Vec<ContentWarning>,
    #[schema(required = true, minimum = 1, example = 20)]
    pub minutes: Option<i32>,
    #[schema(max_length = 280, example = "Write down one thing you did not get, and say it aloud.")]
    pub action: String,
    #[schema(max_length = 400, example = "Stop when it becomes too much; it can wait.")]
    pub guard: String,
}

impl Step {
    /// What the filters see: the program's header with the step's own words and warnings.
    #[must_use]
    pub fn header(&self, program: &Header) -> Header {
        Header {
            slug: self.slug.clone(),
            title: self.title.clone(),
            summary: self.summary.clone(),
            nudges: self.nudges.clone(),
            contraindications: self.contraindications.clone(),
            content_warnings: self.content_warnings.clone(),
            minutes: self.minutes,
            guard: self.guard.clone(),
            ..program.clone()
        }
    }

    /// An invented step for the document.
    #[must_use]
    pub fn example() -> Self {
        Self {
            id: Id::from_bytes([0; 16]),
            position: 0,
            slug: "mourn-one-thing".to_owned(),
            title: "Mourn one thing".to_owned(),
            summary: Some("One loss, named and mourned.".to_owned()),
            nudges: Vec::new(),
            contraindications: Vec::new(),
            content_warnings: Vec::new(),
            minutes: Some(20),
            action: Some("Write down one thing you did not get, and say it aloud.".to_owned()),
            guard: Some("Stop when it becomes too much; it can wait.".to_owned()),
            exercise: Some(Exercise {
                kind: ExerciseKind::Writing,
                prompt: "What did you wait for that never came?".to_owned(),
                questions: vec![Question::example()],
            }),
            next: Vec::new(),
            sources: Vec::new(),
            body: Some("Some losses have no funeral. This one may have an hour.".to_owned()),
        }
    }
}

impl<'a> WholeStep<'a> {
    #[must_use]
    pub fn of(step: &'a Step, place: &Place, header: &Header) -> Self {
        let (revision, published_at) = (place.revision, place.published_at);
        Self { around: Around { kind: "step", program: StepProgram::of(place, header), revision, published_at }, step }
    }
}

impl StepSummary {
    #[must_use]
    pub fn of(step: &Step, place: &Place, header: &Header) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            id: step.id,
            kind: "step",
            program: StepProgram::of(place, header),
            revision: place.revision,
            position: step.position,
            slug: step.slug.clone(),
            title: step.title.clone(),
            summary: text(&step.summary),
            nudges: step.nudges.clone(),
            contraindications: step.contraindications.clone(),
            content_warnings: step.content_warnings.clone(),
            minutes: step.minutes,
            action: text(&step.action),
            guard: text(&step.guard),
        }
    }
}

impl StepProgram {
    fn of(place: &Place, header: &Header) -> Self {
        Self { id: place.id, slug: header.slug.clone(), title: header.title.clone(), stance: header.stance }
    }
}

/// Steps as they are read on their own: `/v1/steps`.
pub struct Steps;

impl Shelved for Steps {
    const NAME: &'static str = "steps";
    const SINGULAR: &'static str = "step";
    const ABOUT: &'static str =
        "A step of a published program. It fits the facets of its program, with its own warnings.";
    const PARENT: Option<&'static str> = Some("program");
    const HAS_REVISIONS: bool = false;
    type Full = WholeStep<'static>;
    type Summary = StepSummary;

    fn full_example() -> Value {
        read(|part| part.full.get().to_owned())
    }

    fn summary_example() -> Value {
        read(|part| part.summary.get().to_owned())
    }
}

fn read(text: impl Fn(&crate::catalogue::Part) -> String) -> Value {
    let program = Program::example();
    let parts = program.own.parts(&example_place(Program::SINGULAR), &program.header).unwrap_or_default();
    parts.first().and_then(|part| serde_json::from_str(&text(part)).ok()).unwrap_or_default()
}
