//! Tests of the curated engine with a kind of their own, so that no real kind decides about them.

#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod content;
mod kind;
mod listing;
mod rules;
mod views;
