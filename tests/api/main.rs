//! The API suite: stories told over HTTP, each on SQLite and on PostgreSQL; a new file in this folder is found by itself.
//! Holds always: every test has a database of its own, and every answer is held against the OpenAPI document.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails by panicking, and a JSON value is read by its members' names"
)]
#![allow(unreachable_pub, reason = "nothing of a test program is reached from outside")]

mod harness;

automod::dir!("tests/api");
