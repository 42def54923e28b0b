//! The keystore's connections.
//! Holds always: a write is durable when it returns; at most [`CONNECTIONS`] queries at once, and whoever finds no connection
//! free is refused, not kept waiting.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::r2d2::{ManageConnection, Pool};

use super::KeystoreError;
use crate::database::{Connection, Failure, OpenError, Purpose, Target};

const CONNECTIONS: u32 = 4;
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) struct Store {
    pool: Pool<Opener>,
    /// On SQLite, writers of this process queue here instead of polling the file's lock against each other.
    turn: Option<Mutex<()>>,
}

impl Store {
    pub(super) fn open(target: Target) -> Result<Self, KeystoreError> {
        let turn = target.is_sqlite().then(Mutex::default);
        // The first connection by hand: the pool would keep its reason to itself.
        let opener = Opener(target);
        drop(opener.connect()?);
        let pool = Pool::builder()
            .max_size(CONNECTIONS)
            .min_idle(Some(0))
            .connection_timeout(PATIENCE)
            .build_unchecked(opener);
        Ok(Self { pool, turn })
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&mut Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut conn = self.pool.get().map_err(|_no_cause_but_time| match self.pool.state() {
            state if state.connections < CONNECTIONS => Failure::Unavailable,
            _ => Failure::Overloaded,
        })?;
        query(&mut conn)
    }

    pub(super) fn write<T>(&self, change: impl FnOnce(&mut Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        let _turn = self.turn.as_ref().map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
        self.read(|conn| conn.transaction(change))
    }
}

struct Opener(Target);

impl ManageConnection for Opener {
    type Connection = Connection;
    type Error = OpenError;

    fn connect(&self) -> Result<Connection, OpenError> {
        self.0.connect(Purpose::Keystore)
    }

    fn is_valid(&self, conn: &mut Connection) -> Result<(), OpenError> {
        conn.batch_execute("SELECT 1")
            .map_err(|error| OpenError::Connect { what: "the keystore".to_owned(), cause: error.to_string() })
    }

    fn has_broken(&self, conn: &mut Connection) -> bool {
        use diesel::r2d2::R2D2Connection as _;
        std::thread::panicking() || conn.is_broken()
    }
}
