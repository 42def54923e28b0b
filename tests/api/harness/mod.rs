//! What a story needs: a running world, people in it, and answers that were held against the document.
//! Holds always: a test takes what it needs with `use crate::harness::*;` and touches no global state.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "a vocabulary for stories: not each word is used at all times"
)]

mod actor;
mod answer;
pub mod binary;
mod bodies;
mod conformity;
mod conformity_tests;
pub mod document;
mod engine;
pub mod examples;
pub mod golden;
pub mod ground;
pub mod logs;
mod node;
pub mod part;
pub mod pictures;
pub mod postgres;
mod record;
mod request;
pub mod scratch;
mod socket;
pub mod world;

pub use actor::Actor;
pub use answer::Answer;
pub use bodies::{refused, with};
pub use engine::Engine;
pub use node::Node;
pub use record::Record;
pub use request::Request;
pub use rstest::rstest;
pub use rstest_reuse::apply;
pub use serde_json::{Value, json};
pub use socket::{Heard, Socket};
pub use ureq::http::Method;
pub use world::{World, eventually};

/// A story that runs once on each database:
///
/// ```
/// #[apply(on_both_databases)]
/// fn a_list_comes_back(#[case] engine: Engine) {
///     let world = World::start(engine);
///     let asha = world.sign_up("asha");
///     let list = asha.writes("/v1/boundary-lists", &json!({"title": "Phone calls"}));
///     assert_eq!(asha.reads(&list.path)["title"], "Phone calls");
/// }
/// ```
#[rstest_reuse::template]
#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
fn on_both_databases(#[case] engine: Engine) {}
