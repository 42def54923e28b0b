//! Tests of the curated engine with a kind of their own, so that no real kind decides about them.

mod content;
mod kind;
mod listing;
mod rules;
mod search;
mod views;
