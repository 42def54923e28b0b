//! The owner's change sequence over two nodes: the order of sequences is the order of commits, so a reader that pages by
//! sequence while many write never misses a change.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::BigInt;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};

use crate::counts::{say, short_or};
use crate::journal::Journal;
use crate::node::Service;
use crate::server::Server;

#[derive(QueryableByName)]
struct Change {
    #[diesel(sql_type = BigInt)]
    sequence: i64,
}

/// Reads the head first and then what is new up to it, again and again, the way a device catches up; answers where it got to
/// and the first sequence it had to pass without seeing its row.
fn page_until(stop: &AtomicBool, url: &str, head: &str, rows: &str) -> (i64, Option<i64>) {
    let mut connection = PgConnection::establish(url).unwrap();
    let mut cursor = 0;
    loop {
        // Asked before the last page is read, so that the last page has everything.
        let last = stop.load(Ordering::SeqCst);
        let upto = sql_query(head).get_result::<Change>(&mut connection).map_or(0, |head| head.sequence);
        let query = format!(
            "SELECT sequence FROM ({rows}) AS changes WHERE sequence > {cursor} AND sequence <= {upto} ORDER BY 1"
        );
        let page: Vec<Change> = sql_query(query).load(&mut connection).unwrap();
        let seen: Vec<_> = page.iter().map(|change| change.sequence).collect();
        if let Some(missed) = (cursor + 1..=upto).zip(seen.iter().copied().chain([0])).find(|(next, seen)| next != seen)
        {
            return (cursor, Some(missed.0));
        }
        cursor = upto;
        if last {
            return (cursor, None);
        }
    }
}

#[test]
fn a_reader_that_pages_by_sequence_misses_nothing() {
    let Some(server) = Server::start("database") else { return };
    server.run("CREATE DATABASE mend");
    server.run("CREATE DATABASE keys");
    let service = Service::new(&server.url("mend"), &server.url("keys"));
    let nodes = [service.start("a"), service.start("b")];
    let bases = [nodes[0].base.as_str(), nodes[1].base.as_str()];
    let people = [nodes[0].sign_up("asha")];
    let (url, stop) = (server.url("mend"), AtomicBool::new(false));
    let (head, rows) = ("SELECT sequence FROM owner_heads", "SELECT sequence FROM records");
    let (journal, read) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| page_until(&stop, &url, head, rows));
        let pause = std::time::Duration::from_secs(short_or(4, 30));
        let (journal, ()) = Journal::of(&bases, &people, 32, || std::thread::sleep(pause));
        stop.store(true, Ordering::SeqCst);
        (journal, reader.join().unwrap())
    });
    let written = i64::try_from(journal.count()).unwrap();
    assert_eq!(read, (written, None), "the reader saw each sequence from 1 on, in order");
    assert_eq!(server.number("mend", "SELECT count(DISTINCT sequence) AS number FROM records"), written, "none twice");
    journal.hold(bases[1], &people);
    say(&format!(
        "sequence: {written} changes of one owner by 32 writers on two nodes, paged meanwhile: 0 missed, 0 twice"
    ));
}

/// The reader itself is put to the test: with a sequence of the database, which is given out before the commit, it misses rows.
#[test]
fn the_same_reader_catches_a_database_sequence_missing_rows() {
    let Some(server) = Server::start("database") else { return };
    server.run("CREATE TABLE changes (sequence bigserial)");
    let (url, stop) = (server.url("postgres"), AtomicBool::new(false));
    let missed = std::thread::scope(|scope| {
        let (url, stop) = (&url, &stop);
        let rows = "SELECT sequence FROM changes";
        let reader =
            scope.spawn(move || page_until(stop, url, "SELECT max(sequence) AS sequence FROM changes", rows).1);
        for writer in 0..8 {
            scope.spawn(move || {
                let mut connection = PgConnection::establish(url).unwrap();
                while !stop.load(Ordering::SeqCst) {
                    let pause = f64::from(writer) * 0.003;
                    let write = format!("BEGIN; INSERT INTO changes DEFAULT VALUES; SELECT pg_sleep({pause}); COMMIT");
                    connection.batch_execute(&write).unwrap();
                }
            });
        }
        let missed = reader.join().unwrap();
        stop.store(true, Ordering::SeqCst);
        missed
    });
    assert!(missed.is_some());
}
