//! A kind for tests: notes with numbered pieces, which are read on their own like steps of a program.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::to_raw_value;
use utoipa::ToSchema;

use crate::catalogue::document::{Document, Header, LinkTarget, References, Review, Source, offers_no_outreach};
use crate::catalogue::kind::{Kind, Part, Place};
use crate::catalogue::kinds::{Kinds, register};
use crate::catalogue::snapshot::Loaded;
use crate::catalogue::vocabulary::{Contraindication, EvidenceGrade, LinkMeaning, Nudge, Stance};
use crate::database::{Id, Timestamp};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(super) struct Note {
    #[schema(min_length = 1, max_length = 500)]
    pub(super) body: Option<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PieceInput)]
pub(super) struct Piece {
    #[schema(min_length = 3, max_length = 60)]
    pub(super) slug: String,
    #[serde(default)]
    #[schema(max_items = 8)]
    pub(super) nudges: Vec<Nudge>,
    #[serde(default)]
    #[schema(max_items = 8)]
    pub(super) contraindications: Vec<Contraindication>,
    #[schema(max_length = 100)]
    pub(super) guard: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct NoteBrief {
    pub(super) pieces: usize,
}

impl Piece {
    pub(super) fn is_safe(&self) -> bool {
        offers_no_outreach(&self.nudges, &self.contraindications)
    }
}

impl Kind for Note {
    const NAME: &'static str = "notes";
    const SINGULAR: &'static str = "note";
    const ABOUT: &'static str = "A note.";
    const NEEDED: &'static [&'static str] = &["/body", "/pieces/*/guard"];
    const PARTS: Option<&'static str> = Some("pieces");
    const PART: Option<&'static str> = Some("piece");
    type Brief = NoteBrief;

    fn brief(&self) -> NoteBrief {
        NoteBrief { pieces: self.pieces.len() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn without_outreach(&self) -> Option<Self> {
        let pieces: Vec<Piece> = self.pieces.iter().filter(|piece| piece.is_safe()).cloned().collect();
        (pieces.len() < self.pieces.len()).then(|| Self { body: self.body.clone(), pieces })
    }

    fn parts(&self, place: &Place, header: &Header) -> Result<Vec<Part>, serde_json::Error> {
        let part = |piece: &Piece| {
            let (nudges, contraindications) = (piece.nudges.clone(), piece.contraindications.clone());
            let json = json!({"slug": piece.slug, "nudges": nudges, "contraindications": contraindications});
            let header = Header { slug: piece.slug.clone(), nudges, contraindications, ..header.clone() };
            let id = Id::named(place.id, &piece.slug);
            Ok(Part { id, header, full: to_raw_value(&json)?, summary: to_raw_value(&json)? })
        };
        self.pieces.iter().map(part).collect()
    }

    fn example() -> Document<Self> {
        note("a-note", &[], &[])
    }
}

/// A note that may be published.
pub(super) fn note(slug: &str, nudges: &[Nudge], contraindications: &[Contraindication]) -> Document<Note> {
    let header = Header {
        slug: slug.to_owned(),
        locale: "en".to_owned(),
        title: format!("About {slug}"),
        summary: Some("In short.".to_owned()),
        stance: Some(Stance::SelfCare),
        nudges: nudges.to_vec(),
        topics: Vec::new(),
        situations: Vec::new(),
        audience: Vec::new(),
        contact: Vec::new(),
        effort: None,
        minutes: None,
        evidence: Some(EvidenceGrade::PersonalOpinion),
        content_warnings: Vec::new(),
        contraindications: contraindications.to_vec(),
        not_for: Some("Nobody.".to_owned()),
        guard: Some("Stop when you like.".to_owned()),
        review: Review::default(),
        translation_of: None,
    };
    let source = Source {
        article: None,
        title: "A book".to_owned(),
        author: None,
        publisher: None,
        published_on: None,
        language: None,
        note: None,
        line: None,
    };
    let references = References { sources: vec![source], ..References::default() };
    Document { header, references, own: Note { body: Some("Text.".to_owned()), pieces: Vec::new() } }
}

pub(super) fn link(slug: &str) -> LinkTarget {
    LinkTarget { meaning: LinkMeaning::Supports, kind: "note".to_owned(), slug: slug.to_owned() }
}

pub(super) fn id_of(slug: &str) -> Id {
    Id::named(Id::from_bytes([7; 16]), slug)
}

/// The day on which tests look at the catalogue.
pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, 10).unwrap()
}

pub(super) fn kinds() -> Kinds {
    Kinds::from(vec![register::<Note>()])
}

pub(super) fn loaded(documents: Vec<Document<Note>>) -> Vec<Arc<Loaded>> {
    let load = |document: Document<Note>| {
        Arc::new(Loaded {
            id: id_of(&document.header.slug),
            kind: Note::NAME,
            singular: Note::SINGULAR,
            revision: 1,
            published_at: Timestamp::from_micros(1_000),
            document: Box::new(document),
        })
    };
    documents.into_iter().map(load).collect()
}
