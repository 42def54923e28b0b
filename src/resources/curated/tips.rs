//! Tips: one thing to do, what it is good for, and whom it is wrong for.
//! Holds always: a published tip names exactly one action.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::document::{References, Review, Source};
use crate::catalogue::vocabulary::{
    Audience, ContactLevel, Contraindication, Effort, EvidenceGrade, Nudge, Situation, Stance, Topic,
};
use crate::catalogue::{Document, Header, Kind};

/// What only tips say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tip {
    /// The one thing to do.
    #[schema(
        min_length = 1,
        max_length = 280,
        example = "Name the small thing today, in one sentence that starts with I."
    )]
    pub action: Option<String>,
    /// The text, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Small things grow when nobody names them.")]
    pub body: Option<String>,
}

/// What a list shows of a tip besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct TipBrief {
    /// The one thing to do.
    #[schema(
        min_length = 1,
        max_length = 280,
        example = "Name the small thing today, in one sentence that starts with I."
    )]
    pub action: String,
}

impl Kind for Tip {
    const NAME: &'static str = "tips";
    const SINGULAR: &'static str = "tip";
    const ABOUT: &'static str = "A tip is one thing to do, with its guard and whom it is wrong for.";
    const NEEDED: &'static [&'static str] = &["/action", "/body"];
    type Brief = TipBrief;

    fn brief(&self) -> TipBrief {
        TipBrief { action: self.action.clone().unwrap_or_default() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn example() -> Document<Self> {
        Document { header: header(), references: References { sources: vec![source()], ..References::default() }, own: own() }
    }
}

fn own() -> Tip {
    Tip {
        action: Some("Name the small thing today, in one sentence that starts with I.".to_owned()),
        body: Some("Small things grow when nobody names them. Said early, they stay small.".to_owned()),
    }
}

fn header() -> Header {
    Header {
        slug: "say-it-while-it-is-small".to_owned(),
        locale: "en".to_owned(),
        title: "Say it while it is small".to_owned(),
        summary: Some("A small thing said early rarely becomes a quarrel.".to_owned()),
        stance: Some(Stance::Repair),
        nudges: vec![Nudge::Contact],
        topics: vec![Topic::Talking],
        situations: vec![Situation::NotUnderstood],
        audience: vec![Audience::Everyone],
        contact: vec![ContactLevel::InTouch],
        effort: Some(Effort::Small),
        minutes: Some(10),
        evidence: Some(EvidenceGrade::PersonalOpinion),
        content_warnings: Vec::new(),
        contraindications: vec![Contraindication::Harm, Contraindication::NoContact],
        not_for: Some("Anyone who is not safe when they disagree with her.".to_owned()),
        guard: Some("You may stop the talk at any point, and you owe nobody an explanation.".to_owned()),
        review: Review::default(),
        translation_of: None,
    }
}

fn source() -> Source {
    Source {
        article: Some("S4".to_owned()),
        title: "Improving Our Relationship With Our Moms".to_owned(),
        author: None,
        publisher: None,
        published_on: None,
        language: Some("en".to_owned()),
        note: None,
        line: Some(16),
    }
}
