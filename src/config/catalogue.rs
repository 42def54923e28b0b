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
}

impl Catalogue {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            public: settings.switch("catalogue.public")?,
            poll_milliseconds: settings.number("catalogue.poll_milliseconds", 50..=60_000)?,
            starter: settings.switch("catalogue.starter")?,
            two_person: settings.switch("catalogue.two_person")?,
        })
    }
}
