//! The pool of connections: SQLite's readers take theirs from it, and on PostgreSQL every read and write does.
//! Holds always: a connection that failed, or that a panic left in the middle of something, is never handed out again; while
//! the server is known to be down nobody waits long for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::r2d2::R2D2Connection as _;
use r2d2::{HandleError, ManageConnection, PooledConnection};

use super::job::AnyJob;
use super::seen::Seen;
use super::{Connection, Failure, OpenError, Purpose, Target};

/// How long a caller waits for a connection to be made. A gate stands before the pool, so nobody waits for a free one.
const PATIENCE: Duration = Duration::from_secs(3);

/// The same while the last attempt to make one failed: whoever tries again notices soon, and the others need not wait.
const PATIENCE_WHILE_DOWN: Duration = Duration::from_millis(250);

/// Twice the longest pause between two attempts to make a connection.
const RETRY: Duration = Duration::from_secs(1);

/// A connection used within this time needs no question whether it still lives.
const FRESH: Duration = Duration::from_secs(1);

pub(super) type Borrowed = PooledConnection<Maker>;

#[derive(Clone)]
pub(super) struct Pool {
    connections: r2d2::Pool<Maker>,
    /// The last attempt to make a connection failed.
    down: Arc<AtomicBool>,
    /// A connection was made once.
    reached: Arc<AtomicBool>,
    /// How long the first one is waited for.
    start: Duration,
}

impl Pool {
    /// A pool of `most` connections at most; they are made when they are needed, and `start` is how long a start waits for a
    /// server that answers slowly or stops answering meanwhile. A file that does not open now will not later.
    pub(super) fn new(target: Target, purpose: Purpose, most: u32, start: Duration) -> Self {
        let sqlite = target.is_sqlite();
        let start = if sqlite { PATIENCE } else { start.max(PATIENCE) };
        let (down, reached) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let connections = r2d2::Pool::builder()
            .max_size(most)
            .min_idle(Some(0))
            .connection_timeout(RETRY)
            // A file does not go away; a server behind a balancer may.
            .idle_timeout((!sqlite).then(|| Duration::from_mins(5)))
            .max_lifetime((!sqlite).then(|| Duration::from_mins(30)))
            .error_handler(Box::new(LogFailure))
            .build_unchecked(Maker { target, purpose, down: Arc::clone(&down), reached: Arc::clone(&reached) });
        Self { connections, down, reached, start }
    }

    /// Whether the database could not be reached when it was last tried.
    pub(super) fn is_down(&self) -> bool {
        self.down.load(Ordering::Relaxed)
    }

    pub(super) fn borrow(&self) -> Result<Borrowed, Failure> {
        let patience = match (self.reached.load(Ordering::Relaxed), self.is_down()) {
            (false, _) => self.start,
            (true, true) => PATIENCE_WHILE_DOWN,
            (true, false) => PATIENCE,
        };
        self.connections.get_timeout(patience).map_err(|error| {
            tracing::warn!(%error, "no database connection");
            Failure::Unavailable
        })
    }

    /// Runs a job on one of the connections, in no transaction, and answers it. Blocks.
    pub(super) fn run(&self, mut job: AnyJob) {
        let end = self.borrow().map(|mut borrowed| {
            job.run(&mut borrowed.connection);
            borrowed.review();
        });
        job.settle(end);
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
    down: Arc<AtomicBool>,
}

impl Pooled {
    /// Looks back on a use: some failures mean that the connection leads to the wrong server, and a success that there is one,
    /// although it may have no room for further connections.
    pub(super) fn review(&mut self) {
        let noted = self.seen.take();
        self.spent |= noted.discard;
        if !noted.any {
            self.down.store(false, Ordering::Relaxed);
        }
        self.last_used = Instant::now();
    }
}

/// Makes the pool's connections.
pub(super) struct Maker {
    target: Target,
    purpose: Purpose,
    down: Arc<AtomicBool>,
    reached: Arc<AtomicBool>,
}

impl ManageConnection for Maker {
    type Connection = Pooled;
    type Error = OpenError;

    fn connect(&self) -> Result<Pooled, OpenError> {
        let connected = self.target.connect(self.purpose);
        self.down.store(connected.is_err(), Ordering::Relaxed);
        let mut connection = connected?;
        self.reached.store(true, Ordering::Relaxed);
        let seen = Seen::watch(&mut connection);
        let down = Arc::clone(&self.down);
        Ok(Pooled { connection, seen, spent: false, last_used: Instant::now(), down })
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
