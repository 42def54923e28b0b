//! Pictures: the files behind curated items, and what is told of them wherever an item shows one.
//! Holds always: a file is stored once, under the SHA-256 of its bytes, after it was taken apart (`picture`); readers get it
//! only while a published item is about it.

mod beside;
pub mod operations;
mod picture;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::vocabulary::MediaLicence;
use crate::database::Id;

pub use beside::{Beside, Pictures};
pub use store::{faults, is_shown, sweep};

/// The largest file.
pub const MOST_BYTES: usize = 2_097_152;

/// What is known of a file, as storing it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MediaFileInput)]
pub struct MediaFile {
    /// SHA-256 of the bytes, in lower-case hexadecimal digits. It names the file.
    #[schema(
        min_length = 64,
        max_length = 64,
        pattern = "^[0-9a-f]{64}$",
        example = "a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786"
    )]
    pub sha256: String,
    /// What it is: `image/png`, `image/jpeg` or `image/webp`.
    #[schema(min_length = 9, max_length = 10, example = "image/png")]
    pub content_type: String,
    /// Pixels from left to right.
    #[schema(minimum = 1, maximum = 8_192, example = 1_200)]
    pub width: i32,
    /// Pixels from top to bottom.
    #[schema(minimum = 1, maximum = 8_192, example = 800)]
    pub height: i32,
    #[schema(minimum = 1, maximum = 2_097_152, example = 183_204)]
    pub byte_length: i32,
}

/// A picture beside an item that shows it: all that an app needs to show it and to say whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShownMedium {
    /// The medium as an item of its own.
    pub id: Id,
    #[schema(max_length = 60, example = "two-cups-on-a-table")]
    pub slug: String,
    /// Language of the texts.
    #[schema(max_length = 16, example = "en")]
    pub locale: String,
    /// What the picture shows, for those who do not see it.
    #[schema(max_length = 1_000, example = "Two cups on a wooden table, one of them full.")]
    pub alt_text: String,
    #[schema(required = true, max_length = 400, example = "One chair stays empty.")]
    pub caption: Option<String>,
    /// Whom to name.
    #[schema(max_length = 200, example = "The makers of this catalogue")]
    pub credit: String,
    pub licence: MediaLicence,
    /// Where the terms can be read.
    #[schema(required = true, max_length = 300, example = "https://creativecommons.org/licenses/by/4.0/")]
    pub licence_url: Option<String>,
    /// Where the file is read.
    #[schema(
        max_length = 120,
        example = "/v1/media-files/a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786"
    )]
    pub url: String,
    #[schema(max_length = 64, example = "a5d4c003c5926405d9352a984ddbeef44bd1b99e7af5b8c358a0b601a6661786")]
    pub sha256: String,
    #[schema(max_length = 10, example = "image/png")]
    pub content_type: String,
    #[schema(minimum = 1, example = 1_200)]
    pub width: i32,
    #[schema(minimum = 1, example = 800)]
    pub height: i32,
    #[schema(minimum = 1, example = 183_204)]
    pub byte_length: i32,
}
