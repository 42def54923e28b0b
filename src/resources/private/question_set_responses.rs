//! Question set responses: what somebody answered to a question set, or heard from whoever they asked (F3).
//! Holds always: any question may stay open; what was answered stays with the questions as they were asked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::database::Id;
use crate::privacy::Text;
use crate::records::{Collection, Faults, Filter, Pin, Reference, Surroundings};
use crate::resources::answers::GivenAnswer;
use crate::resources::curated::question_sets::QuestionSet;
use crate::resources::local;
use crate::resources::responses::{self, Response, Sheet};

/// What somebody answered to a question set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuestionSetResponse {
    /// The question set. A response stays with it; another set is another response (F3).
    pub question_set_id: Id,
    /// Whom it is about (F1, F3).
    #[serde(default)]
    pub relationship_id: Option<Id>,
    /// The day on which it was answered, in the writer's zone (F3).
    pub day: NaiveDate,
    /// Answers, each in its question's form and of any that there are; they can be added to at any time (F3).
    #[serde(default)]
    #[schema(max_items = 30)]
    pub answers: Vec<GivenAnswer>,
    /// Whatever else is to be kept with them, Markdown (F3).
    #[serde(default)]
    pub note: Option<Text<4000>>,
    /// The revision of the question set that it answers; `GET /v1/question-sets/{id}?revision=` reads it (F3).
    #[serde(default)]
    #[schema(minimum = 1, read_only)]
    pub question_set_revision: i64,
}

/// Which responses to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuestionSetResponseFilter {
    /// Only to one of these question sets; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub question_set_id: Vec<Id>,
    /// Only about one of these relationships; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub relationship_id: Vec<Id>,
}

impl Filter<QuestionSetResponse> for QuestionSetResponseFilter {
    fn is_empty(&self) -> bool {
        self.question_set_id.is_empty() && self.relationship_id.is_empty()
    }

    fn matches(&self, response: &QuestionSetResponse) -> bool {
        response.sheet().fits(&self.question_set_id, &self.relationship_id)
    }
}

impl Response for QuestionSetResponse {
    type Asked = QuestionSet;
    const ITEM: &'static str = "/question_set_id";

    fn sheet(&self) -> Sheet<'_> {
        Sheet {
            item: self.question_set_id,
            revision: self.question_set_revision,
            relationship: self.relationship_id,
            day: self.day,
            answers: &self.answers,
        }
    }
}

impl Collection for QuestionSetResponse {
    const NAME: &'static str = "question-set-responses";
    const SINGULAR: &'static str = "question_set_response";
    const ABOUT: &'static str = "What somebody answered to a question set (in FHIR: a QuestionnaireResponse), pinned to the \
        revision that was published when they began. Any question may stay open.";
    const PURPOSE: &'static str = "To keep what you answered, or heard, for you to read again and to go on with.";
    const DATED: bool = true;
    const MANAGED: &'static [&'static str] = &["question_set_revision"];
    const PIN: Option<fn(&Self) -> Pin> = Some(responses::pin::<Self>);
    type Filter = QuestionSetResponseFilter;

    fn example() -> Self {
        Self {
            question_set_id: responses::example_item::<QuestionSet>("what-i-hold-against-her"),
            relationship_id: None,
            day: local::sample_day(),
            answers: vec![GivenAnswer::sample("thanks", "I learned to bake her bread.")],
            note: Some(Text::sample("The second question can wait.")),
            question_set_revision: 1,
        }
    }

    fn day(&self) -> Option<NaiveDate> {
        Some(self.day)
    }

    fn references(&self) -> Vec<Reference> {
        responses::references(self)
    }

    fn settle(&mut self, before: Option<&Self>, around: &Surroundings<'_>, faults: &mut Faults) {
        if let Some((revision, _)) = responses::settle(self, before, around, faults) {
            self.question_set_revision = revision;
        }
    }
}
