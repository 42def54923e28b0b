//! Media: pictures with what they show in words, whose they are, and under which terms; other items show them.
//! Holds always: no picture is published without its text for those who do not see it, nor without credit and licence.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::experts::plain;
use super::tips::Tip;
use crate::catalogue::media::{Beside, MediaFile};
use crate::catalogue::rules::fault;
use crate::catalogue::vocabulary::MediaLicence;
use crate::catalogue::{Document, Header, Kind};
use crate::http::problem::Fault;
use crate::resources::web;

/// What only media say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MediaItem)]
pub struct Medium {
    /// What storing the file answered.
    pub file: Option<MediaFile>,
    /// What the picture shows, for those who do not see it: what is in it and what it is there for, without "picture of".
    #[schema(min_length = 1, max_length = 1_000, example = "Two cups on a wooden table, one of them full.")]
    pub alt_text: Option<String>,
    /// What stands below the picture, for everybody.
    #[schema(min_length = 1, max_length = 400, example = "One chair stays empty.")]
    pub caption: Option<String>,
    /// Whom to name.
    #[schema(min_length = 1, max_length = 200, example = "The makers of this catalogue")]
    pub credit: Option<String>,
    pub licence: Option<MediaLicence>,
    /// Where the terms can be read; needed where the licence is not a public one.
    #[schema(min_length = 9, max_length = 300, example = "https://creativecommons.org/licenses/by/4.0/")]
    pub licence_url: Option<String>,
    /// Where the picture was found.
    #[schema(min_length = 9, max_length = 300, example = "https://example.org/pictures/two-cups")]
    pub source_url: Option<String>,
}

/// What a list shows of a medium besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct MediaItemBrief {
    #[schema(required = true, max_length = 1_000, example = "Two cups on a wooden table, one of them full.")]
    pub alt_text: Option<String>,
    #[schema(required = true, max_length = 200, example = "The makers of this catalogue")]
    pub credit: Option<String>,
    #[schema(required = true)]
    pub licence: Option<MediaLicence>,
}

impl Kind for Medium {
    const NAME: &'static str = "media";
    const SINGULAR: &'static str = "medium";
    const ABOUT: &'static str = "A medium is a picture with what it shows in words, whose it is, and under which terms.";
    const NEEDED: &'static [&'static str] = &["/file", "/alt_text", "/credit", "/licence"];
    const HEADER: &'static [&'static str] = &[];
    const FOR_EVERYONE: bool = true;
    const IS_FOUND: bool = false;
    const IS_SHOWN_BESIDE: bool = true;
    type Brief = MediaItemBrief;

    fn brief(&self) -> MediaItemBrief {
        MediaItemBrief { alt_text: self.alt_text.clone(), credit: self.credit.clone(), licence: self.licence }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        Vec::new()
    }

    fn check(&self, _: &Header, faults: &mut Vec<Fault>) {
        web::check("/licence_url", self.licence_url.as_deref(), faults);
        web::check("/source_url", self.source_url.as_deref(), faults);
    }

    fn check_publishable(&self, _: &Header, faults: &mut Vec<Fault>) {
        if self.licence == Some(MediaLicence::WithPermission) && self.licence_url.is_none() {
            let detail = "Say where the permission can be read.";
            faults.push(fault("/licence_url", "needed_to_publish", detail));
        }
    }

    fn file(&self) -> Option<&MediaFile> {
        self.file.as_ref()
    }

    fn beside(&self) -> Option<Beside> {
        Some(Beside {
            alt_text: self.alt_text.clone()?,
            caption: self.caption.clone(),
            credit: self.credit.clone()?,
            licence: self.licence?,
            licence_url: self.licence_url.clone(),
            file: self.file.clone()?,
        })
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "two-cups-on-a-table".to_owned(),
            title: "Two cups on a table".to_owned(),
            summary: None,
            ..plain(header)
        };
        let file = MediaFile {
            sha256: "a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786".to_owned(),
            content_type: "image/png".to_owned(),
            width: 3,
            height: 2,
            byte_length: 76,
        };
        let own = Self {
            file: Some(file),
            alt_text: Some("Two cups on a wooden table, one of them full.".to_owned()),
            caption: None,
            credit: Some("The makers of this catalogue".to_owned()),
            licence: Some(MediaLicence::CcBy),
            licence_url: Some("https://creativecommons.org/licenses/by/4.0/".to_owned()),
            source_url: None,
        };
        Document { header, references, own }
    }
}
