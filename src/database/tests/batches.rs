//! Failing, panicking and disk-full jobs inside one batch: what becomes of them, and of the others.

use std::sync::mpsc::{Receiver, channel};

use super::*;
use crate::database::crowd::Crowd;
use crate::database::job::asked_now;
use crate::database::measures::Measures;
use crate::database::writer::Writer;
use crate::database::{Purpose, Target};

type Work = Box<dyn FnOnce(&mut Connection) -> Result<i64, Failure> + Send>;

/// A writer that is kept busy until the batch is complete.
struct Bench {
    writer: Writer,
    database: Database,
    reports: Reports,
    _directory: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (database, _) = database(directory.path(), |_| ());
        let target = Target::Sqlite(directory.path().join("mend.db"));
        let (reports, on_fatal) = reporting();
        let writer = Writer::start(
            target.connect(Purpose::Write).unwrap(),
            16,
            Measures::of("test"),
            Crowd::default(),
            on_fatal,
        )
        .unwrap();
        Self { writer, database, reports, _directory: directory }
    }

    fn submit(&self, work: Work) -> Receiver<Result<i64, Failure>> {
        let (job, answer) = asked_now("job", work);
        self.writer.submit(job).unwrap();
        answer
    }

    /// Runs the jobs as one batch and answers what each got.
    fn batch(&self, jobs: Vec<Work>) -> Vec<Result<i64, Failure>> {
        let (release, held) = channel::<()>();
        let (begin, has_begun) = channel();
        let before = self.submit(Box::new(move |_| {
            begin.send(()).unwrap();
            let _ = held.recv();
            Ok(0)
        }));
        has_begun.recv().unwrap();
        let answers: Vec<_> = jobs.into_iter().map(|work| self.submit(work)).collect();
        release.send(()).unwrap();
        assert_eq!(before.recv().unwrap(), Ok(0));
        answers.iter().map(|answer| answer.recv().unwrap()).collect()
    }

    fn stored(&self) -> Vec<i64> {
        stored(&self.database)
    }

    /// Stops the writer and answers what it reported as fatal.
    fn reports(&self) -> Vec<String> {
        self.writer.stop();
        self.reports.lock().unwrap().clone()
    }
}

fn writes(id: i64) -> Work {
    Box::new(move |connection| insert(connection, id))
}

fn writes_and_fails(id: i64) -> Work {
    Box::new(move |connection| {
        insert(connection, id)?;
        Err(Failure::Broken("refused by its own rules".to_owned()))
    })
}

fn writes_and_panics(id: i64) -> Work {
    Box::new(move |connection| {
        insert(connection, id)?;
        diesel::Connection::transaction(connection, |connection| -> Result<i64, Failure> {
            insert(connection, id + 1)?;
            panic!("planted, two savepoints deep")
        })
    })
}

/// Leaves the file no room for more than it has, then writes more than that.
fn fills_the_disk(id: i64) -> Work {
    Box::new(move |connection| {
        sql(connection, "PRAGMA max_page_count = 1")?;
        diesel::sql_query("INSERT INTO notes VALUES (?, hex(zeroblob(100000)))")
            .bind::<BigInt, _>(id)
            .execute(connection)?;
        Ok(id)
    })
}

fn makes_room() -> Work {
    Box::new(|connection| sql(connection, "PRAGMA max_page_count = 1000000").map(|()| 0))
}

#[test]
fn failing_and_panicking_jobs_leave_the_others_alone() {
    let bench = Bench::new();
    let answers = bench.batch(vec![writes(1), writes_and_fails(2), writes(3), writes_and_panics(4), writes(6)]);
    assert_eq!(
        answers,
        [
            Ok(1),
            Err(Failure::Broken("refused by its own rules".to_owned())),
            Ok(3),
            Err(Failure::Broken("a database job panicked".to_owned())),
            Ok(6),
        ]
    );
    assert_eq!(bench.stored(), [1, 3, 6]);
    assert_eq!(bench.reports(), Vec::<String>::new());
}

