//! The pool of connections: for reads on both engines, and for writes on PostgreSQL.
//! Holds always: a connection that failed, or that a panic left in the middle of something, is never handed out again.

use std::time::{Duration, Instant};

use diesel::r2d2::R2D2Connection as _;
use r2d2::{HandleError, ManageConnection, PooledConnection};

use super::seen::Seen;
use super::{Connection, Failure, OpenError, Purpose, Target};

/// How long a caller waits for a connection to be made. A gate stands before the pool, so nobody waits for a free one.
const PATIENCE: Duration = Duration::from_secs(3);

/// A connection used within this time needs no question whether it still lives.
const FRESH: Duration = Duration::from_secs(1);

pub(super) type Borrowed = PooledConnection<Maker>;

#[derive(Clone)]
pub(super) struct Pool(r2d2::Pool<Maker>);

impl Pool {
    /// A pool of `most` connections at most; they are made when they are needed.
    pub(super) fn new(target: Target, purpose: Purpose, most: u32) -> Self {
        let sqlite = target.is_sqlite();
        let pool = r2d2::Pool::builder()
            .max_size(most)
            .min_idle(Some(0))
            .connection_timeout(PATIENCE)
            // A file does not go away; a server behind a balancer may.
            .idle_timeout((!sqlite).then(|| Duration::from_mins(5)))
            .max_lifetime((!sqlite).then(|| Duration::from_mins(30)))
            .error_handler(Box::new(LogFailure))
            .build_unchecked(Maker { target, purpose });
        Self(pool)
    }

    pub(super) fn borrow(&self) -> Result<Borrowed, Failure> {
        self.0.get().map_err(|error| {
            tracing::warn!(%error, "no database connection");
            Failure::Unavailable
        })
    }

    /// Runs a query on one of the connections. Blocks.
    pub(super) fn read<T, E: From<Failure>>(
        &self,
        query: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut borrowed = self.borrow()?;
        let result = query(&mut borrowed.connection);
        borrowed.review();
        result
    }
}

/// A connection with what the pool needs to know about it.
pub(super) struct Pooled {
    pub(super) connection: Connection,
    pub(super) seen: Seen,
    /// Not to be used again.
    pub(super) spent: bool,
    last_used: Instant,
}

impl Pooled {
    /// Looks back on a use: some failures mean that the connection leads to the wrong server.
    pub(super) fn review(&mut self) {
        self.spent |= self.seen.take().discard;
        self.last_used = Instant::now();
    }
}

/// Makes the pool's connections.
pub(super) struct Maker {
    target: Target,
    purpose: Purpose,
}

impl ManageConnection for Maker {
    type Connection = Pooled;
    type Error = OpenError;

    fn connect(&self) -> Result<Pooled, OpenError> {
        let mut connection = self.target.connect(self.purpose)?;
        let seen = Seen::watch(&mut connection);
        Ok(Pooled { connection, seen, spent: false, last_used: Instant::now() })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), OpenError> {
        if self.target.is_sqlite() || pooled.last_used.elapsed() < FRESH {
            return Ok(());
        }
        pooled
            .connection
            .ping()
            .map_err(|error| OpenError::Connect { what: "the database again".to_owned(), cause: error.to_string() })
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.spent || std::thread::panicking() || pooled.connection.is_broken()
    }
}

#[derive(Debug)]
struct LogFailure;

impl HandleError<OpenError> for LogFailure {
    fn handle_error(&self, error: OpenError) {
        tracing::warn!(%error, "a database connection could not be made");
    }
}
