//! Help contacts: lines and services by country, with the day on which each was last looked at.
//! Holds always: everybody is shown all of them; the lines of a contact stay together; what was not looked at for long says so.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::experts::plain;
use super::tips::Tip;
use crate::catalogue::document::References;
use crate::catalogue::rules::fault;
use crate::catalogue::{ANY, Document, Filter, Header, Kind, Line, OnDay};
use crate::http::problem::Fault;
use crate::http::vocabulary;
use crate::resources::web;

/// After so many days without a look a contact says that it is stale.
pub const STALE_AFTER_DAYS: u64 = 180;

/// A country as two letters (ISO 3166-1).
pub type Country = Line<2>;
/// A language (BCP 47).
pub type Language = Line<16>;

/// What only help contacts say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HelpContact {
    /// Where it can be reached, as two letters (ISO 3166-1); empty when from anywhere.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub countries: Vec<Country>,
    /// In which languages people are answered.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub languages: Vec<Language>,
    /// What it is for.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub helps_with: Vec<HelpTopic>,
    /// The ways to reach it. They belong together.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub lines: Vec<HelpLine>,
    #[schema(min_length = 9, max_length = 300, example = "https://www.samaritans.org")]
    pub website: Option<String>,
    /// Where this was looked up.
    #[schema(min_length = 1, max_length = 200, example = "The organisation's own pages")]
    pub looked_up_in: Option<String>,
    /// The day on which it was last looked up.
    pub checked_on: Option<NaiveDate>,
    /// What that look was, and what it was not.
    #[schema(min_length = 1, max_length = 280, example = "Looked up, not called.")]
    pub check_note: Option<String>,
    /// Whether the last look is long ago: then compare before relying on it. Set by the service.
    #[serde(default)]
    #[schema(read_only)]
    pub stale: bool,
    /// What happens when one calls, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "A volunteer listens. You need not give a name.")]
    pub body: Option<String>,
}

/// One way to reach a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HelpLineInput)]
pub struct HelpLine {
    pub method: HelpMethod,
    /// The number as it is dialled in the country, the address, or the page.
    #[schema(min_length = 2, max_length = 200, example = "116 123")]
    pub value: String,
    /// When somebody answers.
    #[schema(min_length = 1, max_length = 160, example = "day and night")]
    pub hours: Option<String>,
    /// What else to know, such as what it costs.
    #[schema(min_length = 1, max_length = 200, example = "free")]
    pub note: Option<String>,
}

vocabulary! {
    /// What a contact is for.
    pub enum HelpTopic {
        /// Life in danger now.
        Emergency = "emergency",
        /// A crisis of any kind, and thoughts of ending one's life.
        Crisis = "crisis",
        /// Somebody who listens, whatever it is about.
        Listening = "listening",
        DomesticViolence = "domestic_violence",
        SexualViolence = "sexual_violence",
        /// Children and young people.
        YoungPeople = "young_people",
        /// Parents with a question about their own parenting.
        Parents = "parents",
        OlderPeople = "older_people",
        Grief = "grief",
        MentalHealth = "mental_health",
        /// Finding any of these elsewhere.
        Directory = "directory",
    }
}

vocabulary! {
    /// How a contact is reached.
    pub enum HelpMethod {
        Phone = "phone",
        Text = "text",
        Chat = "chat",
        Email = "email",
        Web = "web",
    }
}

/// What a list shows of a help contact besides the header: all that is needed to call.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpContactBrief {
    #[schema(max_items = 60)]
    pub countries: Vec<Country>,
    #[schema(max_items = 30)]
    pub languages: Vec<Language>,
    #[schema(max_items = 12)]
    pub helps_with: Vec<HelpTopic>,
    #[schema(max_items = 8)]
    pub lines: Vec<HelpLineShown>,
    #[schema(required = true)]
    pub checked_on: Option<NaiveDate>,
    /// Whether the last look is long ago.
    pub stale: bool,
}

/// One way to reach a contact, in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpLineShown {
    pub method: HelpMethod,
    #[schema(max_length = 200, example = "116 123")]
    pub value: String,
    #[schema(required = true, max_length = 160, example = "day and night")]
    pub hours: Option<String>,
    #[schema(required = true, max_length = 200, example = "free")]
    pub note: Option<String>,
}

