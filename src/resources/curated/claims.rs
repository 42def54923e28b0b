//! Claims: what is said about mothers and children and is contested, with what is said against it.
//! Holds always: a claim is never served without its qualification, in lists neither; a claim about health needs a review.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tips::Tip;
use crate::catalogue::rules::fault;
use crate::catalogue::vocabulary::{EvidenceGrade, ReviewStatus};
use crate::catalogue::{Document, Header, Kind};
use crate::http::problem::Fault;
use crate::http::vocabulary;

/// What only claims say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// What is claimed, in our words.
    #[schema(min_length = 1, max_length = 280, example = "That every quarrel has two who are to blame.")]
    pub claim: Option<String>,
    /// What speaks against it, or where it ends. Shown wherever the claim is.
    #[schema(min_length = 1, max_length = 600, example = "A blow is not a quarrel, and only one of two struck it.")]
    pub qualification: Option<String>,
    pub standing: Option<ClaimStanding>,
    /// Whether it is about health: then it is not published before somebody with a credential has read it.
    #[serde(default)]
    pub about_health: bool,
    /// The text, in Markdown without raw HTML and images.
    #[schema(min_length = 1, max_length = 12_000, example = "The sentence is often said to end a talk.")]
    pub body: Option<String>,
}

vocabulary! {
    /// How a claim stands.
    pub enum ClaimStanding {
        /// People who know about it disagree.
        Disputed = "disputed",
        /// Nothing that can be checked was named for it.
        Unsupported = "unsupported",
        /// True for some, and harmful where it is said to all.
        TrueForSome = "true_for_some",
    }
}

/// What a list shows of a claim besides its header: never the claim alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimBrief {
    #[schema(max_length = 280, example = "That every quarrel has two who are to blame.")]
    pub claim: String,
    #[schema(max_length = 600, example = "A blow is not a quarrel, and only one of two struck it.")]
    pub qualification: String,
    #[schema(required = true)]
    pub standing: Option<ClaimStanding>,
}

impl Kind for Claim {
    const NAME: &'static str = "claims";
    const SINGULAR: &'static str = "claim";
    const ABOUT: &'static str = "A claim is something contested that people are told, always together with what is said against it.";
    const NEEDED: &'static [&'static str] = &["/claim", "/qualification", "/standing", "/body"];
    type Brief = ClaimBrief;

    fn brief(&self) -> ClaimBrief {
        ClaimBrief {
            claim: self.claim.clone().unwrap_or_default(),
            qualification: self.qualification.clone().unwrap_or_default(),
            standing: self.standing,
        }
    }

    fn markdown(&self) -> Vec<(String, &str)> {
        self.body.iter().map(|body| ("/body".to_owned(), body.as_str())).collect()
    }

    fn check_publishable(&self, header: &Header, faults: &mut Vec<Fault>) {
        if header.evidence.is_some_and(|grade| grade != EvidenceGrade::Contested) {
            faults.push(fault("/evidence", "not_contested", "What a claim rests on is `contested`; else it is no claim."));
        }
        if self.about_health && header.review.status != ReviewStatus::Reviewed {
            let detail = "A claim about health is not published before somebody with a credential has read it.";
            faults.push(fault("/review/status", "needs_review", detail));
        }
        if self.claim.as_deref().is_some_and(|claim| claim.trim_end_matches('.') == header.title) {
            let detail = "A title travels alone, so that it must not say the claim.";
            faults.push(fault("/title", "unqualified", detail));
        }
    }

    fn example() -> Document<Self> {
        let Document { header, references, .. } = Tip::example();
        let header = Header {
            slug: "it-takes-two-to-quarrel".to_owned(),
            title: "Does it always take two?".to_owned(),
            evidence: Some(EvidenceGrade::Contested),
            ..header
        };
        let own = Self {
            claim: Some("That every quarrel has two who are to blame.".to_owned()),
            qualification: Some("A blow is not a quarrel, and only one of two struck it.".to_owned()),
            standing: Some(ClaimStanding::TrueForSome),
            about_health: false,
            body: Some("The sentence is often said to end a talk.".to_owned()),
        };
        Document { header, references, own }
    }
}
