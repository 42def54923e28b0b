//! `mend config`: what is in force and where it came from, and the table of all settings.

use clap::Subcommand;

use super::{Outcome, say};
use crate::config::{Config, Environment, Flags, Settings, markdown_table};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the settings in force and where each came from; secrets stay hidden
    Print,
    /// Print the table of all settings in Markdown
    Table,
}

pub(super) fn run(command: &Command, flags: &Flags) -> Outcome {
    match command {
        Command::Print => {
            let settings = Settings::gather(flags, &Environment::of_process()?)?;
            // What is printed as being in force has passed the checks of a start.
            Config::from_settings(&settings)?;
            say(&settings.to_toml())
        }
        Command::Table => say(&markdown_table()),
    }
}
