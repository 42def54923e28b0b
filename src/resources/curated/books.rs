//! Books that the publications name, or that were written on the same things.
//! Holds always: an entry says what a book is about and whom it may be wrong for; nobody is paid for it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::experts::plain;
use super::tips::Tip;
use crate::catalogue::{Document, Header, Kind, Line};

/// The name of somebody who wrote a book.
pub type AuthorName = Line<120>;

/// What only books say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Book {
    #[serde(default)]
    #[schema(max_items = 8)]
    pub authors: Vec<AuthorName>,
    /// The year in which it first came out.
    #[schema(minimum = 1_800, maximum = 2_200, example = 1997)]
    pub first_published: Option<i32>,
    /// Language in which it was written (BCP 47).
    #[schema(min_length = 2, max_length = 16, example = "en")]
    pub written_in: Option<String>,
    /// What it is about, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "On what helps when one listens.")]
    pub body: Option<String>,
}

/// What a list shows of a book besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookBrief {
    #[schema(max_items = 8)]
    pub authors: Vec<AuthorName>,
    #[schema(required = true, minimum = 1_800, maximum = 2_200, example = 1997)]
    pub first_published: Option<i32>,
}

impl Kind for Book {
    const NAME: &'static str = "books";
    const SINGULAR: &'static str = "book";
    const ABOUT: &'static str = "A book that the publications name, with whom it may be wrong for.";
    const NEEDED: &'static [&'static str] = &["/authors", "/body"];
    const HEADER: &'static [&'static str] = &["/summary", "/not_for", "/sources"];
    type Brief = BookBrief;

    fn brief(&self) -> BookBrief {
        BookBrief { authors: self.authors.clone(), first_published: self.first_published }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "on-listening".to_owned(),
            title: "On Listening".to_owned(),
            not_for: Some("Days on which reading about it hurts.".to_owned()),
            ..plain(header)
        };
        let own = Self {
            authors: vec![Line::sample("Jo Example")],
            first_published: Some(1997),
            written_in: Some("en".to_owned()),
            body: Some("On what helps when one listens.".to_owned()),
        };
        Document { header, references, own }
    }
}
