//! The database as the service holds it: bounded, durable before it answers, and stopped without losing what it took.

use std::pin::{Pin, pin};
use std::sync::mpsc::{Sender, channel};

use futures_util::future::poll_immediate;

use super::*;

type Answer = Pin<Box<dyn Future<Output = Result<i64, Failure>>>>;

/// Keeps the writer busy until the sender is dropped; when this comes back, the writer has begun and its queue is empty.
async fn hold(database: &Database) -> (Sender<()>, Answer) {
    let (release, held) = channel::<()>();
    let (begin, has_begun) = channel();
    let database = database.clone();
    let mut answer: Answer = Box::pin(async move {
        let job = move |connection: &mut Connection| {
            begin.send(()).unwrap();
            let _ = held.recv();
            insert(connection, 1)
        };
        database.write(job).await
    });
    assert_eq!(poll_immediate(&mut answer).await, None, "queued");
    has_begun.recv().unwrap();
    (release, answer)
}

#[actix_web::test]
async fn a_write_is_seen_by_reads_once_it_is_answered() {
    let directory = tempfile::tempdir().unwrap();
    let (database, _) = database(directory.path(), |_| ());
    for id in 1..=20 {
        assert_eq!(database.write(move |connection| insert(connection, id)).await, Ok(id));
        assert_eq!(stored(&database).last(), Some(&id));
    }
    assert_eq!(database.ping().await, Ok(()));
}

#[actix_web::test]
async fn a_full_queue_refuses_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let (database, _) = database(directory.path(), |config| config.database.write_queue = 2);
    let (release, first) = hold(&database).await;
    let mut second = pin!(database.write(|connection| insert(connection, 2)));
    let mut third = pin!(database.write(|connection| insert(connection, 3)));
    assert_eq!(poll_immediate(&mut second).await, None);
    assert_eq!(poll_immediate(&mut third).await, None);
    let fourth = database.write(|connection| insert(connection, 4));
    assert_eq!(poll_immediate(fourth).await, Some(Err(Failure::Overloaded)));
    drop(release);
    assert_eq!((first.await, second.await, third.await), (Ok(1), Ok(2), Ok(3)));
    assert_eq!(stored(&database), [1, 2, 3]);
}

#[actix_web::test]
async fn a_caller_who_hangs_up_leaves_the_job_whole() {
    let directory = tempfile::tempdir().unwrap();
    let (database, _) = database(directory.path(), |_| ());
    let (release, first) = hold(&database).await;
    {
        let gone = pin!(database.write(|connection| insert(connection, 2)));
        assert_eq!(poll_immediate(gone).await, None);
    }
    drop(release);
    assert_eq!(first.await, Ok(1));
    assert_eq!(database.write(|connection| insert(connection, 3)).await, Ok(3));
    assert_eq!(stored(&database), [1, 2, 3]);
}

#[actix_web::test]
async fn a_stop_finishes_what_was_taken_and_takes_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let (database, _) = database(directory.path(), |_| ());
    let (release, first) = hold(&database).await;
    let mut second = pin!(database.write(|connection| insert(connection, 2)));
    assert_eq!(poll_immediate(&mut second).await, None);
    drop(release);
    database.shutdown().await;
    assert_eq!((first.await, second.await), (Ok(1), Ok(2)));
    assert_eq!(database.write(|connection| insert(connection, 3)).await, Err(Failure::Unavailable));
    assert_eq!(database.ping().await, Err(Failure::Unavailable));
    assert_eq!(stored(&database), [1, 2], "reads go on");
}

#[actix_web::test]
async fn a_panicking_read_is_an_answer_and_the_pool_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (database, _) = database(directory.path(), |config| config.database.read_connections = 1);
    for _ in 0..4 {
        let answer = database.read(|_| -> Result<(), Failure> { panic!("planted") }).await;
        assert_eq!(answer, Err(Failure::Broken("a database query panicked".to_owned())));
    }
    assert_eq!(database.ping().await, Ok(()));
}

#[actix_web::test]
async fn a_read_cannot_write() {
    let directory = tempfile::tempdir().unwrap();
    let (database, _) = database(directory.path(), |_| ());
    let answer = database.read(|connection| insert(connection, 1)).await;
    assert!(matches!(answer, Err(Failure::Broken(_))), "{answer:?}");
}
