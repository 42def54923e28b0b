//! `mend keys`: the care of the key ring. Every command may run while nodes serve.
//! Holds always: nothing secret is printed, and a ring is used only once it is sure that database and keystore belong to it.

use std::sync::Arc;

use clap::Subcommand;

use super::{Outcome, say};
use crate::config::Config;
use crate::database::{Clock, Database};
use crate::privacy::{KeyRing, Keystore};

/// Any error, in words for the person who typed the command.
type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum Command {
    /// Add a key to the ring, make it the active one, and wrap every data key with it; no record is sealed again
    Rotate,
    /// List the ring's keys
    List,
    /// Hold ring, database and keystore against each other, and open every data key
    Check,
}

pub(super) fn run(command: Command, config: &Config) -> Outcome {
    let ring = KeyRing::load(&config.keys)?;
    match command {
        Command::List => list(&ring),
        Command::Check => check(config, &ring),
        Command::Rotate => rotate(config, &ring),
    }
}

fn list(ring: &KeyRing) -> Outcome {
    let active = ring.active_id();
    ring.ids().iter().try_for_each(|id| say(&format!("key {id}{}", if *id == active { " (active)" } else { "" })))
}

fn check(config: &Config, ring: &Arc<KeyRing>) -> Outcome {
    let (_, keystore) = open(config, ring)?;
    say("key ring, database and keystore belong together")?;
    let found = keystore.examine_now()?;
    for (id, count) in &found.readable_counts {
        say(&format!("key {id}: opens {count} data keys"))?;
    }
    all_readable(found.unreadable_count)
}

fn rotate(config: &Config, ring: &Arc<KeyRing>) -> Outcome {
    let (database, keystore) = open(config, ring)?;
    let (growing, now) = (ring.clone(), database.clock().now());
    let id = database.write_now(move |conn| growing.rotate(conn, now))?;
    say(&format!("key {id} is active; older keys stay in the ring, for what they sealed"))?;
    let done = keystore.rewrap_now()?;
    say(&format!("{} data keys are wrapped with it", done.wrapped_count))?;
    say("keep a copy of the new ring in another place, and give it to every node that has a file of its own")?;
    all_readable(done.unreadable_count)
}

/// The database and the keystore, once both know the ring.
fn open(config: &Config, ring: &Arc<KeyRing>) -> Result<(Database, Keystore), Error> {
    let database = Database::open(&config.database, Clock::system())?;
    let keystore = Keystore::open(config, ring.clone(), Clock::system())?;
    let (ring, bound, now) = (ring.clone(), keystore.clone(), database.clock().now());
    database.write_now(move |conn| -> Result<(), Error> {
        if !KeyRing::is_recorded(conn)? {
            return Err("this database was never set up with a key ring: start the service once".into());
        }
        ring.verify_or_record(conn, now)?;
        Ok(bound.bind(conn, now)?)
    })?;
    Ok((database, keystore))
}

fn all_readable(unreadable_count: usize) -> Outcome {
    match unreadable_count {
        0 => Ok(()),
        count => Err(format!("{count} data keys do not open, so what they sealed cannot be read").into()),
    }
}
