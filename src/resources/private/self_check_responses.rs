//! Self-check responses: what somebody answered to a self-check on a day, and the text that answers it (F6).
//! Holds always: there is no score and no number to compare; the text is the one that was reviewed, with what the check is
//! not; nothing of it leaves its owner. A check that is withheld by now keeps its past and gives no new text (P3).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::database::Id;
use crate::privacy::Text;
use crate::records::{Collection, Faults, Filter, Pin, Reference, Surroundings};
use crate::resources::answers::GivenAnswer;
use crate::resources::curated::self_checks::{ResultText, SelfCheck};
use crate::resources::local;
use crate::resources::responses::{self, Response, Sheet};

/// What somebody answered to a self-check. Each time is a response of its own; the list is the history.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SelfCheckResponse {
    /// The self-check. A response stays with it; another check is another response (F6).
    pub self_check_id: Id,
    /// Whom it is about, where it is about somebody (F1, F6).
    #[serde(default)]
    pub relationship_id: Option<Id>,
    /// The day on which it was answered, in the writer's zone (F6).
    pub day: NaiveDate,
    /// Answers, each in its question's form and of any that there are; they can be added to at any time (F6).
    #[serde(default)]
    #[schema(max_items = 30)]
    pub answers: Vec<GivenAnswer>,
    /// Whatever else is to be kept with them, Markdown (F6).
    #[serde(default)]
    pub note: Option<Text<4000>>,
    /// The revision of the self-check that it answers; `GET /v1/self-checks/{id}?revision=` reads it (F6).
    #[serde(default)]
    #[schema(minimum = 1, read_only)]
    pub self_check_revision: i64,
    /// The edition of that revision: responses to one edition answer the same questions in the same sense (F6).
    #[serde(default)]
    #[schema(minimum = 1, read_only)]
    pub edition: i32,
    /// What the check is not, in its own words. Show it beside the result (F6).
    #[serde(default)]
    #[schema(read_only, max_length = 400, example = "This is no test and finds no illness.")]
    pub not_a_diagnosis: String,
    /// The text that answers what was answered. Null while nothing is, and after answers were changed to a check that is not
    /// shown to their writer any more (F6, P3).
    #[serde(default)]
    #[schema(read_only)]
    pub result: Option<GivenResult>,
}

/// A text of a self-check, as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GivenResult {
    /// Names the text within its check (F6).
    pub key: Text<40>,
    /// The text itself (F6).
    pub text: Text<2000>,
}

/// Which responses to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SelfCheckResponseFilter {
    /// Only to one of these self-checks; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub self_check_id: Vec<Id>,
    /// Only about one of these relationships; repeat for several.
    #[serde(default)]
    #[param(max_items = 100)]
    pub relationship_id: Vec<Id>,
}

impl Filter<SelfCheckResponse> for SelfCheckResponseFilter {
    fn is_empty(&self) -> bool {
        self.self_check_id.is_empty() && self.relationship_id.is_empty()
    }

    fn matches(&self, response: &SelfCheckResponse) -> bool {
        response.sheet().fits(&self.self_check_id, &self.relationship_id)
    }
}

impl GivenResult {
    fn of(result: &ResultText) -> Option<Self> {
        Some(Self { key: Text::new(&*result.key).ok()?, text: Text::new(&*result.text).ok()? })
    }
}

impl Response for SelfCheckResponse {
    type Asked = SelfCheck;
    const ITEM: &'static str = "/self_check_id";

    fn sheet(&self) -> Sheet<'_> {
        Sheet {
            item: self.self_check_id,
            revision: self.self_check_revision,
            relationship: self.relationship_id,
            day: self.day,
            answers: &self.answers,
        }
    }
}

impl Collection for SelfCheckResponse {
    const NAME: &'static str = "self-check-responses";
    const SINGULAR: &'static str = "self_check_response";
    const ABOUT: &'static str = "What somebody answered to a self-check on a day, pinned to the revision that was published \
        then, with the text that answers it. Never a score, never a diagnosis; nobody else learns that it was taken.";
    const PURPOSE: &'static str = "To keep what you answered and were told, for you to look at again if you like.";
    const DATED: bool = true;
    const MANAGED: &'static [&'static str] = &["self_check_revision", "edition", "not_a_diagnosis", "result"];
    const PIN: Option<fn(&Self) -> Pin> = Some(responses::pin::<Self>);
    type Filter = SelfCheckResponseFilter;

    fn example() -> Self {
        Self {
            self_check_id: responses::example_item::<SelfCheck>("the-kind-voice"),
            relationship_id: None,
            day: local::sample_day(),
            answers: vec![GivenAnswer::sample("most", "That I can calm myself.")],
            note: Some(Text::sample("After a long week.")),
            self_check_revision: 1,
            edition: 1,
            not_a_diagnosis: "This is no test and finds no illness.".to_owned(),
            result: Some(GivenResult {
                key: Text::sample("some"),
                text: Text::sample("Choose one line and notice this week when it is already a little true."),
            }),
        }
    }

    fn day(&self) -> Option<NaiveDate> {
        Some(self.day)
    }

    fn references(&self) -> Vec<Reference> {
        responses::references(self)
    }

    fn settle(&mut self, before: Option<&Self>, around: &Surroundings<'_>, faults: &mut Faults) {
        let Some((revision, check)) = responses::settle(self, before, around, faults) else { return };
        let is_shown = around.pinned.as_ref().is_some_and(|pinned| pinned.is_shown);
        let standing = before.filter(|before| before.answers == self.answers).and_then(|before| before.result.clone());
        // What the check would say now is its text: not to be shown where the check is not.
        let result = if is_shown { check.own.result_of(&self.answers).and_then(GivenResult::of) } else { standing };
        self.result = result;
        self.self_check_revision = revision;
        self.edition = check.own.edition.unwrap_or_default();
        self.not_a_diagnosis = check.own.not_a_diagnosis.clone().unwrap_or_default();
    }
}
