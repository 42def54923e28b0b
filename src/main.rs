//! The `mend` binary: reads the command line, runs the command and says in one line what went wrong.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use mend::cli::{Cli, Found};

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(Found(code)) = error.downcast_ref() {
                return ExitCode::from(*code);
            }
            // Nothing is left to do when even that cannot be said.
            let _ = writeln!(std::io::stderr(), "mend: {error}");
            ExitCode::FAILURE
        }
    }
}
