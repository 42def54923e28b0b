//! The database as the rest of the service holds it.
//! Holds always: `write` answers `Ok` only after the commit is durable.

use std::path::Path;

use super::{Clock, Connection, Failure, OpenError};
use crate::config;

/// A handle on the database; clones share everything.
#[derive(Clone)]
pub struct Database {
    clock: Clock,
}

impl Database {
    /// Connects by the URL's scheme. Runs no migration.
    pub fn open(_settings: &config::Database, _data_dir: &Path, _clock: Clock) -> Result<Self, OpenError> {
        todo!()
    }

    /// Brings the schema up to date; answers the names of the migrations applied.
    pub fn migrate(&self) -> Result<Vec<String>, OpenError> {
        todo!()
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        todo!()
    }

    /// Runs a query on a connection of the read pool.
    pub async fn read<T, E>(
        &self,
        _query: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        todo!()
    }

    /// Runs a job as one transaction. An `Err` of the job rolls it back; `Ok` comes after the commit is durable.
    pub async fn write<T, E>(&self, _job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        todo!()
    }

    /// [`Database::read`] for the command line and the start, where nothing else waits.
    pub fn read_now<T, E>(&self, _query: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        todo!()
    }

    /// [`Database::write`] for the command line and the start, where nothing else waits.
    pub fn write_now<T, E>(&self, _job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        todo!()
    }

    /// Whether reads and writes can be expected to work, for readiness.
    pub async fn ping(&self) -> Result<(), Failure> {
        todo!()
    }

    /// Finishes the writes that were accepted and takes no more.
    pub async fn shutdown(&self) {
        todo!()
    }
}
