//! Stories, comments and reviews: what people have told of themselves and handed over to be published.
//! Holds always: no account stands behind one, only a pen name or none; it holds no e-mail address; what it speaks of, it is
//! linked to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::document::References;
use crate::catalogue::rules::fault;
use crate::catalogue::vocabulary::{EvidenceGrade, LinkMeaning};
use crate::catalogue::{Document, Filter, Header, Kind};
use crate::http::problem::Fault;
use crate::http::vocabulary;

/// What only stories say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Story {
    pub form: Option<StoryForm>,
    /// What its writer wants to be called; null when they want no name.
    #[schema(min_length = 1, max_length = 60, example = "R., fifty-one")]
    pub pen_name: Option<String>,
    /// The text, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "For a year I wrote her letters that I did not send.")]
    pub body: Option<String>,
}

vocabulary! {
    /// What somebody tells.
    pub enum StoryForm {
        /// What happened to them.
        Story = "story",
        /// What they say to an item of this catalogue.
        Comment = "comment",
        /// How a book, a course or another item was for them.
        Review = "review",
    }
}

/// What a list shows of a story besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryBrief {
    #[schema(required = true)]
    pub form: Option<StoryForm>,
    /// What its writer wants to be called; null when they want no name.
    #[schema(required = true, max_length = 60, example = "R., fifty-one")]
    pub pen_name: Option<String>,
}

impl Kind for Story {
    const NAME: &'static str = "stories";
    const SINGULAR: &'static str = "story";
    const ABOUT: &'static str = "A story, a comment or a review is what somebody told of themselves and agreed to have published, \
        under a pen name or none.";
    const NEEDED: &'static [&'static str] = &["/form", "/body"];
    const HEADER: &'static [&'static str] = &["/summary", "/stance", "/not_for", "/guard"];
    const FILTERS: &'static [Filter] = &[
        Filter {
            parameter: "form",
            about: "A story, a comment or a review.",
            example: "comment",
            takes: |word| word.parse::<StoryForm>().is_ok(),
        },
        Filter {
            parameter: "about",
            about: "The item that it speaks of: its kind, a slash, and its slug.",
            example: "tip/say-it-while-it-is-small",
            takes: |word| word.split_once('/').is_some_and(|(kind, slug)| !kind.is_empty() && !slug.is_empty()),
        },
    ];
    type Brief = StoryBrief;

    fn brief(&self) -> StoryBrief {
        StoryBrief { form: self.form, pen_name: self.pen_name.clone() }
    }

    fn filtered_by(&self, references: &References) -> Vec<(&'static str, String)> {
        let spoken_of = references.links.iter().filter(|link| link.meaning == LinkMeaning::About);
        let about = spoken_of.map(|link| ("about", format!("{}/{}", link.kind, link.slug)));
        self.form.iter().map(|form| ("form", form.as_str().to_owned())).chain(about).collect()
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check(&self, header: &Header, faults: &mut Vec<Fault>) {
        let said = [
            ("/title", Some(&header.title)),
            ("/summary", header.summary.as_ref()),
            ("/pen_name", self.pen_name.as_ref()),
            ("/body", self.body.as_ref()),
        ];
        for (pointer, text) in said {
            if text.is_some_and(|text| holds_address(text)) {
                faults.push(address_fault(pointer));
            }
        }
    }

    fn check_publishable(&self, header: &Header, faults: &mut Vec<Fault>) {
        if header.evidence.is_some_and(|grade| grade != EvidenceGrade::PersonalOpinion) {
            faults.push(fault("/evidence", "not_personal", "What somebody tells is `personal_opinion`, whatever it says."));
        }
    }

    fn example() -> Document<Self> {
        let Document { header, .. } = Tip::example();
        let header = Header {
            slug: "letters-in-a-drawer".to_owned(),
            title: "Letters in a drawer".to_owned(),
            summary: Some("A year of letters that nobody got, and what they were good for.".to_owned()),
            ..header
        };
        let own = Self {
            form: Some(StoryForm::Story),
            pen_name: Some("R., fifty-one".to_owned()),
            body: Some("For a year I wrote her letters that I did not send.".to_owned()),
        };
        Document { header, references: References::default(), own }
    }
}

/// The fault of a text that holds an e-mail address.
#[must_use]
pub fn address_fault(pointer: &str) -> Fault {
    fault(pointer, "email_address", "Leave out e-mail addresses: they lead to a person.")
}

/// Whether a text holds something that is written like an e-mail address.
#[must_use]
pub fn holds_address(text: &str) -> bool {
    let is_around = |letter: char| letter.is_whitespace() || "<>()[],;:\"'".contains(letter);
    text.split(is_around).any(|word| {
        let Some((who, place)) = word.split_once('@') else { return false };
        let place = place.trim_end_matches(['.', '!', '?']);
        !who.is_empty() && place.rsplit_once('.').is_some_and(|(host, end)| !host.is_empty() && end.len() >= 2)
    })
}

#[cfg(test)]
mod tests {
    use super::holds_address;

    #[test]
    fn an_address_is_known_by_its_form() {
        for text in ["a@b.org", "Write to (asha.k@mail.example.org).", "<x@y.eu>", "mailto:x@y.eu!"] {
            assert!(holds_address(text), "{text}");
        }
        for text in ["@asha", "five @ seven", "me@home", "", "a.b.c", "half past 7@night."] {
            assert!(!holds_address(text), "{text}");
        }
    }
}
