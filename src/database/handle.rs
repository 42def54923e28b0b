//! The database as the rest of the service holds it.
//! Holds always: `write` answers `Ok` only after the commit is durable, and refuses rather than queue without bound.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use diesel::RunQueryDsl as _;
use tokio::sync::OwnedSemaphorePermit;

use super::crowd::Crowd;
use super::gate::Gate;
use super::job::{self, AnyJob};
use super::mailbox::Mailbox;
use super::measures::Measures;
use super::pool::Pool;
use super::readers::Readers;
use super::writer::{OnFatal, Writer};
use super::{Clock, Connection, Failure, OpenError, Purpose, Target, migrations, transaction};
use crate::config;

/// Reads that may wait for a connection.
const READ_LINE: usize = 1024;

/// A handle on the database; clones share everything.
#[derive(Clone)]
pub struct Database(Arc<Shared>);

struct Shared {
    store: Store,
    target: Target,
    clock: Clock,
    pool: Pool,
    reads: Reads,
    writes: Writes,
    crowd: Crowd,
    measures: Measures,
}

/// Which of the two databases of the service.
#[derive(Clone, Copy)]
enum Store {
    Main,
    Keystore,
}

impl Store {
    const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Keystore => "keystore",
        }
    }
}

/// The way of a read, by engine.
enum Reads {
    /// SQLite: some threads take queries from one queue.
    Queued(Readers),
    /// PostgreSQL: each waits for the server on a thread of its own.
    Direct(Gate),
}

/// The way of a write, by engine.
enum Writes {
    /// SQLite: one writer thread commits many jobs together.
    Grouped(Writer),
    /// PostgreSQL: each on a connection of the pool.
    Direct(Gate),
}

impl Database {
    /// Connects by the URL's scheme, checks the engine and sets it up. Runs no migration. When the database may no
    /// longer be trusted, the process exits.
    pub fn open(settings: &config::Database, clock: Clock) -> Result<Self, OpenError> {
        Self::open_with(settings, clock, Arc::new(exit))
    }

    /// The keystore, with all that holds for the main database: at [`config::Keys::keystore_url`], and otherwise set up
    /// like that one.
    pub fn open_keystore(settings: &config::Config, clock: Clock) -> Result<Self, OpenError> {
        let settings = config::Database { url: settings.keys.keystore_url.clone(), ..settings.database.clone() };
        Self::connect(Store::Keystore, &settings, clock, Arc::new(exit))
    }

    /// [`Database::open`] with something else to do than exit.
    pub fn open_with(settings: &config::Database, clock: Clock, on_fatal: OnFatal) -> Result<Self, OpenError> {
        Self::connect(Store::Main, settings, clock, on_fatal)
    }

    fn connect(store: Store, settings: &config::Database, clock: Clock, on_fatal: OnFatal) -> Result<Self, OpenError> {
        let (writing, reading) = match store {
            Store::Main => (Purpose::Write, Purpose::Read),
            Store::Keystore => (Purpose::Keystore, Purpose::Keystore),
        };
        let (measures, crowd) = (Measures::of(store.name()), Crowd::default());
        let target = Target::parse(settings.url.expose(), settings.allow_insecure_postgres)?;
        let first = target.connect(writing)?;
        let (writes, connections) = if target.is_sqlite() {
            (
                Writes::Grouped(Writer::start(first, settings.write_queue, measures.clone(), crowd.clone(), on_fatal)?),
                settings.read_connections,
            )
        } else {
            let gate = Gate::new(settings.write_connections, settings.write_queue, measures.write_wait.clone());
            (Writes::Direct(gate), settings.read_connections.saturating_add(settings.write_connections))
        };
        // One more, for what does not pass a gate: the command line, the start, readiness.
        let start = Duration::from_secs(settings.start_seconds);
        let pool = Pool::new(target.clone(), reading, connections.saturating_add(1), start);
        let (reading, wait) = (settings.read_connections, &measures.read_wait);
        let reads = if target.is_sqlite() {
            Reads::Queued(Readers::start(&pool, reading, READ_LINE, wait, &crowd)?)
        } else {
            Reads::Direct(Gate::new(reading, READ_LINE, wait.clone()))
        };
        Ok(Self(Arc::new(Shared { store, target, clock, pool, reads, writes, crowd, measures })))
    }

