//! Experts: whom the publications quote, with the credentials that they name.
//! Holds always: an entry says who somebody is and where they are quoted; it recommends nobody.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind, Line};
use crate::http::vocabulary;

/// A credential as it is written after a name.
pub type Credential = Line<80>;

/// What only experts say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Expert {
    #[schema(min_length = 1, max_length = 120, example = "Dr Jo Example")]
    pub name: Option<String>,
    /// As the publication gives them; nobody here has checked them.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub credentials: Vec<Credential>,
    pub role: Option<ExpertRole>,
    /// What they are known for or say, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Quoted on listening.")]
    pub body: Option<String>,
}

vocabulary! {
    /// In which part somebody appears.
    pub enum ExpertRole {
        /// Wrote the publication.
        Author = "author",
        /// Is quoted or interviewed in it.
        Quoted = "quoted",
        /// Read it with a credential before it was published.
        Reviewer = "reviewer",
        /// Made the theory that it uses.
        Theorist = "theorist",
    }
}

/// What a list shows of an expert besides the header.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpertBrief {
    #[schema(max_length = 120, example = "Dr Jo Example")]
    pub name: String,
    #[schema(required = true)]
    pub role: Option<ExpertRole>,
}

impl Kind for Expert {
    const NAME: &'static str = "experts";
    const SINGULAR: &'static str = "expert";
    const ABOUT: &'static str = "An expert is somebody whom the publications name. Credentials are as given there.";
    const NEEDED: &'static [&'static str] = &["/name", "/role", "/body"];
    const HEADER: &'static [&'static str] = &["/summary", "/sources"];
    const FOR_EVERYONE: bool = true;
    type Brief = ExpertBrief;

    fn brief(&self) -> ExpertBrief {
        ExpertBrief { name: self.name.clone().unwrap_or_default(), role: self.role }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "jo-example".to_owned(),
            title: "Dr Jo Example".to_owned(),
            summary: Some("Quoted on listening.".to_owned()),
            ..plain(header)
        };
        let own = Self {
            name: Some("Dr Jo Example".to_owned()),
            credentials: vec![Line::sample("Ph.D.")],
            role: Some(ExpertRole::Quoted),
            body: Some("Quoted on listening.".to_owned()),
        };
        Document { header, references, own }
    }
}

/// A header without what only advice has, for the examples of kinds that give none.
pub(super) fn plain(header: Header) -> Header {
    Header {
        stance: None,
        nudges: Vec::new(),
        topics: Vec::new(),
        situations: Vec::new(),
        audience: Vec::new(),
        contact: Vec::new(),
        effort: None,
        minutes: None,
        evidence: None,
        content_warnings: Vec::new(),
        contraindications: Vec::new(),
        not_for: None,
        guard: None,
        ..header
    }
}
