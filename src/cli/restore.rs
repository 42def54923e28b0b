//! `mend restore`: starting from a backup.
//! Holds always: an existing installation is never touched, and what was restored is checked before it can be started.

use std::path::PathBuf;

use clap::Args;

use super::Outcome;
use super::backup::{answer, tell};
use crate::config::Config;
use crate::database::Clock;
use crate::operations::backup::{self, Wanted};

/// Restore a backup into an empty data directory that holds the key ring, and begin a new epoch
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The file that ends in .database
    #[arg(required_unless_present = "adopt", conflicts_with = "adopt")]
    database: Option<PathBuf>,
    /// The keystore's file, where it is not beside the database's; it may be of a later set
    #[arg(long, value_name = "FILE", conflicts_with = "adopt")]
    keystore: Option<PathBuf>,
    /// A ledger, or a folder of them; the newest one beside the backup unless given
    #[arg(long, value_name = "PATH")]
    ledger: Option<PathBuf>,
    /// Take over the configured databases, which other tools restored (`pg_restore`), instead of restoring files
    #[arg(long)]
    adopt: bool,
}

pub(super) fn run(command: Restore, config: &Config) -> Outcome {
    let clock = Clock::system();
    let restored = match command.database {
        Some(database) => {
            let wanted = Wanted { database, keystore: command.keystore, ledger: command.ledger };
            backup::restore(config, &wanted, &clock, &mut tell)?
        }
        None => backup::adopt(config, command.ledger.as_deref(), &clock, &mut tell)?,
    };
    answer(&restored)
}
