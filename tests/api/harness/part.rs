//! What one node holds below the API: database, key ring and keystore, opened in the order of a start.
//! Holds always: parts of one ground share its files and databases and no memory, like nodes do.

use std::fs;
use std::sync::Arc;

use mend::config::Config;
use mend::database::{Clock, Database, Id};
use mend::privacy::{DataKey, DocumentContext, KeyRing, Keystore};

use super::Engine;
use super::ground::Ground;

/// What one node holds.
#[derive(Clone)]
pub struct Part {
    pub database: Database,
    pub ring: Arc<KeyRing>,
    pub keystore: Keystore,
}

impl Part {
    /// Opens everything in the order of a start.
    pub fn start(config: &Config) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let clock = Clock::system();
        let database = Database::open(&config.database, clock.clone())?;
        database.migrate()?;
        let (keys, now) = (config.keys.clone(), clock.now());
        let ring = database.write_now(move |conn| KeyRing::load_for(&keys, conn, now))?;
        let keystore = Keystore::open(config, ring.clone(), clock)?;
        keystore.migrate()?;
        let bound = keystore.clone();
        database.write_now(move |conn| bound.bind(conn, now))?;
        Ok(Self { database, ring, keystore })
    }

    /// What `mend keys rotate` does.
    pub fn rotate(&self) -> i32 {
        let (ring, now) = (self.ring.clone(), self.database.clock().now());
        let id = self.database.write_now(move |conn| ring.rotate(conn, now)).unwrap();
        assert_eq!(self.keystore.rewrap_now().unwrap().unreadable_count, 0);
        id
    }
}

/// The refusal of a start, as the operator reads it.
pub fn refusal<E: std::error::Error + 'static>(config: &Config) -> E {
    let error = Part::start(config).err().expect("a start that is refused");
    *error.downcast::<E>().unwrap_or_else(|other| panic!("another refusal: {other}"))
}

/// A ground on which nothing was ever started, and its first node's configuration.
pub fn bare(engine: Engine) -> (Ground, Config) {
    let ground = Ground::bare(engine);
    let config = ground.config(0);
    fs::create_dir_all(&config.data_dir).unwrap();
    (ground, config)
}

/// The place of an owner's one document.
pub fn place(owner: Id, key: &DataKey) -> DocumentContext<'static> {
    DocumentContext { owner, collection: "journal-entries", id: owner, data_key: key.id, shape: 1 }
}
