//! The privacy declaration of submissions.
//! Holds always: each member of what a writer sees is declared, by its own documentation.

use super::shapes::Submission;
use crate::http::openapi::members;
use crate::privacy::map::{Keeping, StoredDocument, StoredField};

/// What is kept of what somebody handed over, for what and for how long.
#[must_use]
pub fn kept() -> StoredDocument {
    let fields = members::<Submission>().into_iter();
    let field = |member: crate::http::openapi::Member| StoredField {
        path: member.path,
        purpose: member.about,
        keeping: Keeping::RECORD,
    };
    StoredDocument {
        name: "submissions",
        purpose: "To let curators read what you hand over, and publish it if they agree, under the pen name that you chose or none.",
        fields: fields.map(field).collect(),
    }
}
