//! The privacy declaration of accounts: what a person sees of their account, their sessions and its security events.
//! Holds always: each member of those answers is declared, by its own documentation.

use utoipa::ToSchema;

use super::shapes::{Me, SecurityEvent, Session};
use crate::http::openapi::members;
use crate::privacy::map::{Keeping, StoredDocument, StoredField};

/// What is kept of an account, for what and for how long.
#[must_use]
pub fn kept() -> Vec<StoredDocument> {
    vec![
        document::<Me>("me", "To know you again when you sign in, and to call you what you want to be called."),
        document::<Session>("sessions", "To keep your devices signed in, and to let you end that."),
        document::<SecurityEvent>("security-events", "To let you see what happened to your account."),
    ]
}

fn document<T: ToSchema>(name: &'static str, purpose: &'static str) -> StoredDocument {
    let fields = members::<T>();
    let field = |member: crate::http::openapi::Member| StoredField {
        path: member.path,
        purpose: member.about,
        keeping: Keeping::ACCOUNT,
    };
    StoredDocument { name, purpose, fields: fields.into_iter().map(field).collect() }
}
