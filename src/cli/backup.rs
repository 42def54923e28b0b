//! `mend backup`: taking encrypted copies beside the running service, and reading them back.
//! Holds always: standard output is one JSON value for programs, standard error what happens meanwhile for people; the exit code
//! is 0 only for a backup that was read back and found whole.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use serde::Serialize;

use super::{Outcome, say};
use crate::config::Config;
use crate::database::Clock;
use crate::operations::backup;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Copy database, keystore and ledger into a folder, encrypted, and verify the copies; safe while the service runs
    Create {
        /// The folder to write to
        folder: PathBuf,
        /// Another folder for the keystore's file, which should be kept for days only
        #[arg(long, value_name = "FOLDER")]
        keystore_to: Option<PathBuf>,
    },
    /// Open and check every byte of a set
    Verify {
        /// The file that ends in .database
        database: PathBuf,
        /// The keystore's file, where it is not beside the database's
        #[arg(long, value_name = "FILE")]
        keystore: Option<PathBuf>,
    },
    /// Write only the ledger of what was erased, on either engine: a restore applies the newest one
    Ledger {
        /// The folder to write to
        folder: PathBuf,
    },
}

pub(super) fn run(command: &Command, config: &Config) -> Outcome {
    match command {
        Command::Create { folder, keystore_to } => {
            let made = backup::create(config, folder, keystore_to.as_deref(), Clock::system(), &mut tell)?;
            answer(&made)
        }
        Command::Verify { database, keystore } => {
            answer(&backup::verify(config, database, keystore.as_deref(), &mut tell)?)
        }
        Command::Ledger { folder } => answer(&backup::write_ledger(config, folder, Clock::system())?),
    }
}

/// Says on standard error what is being done.
pub(super) fn tell(what: &str) {
    // Who closed it does not want to know.
    writeln!(std::io::stderr(), "mend: {what}").ok();
}

/// Says on standard output what came of it.
pub(super) fn answer(summary: &impl Serialize) -> Outcome {
    say(&serde_json::to_string(summary)?)
}