    /// Brings the schema up to date; answers the names of the migrations applied.
    pub fn migrate(&self) -> Result<Vec<String>, OpenError> {
        match self.0.store {
            Store::Main => migrations::run_main(&mut self.0.target.connect(Purpose::Write)?),
            Store::Keystore => migrations::run_keystore(&mut self.0.target.connect(Purpose::Keystore)?),
        }
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// To be told when people are refused, since too many ask.
    #[must_use]
    pub fn crowd(&self) -> Crowd {
        self.0.crowd.clone()
    }

    /// SQLite's file; none on PostgreSQL.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0.target {
            Target::Sqlite(path) => Some(path),
            Target::Postgres(_) => None,
        }
    }

    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.0.target.is_sqlite()
    }

    /// Runs a query on a connection of the pool. Each statement sees its own snapshot, unless the query opens a
    /// transaction.
    pub async fn read<T, E>(&self, query: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        let (job, answer) = job::asked("query", self.home(), query);
        self.submit_read(job).await?;
        answer.await.unwrap_or_else(|_gone| Err(Failure::Unavailable.into()))
    }

    /// Runs a job as one transaction. An `Err` of the job rolls it back; `Ok` comes after the commit is durable.
    ///
    /// A job returns the errors of its queries. One that wants to go on after an error runs that query in a
    /// `transaction` of its own: outside of one, PostgreSQL refuses all that follows.
    pub async fn write<T, E>(&self, job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        let (job, answer) = job::asked("job", self.home(), job);
        self.submit_write(job).await?;
        answer.await.unwrap_or_else(|_gone| Err(Failure::OutcomeUnknown.into()))
    }

    /// The way of an answer to this thread. With PostgreSQL the thread that waited for the server is awaited anyway.
    fn home(&self) -> Option<Mailbox> {
        if self.is_sqlite() { Mailbox::own() } else { None }
    }

    async fn submit_read(&self, job: AnyJob) -> Result<(), Failure> {
        match &self.0.reads {
            Reads::Queued(readers) => readers.submit(job),
            Reads::Direct(gate) => {
                let pool = self.0.pool.clone();
                let permit = enter(gate, &pool).await?;
                on_blocking_thread(move || {
                    let _permit = permit;
                    pool.run(job);
                })
                .await
            }
        }
    }

    async fn submit_write(&self, job: AnyJob) -> Result<(), Failure> {
        match &self.0.writes {
            Writes::Grouped(writer) => writer.submit(job),
            Writes::Direct(gate) => {
                let pool = self.0.pool.clone();
                let measures = self.0.measures.clone();
                let permit = enter(gate, &pool).await?;
                on_blocking_thread(move || {
                    let _permit = permit;
                    transaction::write(&pool, &measures, job);
                })
                .await
            }
        }
    }

    /// [`Database::read`] for the command line and the start. Blocks.
    pub fn read_now<T, E: From<Failure>>(&self, query: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E> {
        self.0.pool.read(query)
    }

    /// [`Database::write`] for the command line and the start. Blocks.
    pub fn write_now<T, E>(&self, job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        let (job, answer) = job::asked_now("job", job);
        match &self.0.writes {
            Writes::Grouped(writer) => writer.submit(job)?,
            Writes::Direct(_) => transaction::write(&self.0.pool, &self.0.measures, job),
        }
        answer.recv().unwrap_or_else(|_gone| Err(Failure::OutcomeUnknown.into()))
    }

    /// Whether reads and writes can be expected to work, for readiness. Stands in no line, so that it answers soon.
    pub async fn ping(&self) -> Result<(), Failure> {
        let question = match &self.0.writes {
            Writes::Grouped(writer) if !writer.is_working() => return Err(Failure::Unavailable),
            Writes::Grouped(_) => "1",
            Writes::Direct(_) => "CASE current_setting('transaction_read_only') WHEN 'off' THEN 1 ELSE 0 END",
        };
        let (job, answer) = job::asked("query", None, move |connection| {
            let question = diesel::dsl::sql::<diesel::sql_types::Integer>(question);
            Ok::<i32, Failure>(diesel::select(question).get_result(connection)?)
        });
        let pool = self.0.pool.clone();
        on_blocking_thread(move || pool.run(job)).await?;
        // A server that takes no writes is the wrong one, such as a standby.
        let writable = answer.await.unwrap_or(Err(Failure::Unavailable))?;
        if writable == 1 { Ok(()) } else { Err(Failure::Unavailable) }
    }

    /// Finishes the writes that were accepted and takes no more.
    pub async fn shutdown(&self) {
        match &self.0.writes {
            Writes::Grouped(_) => {
                let shared = Arc::clone(&self.0);
                let stopped = on_blocking_thread(move || {
                    if let Writes::Grouped(writer) = &shared.writes {
                        writer.stop();
                    }
                });
                if stopped.await.is_err() {
                    tracing::error!("the database's writer could not be waited for");
                }
            }
            Writes::Direct(gate) => gate.close().await,
        }
    }
}

/// Waits in line, unless nobody gets through anyway: then who is first tries, and the others are refused at once.
async fn enter(gate: &Gate, pool: &Pool) -> Result<OwnedSemaphorePermit, Failure> {
    if pool.is_down() { gate.enter_now() } else { gate.enter().await }
}

async fn on_blocking_thread(work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    actix_web::web::block(work).await.map_err(|_stopping| Failure::Unavailable)
}

/// Nothing may be acknowledged any more, and a restart opens the database anew: SQLite recovers what was committed.
fn exit(why: &str) {
    tracing::error!(why, "the database can no longer be trusted; exiting");
    std::process::exit(74);
}
