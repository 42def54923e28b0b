//! The tests' own way to find PostgreSQL and to clean up after it.
//! Holds always: nothing is written here again that the API suite's harness has.

#![expect(dead_code, reason = "of what the tests share, this needs what starts and ends a server")]

#[path = "../api/harness/postgres.rs"]
pub mod postgres;
#[path = "../api/harness/scratch.rs"]
pub mod scratch;
