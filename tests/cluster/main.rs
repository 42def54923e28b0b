//! PostgreSQL for real: servers that are restarted, killed and promoted under load, and connections that break at the worst
//! moment. Each story has servers of its own and prints what it counted.
//! Holds always: no story shares a server with another; where PostgreSQL is missing the stories say so and do nothing, unless
//! `REQUIRE_POSTGRES=1` makes that a failure.
//!
//! `cargo test --test cluster` keeps to short counts; `CLUSTER_FULL=1 cargo test --test cluster -- --test-threads=1` takes
//! some minutes and is what the README's figures come from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails by panicking, and a JSON value is read by its members' names"
)]
#![allow(unreachable_pub, reason = "nothing of a test program is reached from outside")]

#[path = "../api/harness/mod.rs"]
mod harness;

mod black_hole;
mod broken_commit;
mod counts;
mod failover;
mod help_first;
mod journal;
mod node;
mod partitions;
mod proxy;
mod restart;
mod sequence;
mod server;
mod start;
