//! Who may read the curated content, and how it gets here.

use super::{ConfigError, Settings};

#[derive(Debug, Clone)]
pub struct Catalogue {
    /// `MEND_CATALOGUE_PUBLIC`: curated content may be read without signing in.
    pub public: bool,
    /// `MEND_CATALOGUE_POLL_MILLISECONDS`: how often a node looks for what another one published.
    pub poll_milliseconds: u64,
    /// `MEND_CATALOGUE_STARTER`: loads the starter content into an empty catalogue.
    pub starter: bool,
    /// `MEND_CATALOGUE_TWO_PERSON`: whoever wrote a revision does not approve it.
    pub two_person: bool,
    /// `MEND_CATALOGUE_REPORTS_TO_REVIEW`: so many people who say that an item hurt them send it to review.
    pub reports_to_review: i64,
    /// `MEND_CATALOGUE_SMALLEST_COUNT`: counts below this are not shown to anybody.
    pub smallest_count: i64,
}

impl Catalogue {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            public: settings.switch("catalogue.public")?,
            poll_milliseconds: settings.number("catalogue.poll_milliseconds", 50..=60_000)?,
            starter: settings.switch("catalogue.starter")?,
            two_person: settings.switch("catalogue.two_person")?,
            reports_to_review: settings.number("catalogue.reports_to_review", 1..=1_000)?,
            smallest_count: settings.number("catalogue.smallest_count", 2..=1_000)?,
        })
    }
}
