//! Boundary templates: a limit to start from, with slots, for each situation.
//! Holds always: a template says what its reader will do, never what she must do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::rules::fault;
use crate::catalogue::{Document, Header, Kind};
use crate::http::problem::Fault;
use crate::resources::private::boundaries::BoundaryCategory;
use crate::resources::slots::{self, Slot};

/// What only boundary templates say. The members are those of a boundary, to be copied into one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BoundaryTemplate {
    pub category: Option<BoundaryCategory>,
    /// The boundary, with slots.
    #[schema(min_length = 1, max_length = 600, example = "I take calls until {hour}.")]
    pub statement: Option<String>,
    /// What it protects.
    #[schema(min_length = 1, max_length = 600, example = "My evenings, and my sleep.")]
    pub why: Option<String>,
    /// What its owner does when it is not kept, with slots.
    #[schema(min_length = 1, max_length = 600, example = "After {hour} the phone is in the other room.")]
    pub what_i_will_do: Option<String>,
    /// Words in which it can be said, with slots; saying it aloud is never needed.
    #[schema(min_length = 1, max_length = 600, example = "I'm glad to talk until {hour}.")]
    pub how_i_say_it: Option<String>,
    /// What belongs into the slots.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub slots: Vec<Slot>,
    /// The text, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "An hour is easier to keep than a feeling.")]
    pub body: Option<String>,
}

/// What a list shows of a boundary template besides its header.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoundaryTemplateBrief {
    #[schema(required = true)]
    pub category: Option<BoundaryCategory>,
    #[schema(max_length = 600, example = "I take calls until {hour}.")]
    pub statement: String,
}

impl Kind for BoundaryTemplate {
    const NAME: &'static str = "boundary-templates";
    const SINGULAR: &'static str = "boundary_template";
    const ABOUT: &'static str = "A boundary template is a limit to start from. It says what its owner will do, not what she must do.";
    const NEEDED: &'static [&'static str] = &["/category", "/statement", "/why", "/what_i_will_do", "/body"];
    type Brief = BoundaryTemplateBrief;

    fn brief(&self) -> BoundaryTemplateBrief {
        BoundaryTemplateBrief { category: self.category, statement: self.statement.clone().unwrap_or_default() }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check(&self, _header: &Header, faults: &mut Vec<Fault>) {
        let texts =
            [("/statement", &self.statement), ("/what_i_will_do", &self.what_i_will_do), ("/how_i_say_it", &self.how_i_say_it)];
        let texts = texts.into_iter().filter_map(|(pointer, text)| Some((pointer.to_owned(), text.as_deref()?)));
        slots::check(&self.slots, &texts.collect::<Vec<_>>(), faults);
    }

    fn check_publishable(&self, header: &Header, faults: &mut Vec<Fault>) {
        if header.situations.is_empty() {
            faults.push(fault("/situations", "needed_to_publish", "A template names the situations that it is for."));
        }
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header { slug: "quiet-evenings".to_owned(), title: "Quiet evenings".to_owned(), ..header };
        let hour = Slot {
            name: "hour".to_owned(),
            about: "When your evening begins".to_owned(),
            example: "eight o'clock".to_owned(),
        };
        let own = Self {
            category: Some(BoundaryCategory::Contact),
            statement: Some("I take calls until {hour}.".to_owned()),
            why: Some("My evenings, and my sleep.".to_owned()),
            what_i_will_do: Some("After {hour} the phone is in the other room.".to_owned()),
            how_i_say_it: Some("I'm glad to talk until {hour}.".to_owned()),
            slots: vec![hour],
            body: Some("An hour is easier to keep than a feeling.".to_owned()),
        };
        Document { header, references, own }
    }
}
