//! The web layer that every resource shares: problems, bodies, queries, pages, conditional requests, idempotency, limits.
//! Holds always: every answer that is not 2xx or 304 is a problem, and no problem echoes a value that came from outside.

pub mod body;
pub mod code;
pub mod conditional;
mod convert;
pub mod fallback;
pub mod idempotency;
pub mod input;
pub mod layers;
pub mod merge_patch;
pub mod mount;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod query;
pub mod vocabulary;

pub use code::Code;
pub use problem::{Answer, Problem};
pub use vocabulary::vocabulary;
