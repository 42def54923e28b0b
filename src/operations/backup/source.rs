//! The installation that a backup is taken of: database, keystore and key ring, opened beside a running service.
//! Holds always: the three belong together, or nothing is taken; nothing is made that was not there.

use std::sync::Arc;

use super::epoch;
use super::error::BackupError;
use super::header::Origin;
use crate::config::Config;
use crate::database::{Clock, Connection, Id, Purpose, Target, Timestamp, migrations};
use crate::privacy::{KeyRing, Keystore, keystore};

/// Both stores and the ring.
pub(super) struct Source {
    pub main: Connection,
    pub keystore: Keystore,
    pub ring: Arc<KeyRing>,
    pub clock: Clock,
    is_sqlite: bool,
}

impl Source {
    pub(super) fn open(config: &Config, clock: Clock) -> Result<Self, BackupError> {
        let target = Target::parse(config.database.url.expose(), config.database.allow_insecure_postgres)?;
        if let Target::Sqlite(path) = &target
            && !path.exists()
        {
            return Err(BackupError::NoDatabase(path.clone()));
        }
        let ring = KeyRing::load(&config.keys)?;
        let mut main = target.connect(Purpose::Write)?;
        // Reading only: under load a command would wait long for its turn to write.
        if !KeyRing::is_recorded(&mut main)? {
            return Err(BackupError::NeverStarted);
        }
        ring.fits(&mut main)?;
        let keystore = Keystore::open(config, Arc::clone(&ring), clock.clone())?;
        keystore.belongs_to(&mut main)?;
        Ok(Self { main, keystore, ring, clock, is_sqlite: target.is_sqlite() })
    }

    pub(super) const fn is_sqlite(&self) -> bool {
        self.is_sqlite
    }

    /// What all files that are made now have in common.
    pub(super) fn origin(&mut self) -> Result<Origin, BackupError> {
        let installation = keystore::expected_id(&mut self.main)?.ok_or(BackupError::NeverStarted)?;
        let (created_at, epoch) = (self.clock.now(), epoch::current(&mut self.main)?);
        Ok(Origin { set: Id::new(), installation, created_at, epoch, schema: migrations::applied(&mut self.main)? })
    }
}

/// `mend-20261122T161700Z`, which all files of a set begin with.
pub(super) fn name(created_at: Timestamp) -> String {
    format!("mend-{}", created_at.to_utc().format("%Y%m%dT%H%M%SZ"))
}
