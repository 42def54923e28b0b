//! The resources: one file each, private and curated, accounts beside them, and what goes from one side to the other.
//! Holds always: a resource says what is special about it and nothing that an engine does.

pub mod accounts;
pub mod answers;
pub mod curated;
pub mod guidance;
pub mod local;
pub mod private;
pub mod questions;
pub mod responses;
pub mod rules;
pub mod slots;
pub mod submissions;
pub mod vocabularies;
pub mod web;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails by panicking")]
mod tests;
