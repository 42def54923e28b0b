//! Disclaimers: what this service is not, in editions, so that it is known what somebody agreed to.
//! Holds always: everybody is shown them; an edition's text is that of its revision and never changes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::experts::plain;
use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind};
use crate::http::vocabulary;

/// What only disclaimers say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disclaimer {
    pub about: Option<DisclaimerSubject>,
    /// Which edition of the text this is; raise it when its meaning changes.
    #[schema(minimum = 1, maximum = 1_000, example = 1)]
    pub edition: Option<i32>,
    /// From when it holds.
    pub valid_from: Option<NaiveDate>,
    /// Whether people are asked to agree before they go on.
    #[serde(default)]
    pub needs_consent: bool,
    /// The text, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "This is company, not treatment.")]
    pub body: Option<String>,
}

vocabulary! {
    /// What a disclaimer is about.
    pub enum DisclaimerSubject {
        /// No diagnosis, no treatment.
        NotTreatment = "not_treatment",
        /// What the content rests on, and who has read it.
        Content = "content",
        /// What self-checks are not.
        SelfChecks = "self_checks",
        /// What the help directory is not.
        HelpContacts = "help_contacts",
        /// What warnings before a text are for.
        Warnings = "warnings",
        /// Letters and drafts, which nobody sends.
        Letters = "letters",
        /// No advertising, and how sponsored entries are marked.
        Sponsoring = "sponsoring",
        /// What becomes of words that somebody hands over to be published.
        Submissions = "submissions",
    }
}

/// What a list shows of a disclaimer besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisclaimerBrief {
    #[schema(required = true)]
    pub about: Option<DisclaimerSubject>,
    #[schema(required = true, minimum = 1, example = 1)]
    pub edition: Option<i32>,
    pub needs_consent: bool,
}

impl Kind for Disclaimer {
    const NAME: &'static str = "disclaimers";
    const SINGULAR: &'static str = "disclaimer";
    const ABOUT: &'static str = "A disclaimer says what this service is not, in editions.";
    const NEEDED: &'static [&'static str] = &["/about", "/edition", "/valid_from", "/body"];
    const HEADER: &'static [&'static str] = &["/summary"];
    const FOR_EVERYONE: bool = true;
    type Brief = DisclaimerBrief;

    fn brief(&self) -> DisclaimerBrief {
        DisclaimerBrief { about: self.about, edition: self.edition, needs_consent: self.needs_consent }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "company-not-treatment".to_owned(),
            title: "Company, not treatment".to_owned(),
            summary: Some("What this service is not.".to_owned()),
            ..plain(header)
        };
        let own = Self {
            about: Some(DisclaimerSubject::NotTreatment),
            edition: Some(1),
            valid_from: NaiveDate::from_ymd_opt(2026, 11, 22),
            needs_consent: true,
            body: Some("This is company, not treatment.".to_owned()),
        };
        Document { header, references, own }
    }
}
