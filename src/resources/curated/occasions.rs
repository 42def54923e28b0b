//! Occasions: days that can stir things, with the rule of their date in each country.
//! Holds always: a rule gives the same day on every node; an occasion reminds nobody by itself.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::experts::plain;
use super::help_contacts::Country;
use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind, Line, OnDay};
use crate::http::problem::Fault;

mod rule;

pub use rule::{DayOfWeek, DateRule, RuleKind};

/// What only occasions say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Occasion {
    /// When it is, by country. Empty for days that everybody has of their own, such as her birthday.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub dates: Vec<CountryDate>,
    /// What the day may stir and what may help, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "The shops know before you do.")]
    pub body: Option<String>,
}

/// The rule of a date in some countries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CountryDateInput)]
pub struct CountryDate {
    /// Where it holds, as two letters (ISO 3166-1).
    #[schema(min_items = 1, max_items = 60)]
    pub countries: Vec<Country>,
    pub rule: DateRule,
    /// What the day is called there.
    #[schema(min_length = 1, max_length = 120, example = "Mothering Sunday")]
    pub called: Option<String>,
    /// The next day that the rule gives, today included. Set by the service.
    #[schema(read_only)]
    pub next_on: Option<NaiveDate>,
}

/// What a list shows of an occasion besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct OccasionBrief {
    /// In how many countries a rule is known.
    #[schema(minimum = 0, example = 15)]
    pub country_count: usize,
}

impl Kind for Occasion {
    const NAME: &'static str = "occasions";
    const SINGULAR: &'static str = "occasion";
    const ABOUT: &'static str = "An occasion is a day that can stir things, with the rule of its date by country. It reminds nobody.";
    const NEEDED: &'static [&'static str] = &["/body"];
    const HEADER: &'static [&'static str] = &["/summary", "/not_for", "/guard"];
    const FOR_EVERYONE: bool = true;
    type Brief = OccasionBrief;

    fn brief(&self) -> OccasionBrief {
        OccasionBrief { country_count: self.dates.iter().map(|date| date.countries.len()).sum() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn settle(&mut self, _item: crate::database::Id) {
        for date in &mut self.dates {
            date.next_on = None;
        }
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        for (index, date) in self.dates.iter().enumerate() {
            date.rule.check(&format!("/dates/{index}/rule"), faults);
        }
        let all: Vec<Country> = self.dates.iter().flat_map(|date| date.countries.clone()).collect();
        super::help_contacts::check_countries(&all, faults);
        let mut seen = std::collections::BTreeSet::new();
        for (index, date) in self.dates.iter().enumerate() {
            if date.countries.iter().any(|country| !seen.insert(country)) {
                let detail = "Another rule of this occasion holds in this country.";
                faults.push(crate::catalogue::rules::fault(format!("/dates/{index}/countries"), "repeated", detail));
            }
        }
    }

    fn on_day(&self, today: NaiveDate) -> OnDay<Self> {
        let mut dated = self.clone();
        for date in &mut dated.dates {
            // A fixed day may be missing in a year (29 February), so that the next two years are asked as well.
            let years = today.year()..=today.year() + 8;
            date.next_on = years.filter_map(|year| date.rule.in_year(year)).find(|day| *day >= today);
        }
        OnDay::Changed(dated)
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "mothering-day".to_owned(),
            title: "Mothering day".to_owned(),
            summary: Some("A day on which mothers are thought of.".to_owned()),
            not_for: Some("Whoever would rather not hear of it: mute it.".to_owned()),
            guard: Some("You need not mark the day.".to_owned()),
            ..plain(header)
        };
        let date = CountryDate {
            countries: ["GB", "IE"].map(Line::sample).into(),
            rule: DateRule::after_easter(-21),
            called: Some("Mothering Sunday".to_owned()),
            next_on: None,
        };
        let own = Self { dates: vec![date], body: Some("The shops know before you do.".to_owned()) };
        Document { header, references, own }
    }
}
