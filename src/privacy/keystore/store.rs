//! The keystore's connections.
//! Holds always: a write is durable when it returns.

use std::sync::{Mutex, PoisonError};

use super::KeystoreError;
use crate::database::{Connection, Failure, Pool, Purpose, Target, migrations};

/// Queries at once. Each takes one row by its key, and memory saves most of them.
const CONNECTIONS: u32 = 4;

pub(super) struct Store {
    target: Target,
    pool: Pool,
    /// On SQLite, writers of this process queue here instead of polling the file's lock against each other.
    turn: Option<Mutex<()>>,
}

impl Store {
    pub(super) fn open(target: Target) -> Result<Self, KeystoreError> {
        // The first connection by hand, since the pool keeps the reason of a refusal to itself.
        drop(target.connect(Purpose::Keystore)?);
        let pool = Pool::new(target.clone(), Purpose::Keystore, CONNECTIONS);
        let turn = target.is_sqlite().then(Mutex::default);
        Ok(Self { target, pool, turn })
    }

    pub(super) fn migrate(&self) -> Result<Vec<String>, KeystoreError> {
        Ok(migrations::run_keystore(&mut self.target.connect(Purpose::Keystore)?)?)
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&mut Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        self.pool.read(query)
    }

    pub(super) fn write<T>(&self, change: impl FnOnce(&mut Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        let _turn = self.turn.as_ref().map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
        self.pool.write(change)
    }
}
