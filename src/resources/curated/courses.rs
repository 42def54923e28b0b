//! Courses and events, with their dates.
//! Holds always: what is over is not shown any more, from the day after its last day (UTC).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::experts::plain;
use super::tips::Tip;
use crate::catalogue::rules::fault;
use crate::catalogue::{Document, Header, Kind, OnDay};
use crate::http::problem::Fault;
use crate::resources::web;

/// What only courses say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Course {
    /// Who holds it.
    #[schema(min_length = 1, max_length = 160, example = "Example Adult School")]
    pub provider: Option<String>,
    /// The first day; null when it can be begun at any time.
    pub starts_on: Option<NaiveDate>,
    /// The last day; null when it has none.
    pub ends_on: Option<NaiveDate>,
    /// Language in which it is held (BCP 47).
    #[schema(min_length = 2, max_length = 16, example = "en")]
    pub held_in: Option<String>,
    #[schema(min_length = 9, max_length = 300, example = "https://example.org/course")]
    pub url: Option<String>,
    /// Whether somebody pays for the entry, or profits from it.
    #[serde(default)]
    pub is_sponsored: bool,
    /// What it is about, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "Four evenings on listening.")]
    pub body: Option<String>,
}

/// What a list shows of a course besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourseBrief {
    #[schema(max_length = 160, example = "Example Adult School")]
    pub provider: String,
    #[schema(required = true)]
    pub starts_on: Option<NaiveDate>,
    #[schema(required = true)]
    pub ends_on: Option<NaiveDate>,
    pub is_sponsored: bool,
}

impl Kind for Course {
    const NAME: &'static str = "courses";
    const SINGULAR: &'static str = "course";
    const ABOUT: &'static str = "A course or event. What is over is not shown any more.";
    const NEEDED: &'static [&'static str] = &["/provider", "/url", "/body"];
    const HEADER: &'static [&'static str] = &["/summary", "/not_for", "/sources"];
    type Brief = CourseBrief;

    fn brief(&self) -> CourseBrief {
        CourseBrief {
            provider: self.provider.clone().unwrap_or_default(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            is_sponsored: self.is_sponsored,
        }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        web::check("/url", self.url.as_deref(), faults);
        if let (Some(first), Some(last)) = (self.starts_on, self.ends_on)
            && last < first
        {
            faults.push(fault("/ends_on", "before_start", "The last day is not before the first."));
        }
    }

    fn rank(&self) -> u8 {
        u8::from(self.is_sponsored)
    }

    fn on_day(&self, today: NaiveDate) -> OnDay<Self> {
        // A course that names its first day only is over when that has passed: nobody can begin it any more.
        if self.ends_on.or(self.starts_on).is_some_and(|last| last < today) { OnDay::Over } else { OnDay::Unchanged }
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "evenings-on-listening".to_owned(),
            title: "Evenings on listening".to_owned(),
            not_for: Some("Whoever is in a crisis now.".to_owned()),
            ..plain(header)
        };
        let own = Self {
            provider: Some("Example Adult School".to_owned()),
            starts_on: NaiveDate::from_ymd_opt(2199, 3, 4),
            ends_on: NaiveDate::from_ymd_opt(2199, 3, 25),
            held_in: Some("en".to_owned()),
            url: Some("https://example.org/course".to_owned()),
            is_sponsored: false,
            body: Some("Four evenings on listening.".to_owned()),
        };
        Document { header, references, own }
    }
}
