//! What is broken on purpose: the real `mend` as a process of its own, and one file for each fault.
//! Holds always: a fault has the machine to itself, its own data directory, and prints what it counted.
//!
//! `cargo test --test faults` runs each with a small count; `FAULTS=full cargo test --release --test faults -- --nocapture`
//! runs the counts of the promises and prints them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails by panicking, and a JSON value is read by its members' names"
)]
#![allow(dead_code, unreachable_pub, reason = "of the API suite's PostgreSQL not each word is used here")]

#[path = "../api/harness/postgres.rs"]
mod postgres;
mod rig;
#[path = "../api/harness/scratch.rs"]
mod scratch;

mod clock_jumps;
mod damaged_file;
mod disk_full;
mod io_error;
mod kills;
mod overload;
mod rolling;
mod slow_clients;
mod sync_order;
