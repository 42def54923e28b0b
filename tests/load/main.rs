//! The load harness: seeds a database, drives the workloads of a mobile app with wrk, and in the same run a floor server
//! that answers the same bytes from memory after verifying the same token. `cargo bench --bench load -- --help` says how.
//! Holds always: nothing is printed before the rows, the sync mode and the bytes are what the table says they are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on stops with a message, prints its table, divides counts, and reads JSON by name"
)]
#![allow(unreachable_pub, reason = "nothing of a measuring program is reached from outside")]

#[expect(dead_code, reason = "here a server is neither stopped nor followed")]
#[path = "../cluster/server.rs"]
mod server;

mod catalogue;
mod expected;
mod floor;
mod harness;
mod options;
mod process;
mod raw;
mod report;
mod run;
mod seed;
mod store;
mod truth;
mod workload;
mod wrk;

use clap::Parser as _;

use expected::Expected;
use options::{Command, Options};

fn main() {
    let options = Options::parse();
    match &options.command {
        Some(Command::Catalogue { items }) => catalogue::measure(*items),
        Some(Command::Floor { answers, ring, listen }) => floor::serve(answers, ring, *listen),
        Some(Command::Raw { folder, seconds, bytes }) => raw::insert(folder, *seconds, *bytes),
        None => {
            let expected = options.expect.as_deref().map(Expected::read);
            let report = run::measure(&options, expected.as_ref());
            report.print();
            if let Some(expected) = expected {
                expected.hold(&report);
            }
        }
    }
}
