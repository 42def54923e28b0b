//! Practitioners and directories of them: where somebody to talk to can be found.
//! Holds always: what is sponsored says so and stands below all that is not, in every order; what is claimed stands beside
//! what it rests on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::experts::plain;
use super::help_contacts::{Country, Language};
use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind, Line};
use crate::http::problem::Fault;
use crate::http::vocabulary;
use crate::resources::web;

/// What only practitioners say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Practitioner {
    /// Who or what is listed.
    pub listing: Option<Listing>,
    /// How they meet people.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub modality: Vec<Modality>,
    /// Whom they see.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub sees: Vec<Sees>,
    /// Where, as two letters (ISO 3166-1); empty when anywhere.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub countries: Vec<Country>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub languages: Vec<Language>,
    #[schema(min_length = 9, max_length = 300, example = "https://example.org/find")]
    pub url: Option<String>,
    /// Whether the entry rests on the provider's own advertising, or is paid for. Such an entry never stands above others.
    #[serde(default)]
    pub is_sponsored: bool,
    /// What the provider says of itself, and what that rests on.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub claims: Vec<OwnClaim>,
    /// The day on which the entry was last looked at.
    pub checked_on: Option<NaiveDate>,
    /// What to know before going there, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "A public register; search by town.")]
    pub body: Option<String>,
}

/// What a provider says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnClaim {
    #[schema(min_length = 1, max_length = 280, example = "Everybody listed is registered.")]
    pub claim: String,
    pub rests_on: ClaimBasis,
    /// What is known about it.
    #[schema(min_length = 1, max_length = 400, example = "Registration is required by law.")]
    pub note: String,
}

vocabulary! {
    /// What a provider's own claim rests on.
    pub enum ClaimBasis {
        /// A law or a public register.
        PublicRecord = "public_record",
        /// Research that can be looked up.
        Research = "research",
        /// The provider's own word.
        OwnWord = "own_word",
        /// Nothing that was named.
        Nothing = "nothing",
    }
}

vocabulary! {
    /// Who or what is listed.
    pub enum Listing {
        /// One person or practice.
        Practice = "practice",
        /// A company that finds somebody for one.
        Platform = "platform",
        /// A public or professional register to search in.
        Register = "register",
        /// A public service that one can call or go to.
        PublicService = "public_service",
    }
}

vocabulary! {
    /// How a practitioner meets people.
    pub enum Modality {
        InPerson = "in_person",
        Phone = "phone",
        Video = "video",
        Chat = "chat",
        Group = "group",
    }
}

vocabulary! {
    /// Whom a practitioner sees.
    pub enum Sees {
        Alone = "alone",
        Together = "together",
    }
}

/// What a list shows of a practitioner besides the header.
#[derive(Debug, Serialize, ToSchema)]
pub struct PractitionerBrief {
    #[schema(required = true)]
    pub listing: Option<Listing>,
    #[schema(max_items = 8)]
    pub modality: Vec<Modality>,
    #[schema(max_items = 4)]
    pub sees: Vec<Sees>,
    #[schema(max_items = 60)]
    pub countries: Vec<Country>,
    pub is_sponsored: bool,
}

impl Kind for Practitioner {
    const NAME: &'static str = "practitioners";
    const SINGULAR: &'static str = "practitioner";
    const ABOUT: &'static str = "A practitioner, or a place to find one. What is sponsored says so and stands below the rest.";
    const NEEDED: &'static [&'static str] = &["/listing", "/modality", "/checked_on", "/body"];
    const HEADER: &'static [&'static str] = &["/summary", "/not_for", "/sources"];
    type Brief = PractitionerBrief;

    fn brief(&self) -> PractitionerBrief {
        PractitionerBrief {
            listing: self.listing,
            modality: self.modality.clone(),
            sees: self.sees.clone(),
            countries: self.countries.clone(),
            is_sponsored: self.is_sponsored,
        }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        web::check("/url", self.url.as_deref(), faults);
        super::help_contacts::check_countries(&self.countries, faults);
    }

    fn rank(&self) -> u8 {
        u8::from(self.is_sponsored)
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "a-public-register".to_owned(),
            title: "A public register".to_owned(),
            not_for: Some("Whoever needs help within the hour.".to_owned()),
            ..plain(header)
        };
        let claim = OwnClaim {
            claim: "Everybody listed is registered.".to_owned(),
            rests_on: ClaimBasis::PublicRecord,
            note: "Registration is required by law.".to_owned(),
        };
        let own = Self {
            listing: Some(Listing::Register),
            modality: vec![Modality::InPerson],
            sees: vec![Sees::Alone, Sees::Together],
            countries: vec![Line::sample("GB")],
            languages: vec![Line::sample("en")],
            url: Some("https://example.org/find".to_owned()),
            is_sponsored: false,
            claims: vec![claim],
            checked_on: NaiveDate::from_ymd_opt(2026, 11, 22),
            body: Some("A public register; search by town.".to_owned()),
        };
        Document { header, references, own }
    }
}
