//! Whether people may hand over what they wrote, to be published.

use super::{ConfigError, Settings};

#[derive(Debug, Clone)]
pub struct Submissions {
    /// `MEND_SUBMISSIONS_OPEN`: people may hand over stories, comments and reviews, and curators decide about them.
    pub open: bool,
    /// `MEND_SUBMISSIONS_WAITING_PER_PERSON`: so many of one person may wait for curators at a time.
    pub waiting_per_person: i64,
}

impl Submissions {
    pub(super) fn read(settings: &Settings) -> Result<Self, ConfigError> {
        Ok(Self {
            open: settings.switch("submissions.open")?,
            waiting_per_person: settings.number("submissions.waiting_per_person", 1..=100)?,
        })
    }
}
