//! A curated item as it is written: the header that all kinds share, its references, and the kind's own members.
//! Holds always: a document is saved whole and never changed afterwards; a change is a new revision.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::line::Line;
use super::vocabulary::{
    Audience, ContactLevel, ContentWarning, Contraindication, Effort, EvidenceGrade, LinkMeaning, Nudge, ReviewStatus,
    Situation, Stance, Topic,
};
use crate::database::Timestamp;

/// A whole item: header, references and the members of its kind, on the wire one flat object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document<K> {
    #[serde(flatten)]
    pub header: Header,
    #[serde(flatten)]
    pub references: References,
    #[serde(flatten)]
    pub own: K,
}

/// What every item says of itself, whatever its kind. A draft may leave out all but slug and title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Header {
    /// Address of the item beside its id: words and hyphens, unique among items of its kind and language. Permanent
    /// once the item was published.
    #[schema(min_length = 3, max_length = 60, pattern = "^[a-z0-9]+(?:-[a-z0-9]+)*$", example = "say-it-early")]
    pub slug: String,
    /// Language of the text (BCP 47).
    #[serde(default = "english")]
    #[schema(min_length = 2, max_length = 16, pattern = "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", example = "en")]
    pub locale: String,
    #[schema(min_length = 1, max_length = 120, example = "Say it while it is small")]
    pub title: String,
    /// What a list shows, plain text.
    #[schema(min_length = 1, max_length = 280, example = "A small thing said early rarely becomes a quarrel.")]
    pub summary: Option<String>,
    pub stance: Option<Stance>,
    /// What the item pushes towards; empty when it pushes towards none of these.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub nudges: Vec<Nudge>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub topics: Vec<Topic>,
    #[serde(default)]
    #[schema(max_items = 24)]
    pub situations: Vec<Situation>,
    #[serde(default)]
    #[schema(max_items = 8)]
    pub audience: Vec<Audience>,
    #[serde(default)]
    #[schema(max_items = 8)]
    pub contact: Vec<ContactLevel>,
    pub effort: Option<Effort>,
    /// Minutes that doing it takes.
    #[schema(minimum = 1, maximum = 10_000, example = 10)]
    pub minutes: Option<i32>,
    pub evidence: Option<EvidenceGrade>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub content_warnings: Vec<ContentWarning>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub contraindications: Vec<Contraindication>,
    /// In words, whom the item is wrong for, and why.
    #[schema(min_length = 1, max_length = 400, example = "Anyone who is not safe when they disagree with her.")]
    pub not_for: Option<String>,
    /// The sentence that travels with the item: its limits, and the freedom to stop.
    #[schema(min_length = 1, max_length = 400, example = "You may stop the talk at any point.")]
    pub guard: Option<String>,
    #[serde(default)]
    pub review: Review,
    /// The item that this one says in another language; null for an original.
    pub translation_of: Option<TranslationOf>,
}

/// What an item is a translation of: an original of the same kind. A translation has a status of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TranslationOfInput)]
pub struct TranslationOf {
    /// The original's slug; the translation may have the same one, or one in its own language.
    #[schema(min_length = 3, max_length = 60, example = "anger-is-allowed")]
    pub slug: String,
    /// The original's language (BCP 47).
    #[serde(default = "english")]
    #[schema(min_length = 2, max_length = 16, example = "en")]
    pub locale: String,
    /// Which state of the original was translated. Left out, it is the original's latest one at the moment of saving.
    #[schema(min_length = 16, max_length = 16, pattern = "^[0-9a-f]{16}$", example = "0f1e2d3c4b5a6978")]
    pub fingerprint: Option<String>,
}

/// Where an item comes from and what it stands in relation to. Lists leave these out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct References {
    /// The publications that the item was written from.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub sources: Vec<Source>,
    /// Other items that this one stands in relation to.
    #[serde(default)]
    #[schema(max_items = 40)]
    pub links: Vec<LinkTarget>,
    /// Pictures that stand beside it, by their slugs, in the order in which they are shown.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub media: Vec<Line<60>>,
}

