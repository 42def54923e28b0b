//! Submissions on the wire: as they are handed over, as their writer sees them, and as curators see them.
//! Holds always: what curators see names no account, no address and no instant, only a day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{DeclineReason, SubmissionStatus};
use crate::database::{Id, Timestamp};
use crate::privacy::Text;
use crate::resources::curated::stories::StoryForm;

/// Where help is found by whoever needs it now.
pub(super) const HELP: &str = "/v1/help-contacts";

/// What somebody hands over.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct SubmissionInput {
    pub(super) form: StoryForm,
    /// A title, if the writer has one; curators may choose another.
    pub(super) title: Option<Text<120>>,
    /// The words, in Markdown without raw HTML and images.
    pub(super) text: Text<12_000>,
    /// What the writer wants to be called; left out for no name at all.
    pub(super) pen_name: Option<Text<60>>,
    /// Language of the words (BCP 47); `en` unless given.
    #[schema(min_length = 2, max_length = 16, pattern = "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", example = "en")]
    pub(super) language: Option<String>,
    /// The published item that it speaks of. A comment and a review have one.
    pub(super) about_item_id: Option<Id>,
    pub(super) consent: SubmissionConsent,
}

/// What the writer agrees to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct SubmissionConsent {
    /// The edition of the disclaimer about `submissions` that the writer has read: the one that holds now.
    #[schema(minimum = 1, maximum = 1_000, example = 1)]
    pub(super) edition: i32,
    /// Curators may read it. Has to be true.
    pub(super) curators_may_read: bool,
    /// It may be published, under the pen name or none. Has to be true.
    pub(super) may_be_published: bool,
}

/// A submission as its writer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Submission {
    /// Names the submission.
    pub(super) id: Id,
    /// Raised by each decision about it, and by taking it back.
    #[schema(minimum = 1, example = 1)]
    pub(super) version: i64,
    pub(super) status: SubmissionStatus,
    /// Whether readers see what was made of it now.
    pub(super) is_published: bool,
    /// What readers see of it; null while they see nothing, and where the safety filter keeps it from the writer too.
    #[schema(required = true)]
    pub(super) item: Option<PublishedStory>,
    /// What the writer tells; null once it was taken back, like the words.
    #[schema(required = true)]
    pub(super) form: Option<StoryForm>,
    /// The title that the writer proposed.
    #[schema(required = true)]
    pub(super) title: Option<Text<120>>,
    /// The words as they were handed over; null once they were taken back.
    #[schema(required = true)]
    pub(super) text: Option<Text<12_000>>,
    /// What the writer wants to be called.
    #[schema(required = true)]
    pub(super) pen_name: Option<Text<60>>,
    /// Language of the words (BCP 47).
    #[schema(required = true, max_length = 16, example = "en")]
    pub(super) language: Option<String>,
    /// The item that it speaks of.
    #[schema(required = true)]
    pub(super) about_item_id: Option<Id>,
    /// The edition of the terms that the writer agreed to when they handed it over.
    #[schema(minimum = 1, example = 1)]
    pub(super) consent_edition: i32,
    /// Why it was declined.
    #[schema(required = true)]
    pub(super) reason: Option<DeclineReason>,
    /// What the curator who declined it says about it.
    #[schema(required = true)]
    pub(super) note: Option<Text<1_000>>,
    /// When it was handed over.
    pub(super) created_at: Timestamp,
    /// When something last became of it.
    pub(super) updated_at: Timestamp,
    /// Until when it is kept, once it was declined or taken back.
    #[schema(required = true)]
    pub(super) kept_until: Option<Timestamp>,
    /// The help directory, open without an account: nobody answers a submission at once.
    #[schema(max_length = 200, example = "/v1/help-contacts")]
    pub(super) help: &'static str,
}

/// Where the published story is read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublishedStory {
    /// The story's id.
    pub(super) id: Id,
    /// The story's slug: it is read at `/v1/stories/{slug}`.
    #[schema(max_length = 60, example = "letters-in-a-drawer")]
    pub(super) slug: String,
    /// The title that curators gave it.
    #[schema(max_length = 120, example = "Letters in a drawer")]
    pub(super) title: String,
}

/// One page of one's own submissions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubmissionPage {
    #[schema(max_items = 100)]
    pub(super) items: Vec<Submission>,
    /// Null at the end of the list.
    #[schema(required = true, max_length = 512)]
    pub(super) next_cursor: Option<String>,
}

/// A submission in a curator's list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubmissionSummary {
    pub(super) id: Id,
    #[schema(minimum = 1, example = 1)]
    pub(super) version: i64,
    pub(super) status: SubmissionStatus,
    /// Null once it was taken back, like everything that its writer said.
    #[schema(required = true)]
    pub(super) form: Option<StoryForm>,
    #[schema(required = true)]
    pub(super) title: Option<Text<120>>,
    #[schema(required = true)]
    pub(super) pen_name: Option<Text<60>>,
    #[schema(required = true, max_length = 16, example = "en")]
    pub(super) language: Option<String>,
    /// The day (UTC) on which it was handed over.
    pub(super) received_on: NaiveDate,
    /// The item that was made of it.
    #[schema(required = true)]
    pub(super) item_id: Option<Id>,
}

/// One page of a curator's list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubmissionSummaryPage {
    #[schema(max_items = 100)]
    pub(super) items: Vec<SubmissionSummary>,
    /// Null at the end of the list.
    #[schema(required = true, max_length = 512)]
    pub(super) next_cursor: Option<String>,
}

/// A submission as a curator sees it: the words and the pen name, and nothing of whose they are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubmissionToDecide {
    pub(super) id: Id,
    /// Raised by whatever becomes of it; the ETag.
    #[schema(minimum = 1, example = 1)]
    pub(super) version: i64,
    pub(super) status: SubmissionStatus,
    /// Null once it was taken back, like everything that its writer said.
    #[schema(required = true)]
    pub(super) form: Option<StoryForm>,
    #[schema(required = true)]
    pub(super) title: Option<Text<120>>,
    #[schema(required = true)]
    pub(super) text: Option<Text<12_000>>,
    #[schema(required = true)]
    pub(super) pen_name: Option<Text<60>>,
    #[schema(required = true, max_length = 16, example = "en")]
    pub(super) language: Option<String>,
    /// The item that it speaks of.
    #[schema(required = true)]
    pub(super) about_item_id: Option<Id>,
    /// The edition of the terms that its writer agreed to.
    #[schema(minimum = 1, example = 1)]
    pub(super) consent_edition: i32,
    #[schema(required = true)]
    pub(super) reason: Option<DeclineReason>,
    #[schema(required = true)]
    pub(super) note: Option<Text<1_000>>,
    /// The day (UTC) on which it was handed over.
    pub(super) received_on: NaiveDate,
    /// The item that was made of it.
    #[schema(required = true)]
    pub(super) item_id: Option<Id>,
}

/// What a draft has from its first moment; the curator writes the rest in the draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct SubmissionAcceptance {
    /// Address of the story: words and hyphens.
    #[schema(min_length = 3, max_length = 60, pattern = "^[a-z0-9]+(?:-[a-z0-9]+)*$", example = "letters-in-a-drawer")]
    pub(super) slug: String,
    #[schema(min_length = 1, max_length = 120, example = "Letters in a drawer")]
    pub(super) title: String,
}

/// Why a submission is not published.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct SubmissionRefusal {
    pub(super) reason: DeclineReason,
    /// A kind word to the writer, who reads it. Needed with `other`.
    pub(super) note: Option<Text<1_000>>,
}
