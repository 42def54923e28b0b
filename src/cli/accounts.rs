//! `mend accounts`: making accounts with a role and changing roles. Both may run while nodes serve: the database is shared
//! with them, and they notice a new role within a second.
//! Holds always: a password is read from a file, from standard input or from the keyboard, never from the command line, where
//! every process on the machine could read it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Outcome, say};
use crate::auth::{Auth, Email, Password, Promotion, Refused, Role};
use crate::config::Config;
use crate::database::{Clock, DataDirectory, Database, Id};
use crate::privacy::KeyRing;

/// Any error, in words for the person who typed the command.
type Error = Box<dyn std::error::Error + Send + Sync>;

/// More than any password may have.
const MAX_PASSWORD_FILE_BYTES: u64 = 8 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an account
    Create {
        #[command(flatten)]
        account: Account,
        /// Where the password is; `-` is standard input. Asked for at the keyboard when not given
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Give an account another role; its sessions stay and are judged by the new role
    Promote {
        #[command(flatten)]
        account: Account,
    },
}

/// Which account, and what it may do.
#[derive(Debug, Args)]
pub(super) struct Account {
    /// The e-mail address
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// user, curator or admin
    #[arg(long)]
    role: Role,
}

pub(super) fn run(command: &Command, config: &Config) -> Outcome {
    match command {
        Command::Create { account, password_file } => create(account, password_file.as_deref(), config),
        Command::Promote { account } => promote(account, config),
    }
}

fn create(Account { email, role }: &Account, password_file: Option<&Path>, config: &Config) -> Outcome {
    let email = Email::parse(email).map_err(in_words)?;
    let password = Password::from(read_password(password_file)?);
    open(config)?.create_account_now(&email, &password, *role).map_err(in_words)?;
    say(&format!("made an account with the role {role}"))
}

fn promote(Account { email, role }: &Account, config: &Config) -> Outcome {
    let email = Email::parse(email).map_err(in_words)?;
    match open(config)?.promote_now(&email, *role).map_err(in_words)? {
        Promotion::Changed => {
            say(&format!("the account has the role {role} now; a service that runs sees it within a second"))
        }
        Promotion::Unchanged => say(&format!("the account had the role {role} already")),
    }
}

/// The account of a curator, by its address.
pub(super) fn curator(email: &str, config: &Config) -> Result<Id, Error> {
    let email = Email::parse(email).map_err(in_words)?;
    open(config)?.curator_now(&email).map_err(in_words)
}

/// The accounts of this installation, which is set up if it is not yet.
fn open(config: &Config) -> Result<Auth, Error> {
    let _directory = DataDirectory::create(&config.data_dir)?;
    let database = Database::open(&config.database, Clock::system())?;
    database.migrate()?;
    let (keys, now) = (config.keys.clone(), database.clock().now());
    let ring = database.write_now(move |conn| KeyRing::load_for(&keys, conn, now))?;
    Ok(Auth::new(config, database, ring)?)
}

fn read_password(file: Option<&Path>) -> Result<String, Error> {
    let Some(file) = file else {
        return Ok(rpassword::prompt_password("Password: ")?);
    };
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().take(MAX_PASSWORD_FILE_BYTES).read_to_string(&mut text)?;
    } else {
        let opened = File::open(file).map_err(|cause| format!("{}: {cause}", file.display()))?;
        opened.take(MAX_PASSWORD_FILE_BYTES).read_to_string(&mut text)?;
    }
    Ok(without_line_break(&text).to_owned())
}

/// The text without the line break that editors and `echo` leave at its end.
fn without_line_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

fn in_words(refused: impl Into<Refused>) -> Error {
    match refused.into() {
        Refused::Invalid(faults) => faults.iter().map(|fault| fault.detail).collect::<Vec<_>>().join(" ").into(),
        Refused::NotFound => "nobody has this address; use `mend accounts create`".into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_line_break_is_no_part_of_a_password() {
        for text in ["kettle harbour", "kettle harbour\n", "kettle harbour\r\n"] {
            assert_eq!(without_line_break(text), "kettle harbour");
        }
        assert_eq!(without_line_break(" kettle \n\n"), " kettle \n");
    }

    #[test]
    fn a_refusal_is_told_in_words() {
        assert!(in_words(Email::parse("nobody").unwrap_err()).to_string().starts_with("Send an e-mail address"));
        assert!(in_words(Refused::NotFound).to_string().contains("mend accounts create"));
    }
}