impl Kind for HelpContact {
    const NAME: &'static str = "help-contacts";
    const SINGULAR: &'static str = "help_contact";
    const ABOUT: &'static str = "A help contact is a line or a service, by country. Nobody here has called it: look at \
        `checked_on`, and at `stale`.";
    const NEEDED: &'static [&'static str] =
        &["/helps_with", "/lines", "/lines/*/hours", "/looked_up_in", "/checked_on", "/check_note", "/body"];
    const HEADER: &'static [&'static str] = &["/summary"];
    const FOR_EVERYONE: bool = true;
    const OPEN: bool = true;
    const FILTERS: &'static [Filter] = &[
        Filter {
            parameter: "country",
            about: "Reachable from there (ISO 3166-1, two capital letters); what is reachable from anywhere fits any.",
            example: "GB",
            takes: |word| word.len() == 2 && word.bytes().all(|letter| letter.is_ascii_uppercase()),
        },
        Filter {
            parameter: "topic",
            about: "What it helps with.",
            example: "crisis",
            takes: |word| word.parse::<HelpTopic>().is_ok(),
        },
        Filter {
            parameter: "language",
            about: "A language in which people are answered (BCP 47).",
            example: "en",
            takes: |word| (2..=16).contains(&word.len()),
        },
    ];
    type Brief = HelpContactBrief;

    fn brief(&self) -> HelpContactBrief {
        let shown = |line: &HelpLine| HelpLineShown {
            method: line.method,
            value: line.value.clone(),
            hours: line.hours.clone(),
            note: line.note.clone(),
        };
        HelpContactBrief {
            countries: self.countries.clone(),
            languages: self.languages.clone(),
            helps_with: self.helps_with.clone(),
            lines: self.lines.iter().map(shown).collect(),
            checked_on: self.checked_on,
            stale: self.stale,
        }
    }

    fn filtered_by(&self, _references: &References) -> Vec<(&'static str, String)> {
        let anywhere = self.countries.is_empty().then(|| ("country", ANY.to_owned()));
        let countries = self.countries.iter().map(|country| ("country", country.to_string()));
        let topics = self.helps_with.iter().map(|topic| ("topic", topic.as_str().to_owned()));
        let languages = self.languages.iter().map(|language| ("language", language.to_string()));
        anywhere.into_iter().chain(countries).chain(topics).chain(languages).collect()
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn settle(&mut self, _item: crate::database::Id) {
        self.stale = false;
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        web::check("/website", self.website.as_deref(), faults);
        check_countries(&self.countries, faults);
        for (index, line) in self.lines.iter().enumerate() {
            let pointer = format!("/lines/{index}/value");
            match line.method {
                HelpMethod::Chat | HelpMethod::Web => web::check(&pointer, Some(&line.value), faults),
                HelpMethod::Phone | HelpMethod::Text if !is_dialled(&line.value) => {
                    faults.push(fault(pointer, "not_a_number", "A number is digits, spaces and signs, as it is dialled."));
                }
                HelpMethod::Phone | HelpMethod::Text | HelpMethod::Email => {}
            }
        }
    }

    /// The number for life in danger comes first, then what answers in the country, then what answers everybody.
    fn rank(&self) -> u8 {
        match (self.helps_with.contains(&HelpTopic::Emergency), self.countries.is_empty()) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        }
    }

    fn on_day(&self, today: NaiveDate) -> OnDay<Self> {
        let fresh = today.checked_sub_days(Days::new(STALE_AFTER_DAYS));
        match (self.checked_on, fresh) {
            (Some(checked), Some(fresh)) if checked >= fresh => OnDay::Unchanged,
            _ => OnDay::Changed(Self { stale: true, ..self.clone() }),
        }
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "example-listening-line".to_owned(),
            title: "Example listening line".to_owned(),
            summary: Some("Somebody listens, day and night.".to_owned()),
            ..plain(header)
        };
        let line = HelpLine {
            method: HelpMethod::Phone,
            value: "116 123".to_owned(),
            hours: Some("day and night".to_owned()),
            note: Some("free".to_owned()),
        };
        let own = Self {
            countries: vec![Line::sample("GB")],
            languages: vec![Line::sample("en")],
            helps_with: vec![HelpTopic::Listening],
            lines: vec![line],
            website: Some("https://example.org".to_owned()),
            looked_up_in: Some("The organisation's own pages".to_owned()),
            checked_on: NaiveDate::from_ymd_opt(2026, 11, 22),
            check_note: Some("Looked up, not called.".to_owned()),
            stale: false,
            body: Some("A volunteer listens. You need not give a name.".to_owned()),
        };
        Document { header, references, own }
    }
}

/// Notes what at `/countries` is not two capital letters.
pub(super) fn check_countries(countries: &[Country], faults: &mut Vec<Fault>) {
    for (index, country) in countries.iter().enumerate() {
        if country.len() != 2 || !country.chars().all(|one| one.is_ascii_uppercase()) {
            let detail = "A country is two capital letters (ISO 3166-1).";
            faults.push(fault(format!("/countries/{index}"), "wrong_format", detail));
        }
    }
}

/// Letters occur where a word is sent to a number: "HOME to 741741".
fn is_dialled(value: &str) -> bool {
    value.chars().any(|one| one.is_ascii_digit())
        && value.chars().all(|one| one.is_alphanumeric() || matches!(one, ' ' | '+' | '-' | '(' | ')' | '/'))
}