#[test]
fn a_failing_query_inside_a_transaction_of_its_own_can_be_survived() {
    let bench = Bench::new();
    let survives: Work = Box::new(|connection| {
        insert(connection, 2)?;
        let again = diesel::Connection::transaction(connection, |connection| insert(connection, 1));
        assert_eq!(again, Err(Failure::UniqueViolation));
        insert(connection, 3)
    });
    assert_eq!(bench.batch(vec![writes(1), survives]), [Ok(1), Ok(3)]);
    assert_eq!(bench.stored(), [1, 2, 3]);
}

#[test]
fn a_full_disk_fails_the_whole_batch_keeps_nothing_of_it_and_heals() {
    let bench = Bench::new();
    assert_eq!(bench.batch(vec![writes(1)]), [Ok(1)]);
    let jobs = vec![writes(2), writes_and_fails(3), fills_the_disk(4), writes(5), writes_and_panics(6)];
    assert_eq!(bench.batch(jobs), vec![Err(Failure::DiskFull); 5]);
    assert_eq!(bench.stored(), [1], "what was committed before stays, and no later job committed alone");
    assert_eq!(bench.batch(vec![makes_room(), writes(7)]), [Ok(0), Ok(7)]);
    assert_eq!(bench.stored(), [1, 7]);
    assert_eq!(bench.reports(), Vec::<String>::new(), "a full disk is nothing to exit for");
}

#[test]
fn a_job_that_hides_a_full_disk_does_not_commit_alone() {
    let bench = Bench::new();
    let hides: Work = Box::new(|connection| {
        let full = fills_the_disk(2)(connection);
        assert_eq!(full, Err(Failure::DiskFull));
        Ok(2)
    });
    assert_eq!(bench.batch(vec![writes(1), hides, writes(3)]), vec![Err(Failure::DiskFull); 3]);
    assert_eq!(bench.stored(), Vec::<i64>::new());
}

#[test]
fn a_transaction_lost_for_an_unknown_reason_is_fatal() {
    let bench = Bench::new();
    let loses: Work = Box::new(|connection| sql(connection, "ROLLBACK").map(|()| 2));
    assert_eq!(bench.batch(vec![writes(1), loses, writes(3)]), vec![Err(Failure::Unavailable); 3]);
    assert_eq!(bench.stored(), Vec::<i64>::new());
    let reports = bench.reports();
    assert!(matches!(reports.as_slice(), [why] if why.contains("transaction was lost")), "{reports:?}");
    let (late, _answer) = asked_now("job", |connection| insert(connection, 4));
    assert_eq!(bench.writer.submit(late), Err(Failure::Unavailable));
}

#[test]
fn a_damaged_file_is_fatal_even_when_the_transaction_lives() {
    let bench = Bench::new();
    let damaged: Work = Box::new(|connection| {
        // What SQLite says of a damaged file, said by a trigger.
        sql(
            connection,
            "CREATE TEMP TRIGGER t BEFORE INSERT ON notes BEGIN \
             SELECT RAISE(ABORT, 'database disk image is malformed'); END",
        )?;
        insert(connection, 2)
    });
    assert_eq!(bench.batch(vec![writes(1), damaged]), vec![Err(Failure::Unavailable); 2]);
    assert_eq!(bench.stored(), Vec::<i64>::new());
    assert_eq!(bench.reports().len(), 1);
}

#[test]
fn a_reader_that_stays_too_long_in_the_keystore_is_nothing_to_exit_for() {
    let directory = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(directory.path().join("keystore.db"));
    let mut reader = target.connect(Purpose::Keystore).unwrap();
    sql(&mut reader, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
    let (reports, on_fatal) = reporting();
    let writer =
        Writer::start(target.connect(Purpose::Keystore).unwrap(), 16, Measures::of("test"), Crowd::default(), on_fatal)
            .unwrap();
    let write = |id| {
        let impatient = move |connection: &mut Connection| {
            sql(connection, "PRAGMA busy_timeout = 1")?;
            insert(connection, id)
        };
        let (job, answer) = asked_now("job", impatient);
        writer.submit(job).unwrap();
        answer.recv().unwrap()
    };
    sql(&mut reader, "BEGIN; SELECT * FROM notes").unwrap();
    assert_eq!(write(1), Err(Failure::Overloaded));
    sql(&mut reader, "COMMIT").unwrap();
    assert_eq!(write(2), Ok(2));
    writer.stop();
    assert_eq!(*reports.lock().unwrap(), Vec::<String>::new());
}
