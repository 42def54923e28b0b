//! The command line: flags from the table of settings, and a file for each command.
//! Holds always: `mend` alone is `mend serve`; what a command answers goes to standard output, the rest to standard error.

mod accounts;
mod backup;
mod config;
mod content;
mod doctor;
mod flags;
mod healthcheck;
mod keys;
mod migrate;
mod openapi;
mod restore;
mod serve;
mod version;

use std::io::Write as _;

use clap::{Parser, Subcommand};

use crate::config::Config;
pub use doctor::Found;
use flags::SettingFlags;

/// How a command ended; the error is shown to the person at the keyboard.
pub type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// A backend for adults who repair a strained relationship with their mother, keep the peace with her, or leave.
#[derive(Debug, Parser)]
#[command(name = "mend", version)]
pub struct Cli {
    #[command(flatten)]
    flags: SettingFlags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API; the same as no command at all
    Serve,
    /// Bring the database and the keystore up to date, and exit
    Migrate(migrate::Migrate),
    /// Care for the key ring
    #[command(subcommand)]
    Keys(keys::Command),
    /// Check content files, or bring them into the catalogue
    #[command(subcommand)]
    Content(content::Command),
    /// Make accounts and change their roles
    #[command(subcommand)]
    Accounts(accounts::Command),
    /// Take encrypted backups and verify them
    #[command(subcommand)]
    Backup(backup::Command),
    Restore(restore::Restore),
    Doctor(doctor::Doctor),
    /// Show the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Ask the running service whether it is ready; for containers
    Healthcheck,
    /// Print the OpenAPI document
    Openapi,
    /// Say which version this is
    Version,
}

impl Cli {
    /// Reads the configuration where the command needs it, and runs the command.
    ///
    /// # Errors
    /// Whatever the command could not do, in words for the person who typed it.
    pub fn run(self) -> Outcome {
        let flags = self.flags.into_flags();
        match self.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(Config::load(&flags)?),
            Command::Migrate(asked) => migrate::run(&asked, &Config::load(&flags)?),
            Command::Keys(command) => keys::run(command, &Config::load(&flags)?),
            Command::Content(command) => content::run(&command, &flags),
            Command::Accounts(command) => accounts::run(&command, &Config::load(&flags)?),
            Command::Backup(command) => backup::run(&command, &Config::load(&flags)?),
            Command::Restore(command) => restore::run(command, &Config::load(&flags)?),
            Command::Doctor(asked) => doctor::run(asked, &flags),
            Command::Config(command) => config::run(&command, &flags),
            Command::Healthcheck => healthcheck::run(&Config::load(&flags)?),
            Command::Openapi => openapi::run(),
            Command::Version => version::run(),
        }
    }
}

/// Writes a command's answer to standard output.
fn say(text: &str) -> Outcome {
    match writeln!(std::io::stdout(), "{}", text.trim_end()) {
        // Whoever read it has seen enough, as in `mend config print | head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        said => said.map_err(Into::into),
    }
}