/// A publication that an item was written from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SourceInput)]
pub struct Source {
    /// Short name of the publication within this catalogue.
    #[schema(min_length = 1, max_length = 20, example = "S4")]
    pub article: Option<String>,
    #[schema(min_length = 1, max_length = 200, example = "Improving Our Relationship With Our Moms")]
    pub title: String,
    #[schema(min_length = 1, max_length = 200)]
    pub author: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    pub publisher: Option<String>,
    /// Year, month or day, as far as it is known.
    #[schema(
        min_length = 4,
        max_length = 10,
        pattern = "^[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?$",
        example = "2024-03-11"
    )]
    pub published_on: Option<String>,
    /// Language of the publication (BCP 47).
    #[schema(min_length = 2, max_length = 16, example = "en")]
    pub language: Option<String>,
    /// What a reader should know of the publication, such as that it is an opinion.
    #[schema(min_length = 1, max_length = 400)]
    pub note: Option<String>,
    /// Line of the publication's stored text.
    #[schema(minimum = 1, maximum = 100_000, example = 16)]
    pub line: Option<i32>,
}

/// A link as it is written: what it means, and the other item by kind and slug, in the same language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct LinkTarget {
    #[serde(rename = "type")]
    pub meaning: LinkMeaning,
    /// The other item's kind.
    #[schema(min_length = 1, max_length = 40, example = "tip")]
    pub kind: String,
    /// The other item's slug.
    #[schema(min_length = 3, max_length = 60, example = "anger-is-allowed")]
    pub slug: String,
}

/// A link as it is served: the other item is published and visible to the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Link {
    #[serde(rename = "type")]
    pub meaning: LinkMeaning,
    #[schema(max_length = 40, example = "tip")]
    pub kind: String,
    pub id: crate::database::Id,
    #[schema(max_length = 60, example = "anger-is-allowed")]
    pub slug: String,
    #[schema(max_length = 120, example = "Anger is allowed")]
    pub title: String,
}

/// What must be known before an item is followed: another item that guards it, published and visible to the reader. It
/// travels with the item in every answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Guard {
    /// The guarding item's kind.
    #[schema(max_length = 40, example = "tip")]
    pub kind: String,
    pub id: crate::database::Id,
    #[schema(max_length = 60, example = "no-one-may-go-on-hurting-you")]
    pub slug: String,
    #[schema(max_length = 120, example = "No one may go on hurting you")]
    pub title: String,
    /// What it says, in short.
    #[schema(max_length = 280, example = "Whatever you forgive, nobody may be allowed to go on hurting you.")]
    pub text: String,
}

/// The guards as they stand in an answer.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Guards<'a> {
    /// What must be known before it is followed.
    #[schema(max_items = 40)]
    pub guards: &'a [Guard],
}

/// Who with a credential has read the item, and when it should be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewInput)]
pub struct Review {
    pub status: ReviewStatus,
    #[schema(min_length = 1, max_length = 200)]
    pub reviewer: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    pub credential: Option<String>,
    pub reviewed_on: Option<NaiveDate>,
    pub next_due_on: Option<NaiveDate>,
}

impl Default for Review {
    fn default() -> Self {
        Self {
            status: ReviewStatus::Unreviewed,
            reviewer: None,
            credential: None,
            reviewed_on: None,
            next_due_on: None,
        }
    }
}

impl Review {
    /// From when on the next review is overdue: the end of the day on which it is due, in UTC.
    #[must_use]
    pub fn overdue_from(&self) -> Option<Timestamp> {
        let day = self.next_due_on?.succ_opt()?;
        Some(day.and_time(NaiveTime::MIN).and_utc().into())
    }

    /// Whether on that day (UTC) the day of the next review has passed.
    #[must_use]
    pub fn is_overdue_on(&self, day: NaiveDate) -> bool {
        self.next_due_on.is_some_and(|due| due < day)
    }
}

impl Header {
    /// Whether the item may be offered to somebody who must not be pushed towards contact.
    #[must_use]
    pub fn without_outreach(&self) -> bool {
        offers_no_outreach(&self.nudges, &self.contraindications)
    }
}

/// The one rule of the restricted view: no nudge, and not wrong for people who were harmed or have ended contact.
#[must_use]
pub fn offers_no_outreach(nudges: &[Nudge], contraindications: &[Contraindication]) -> bool {
    nudges.is_empty()
        && !contraindications.iter().any(|one| matches!(one, Contraindication::Harm | Contraindication::NoContact))
}

fn english() -> String {
    "en".to_owned()
}
