//! What the disk and SQLite could do without a service: the same rows into the same table, one to a transaction and
//! 32 to a transaction, `synchronous=FULL`, no HTTP and no sealing.
//! Holds always: it runs on a database that nobody serves.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use mend::database::schema::{owner_heads, records};
use mend::database::{Bytes, Id};
use serde::{Deserialize, Serialize};

use crate::process::SERVER_CORE;

/// Rows a second.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Rates {
    pub single: f64,
    pub grouped: f64,
}

/// Measures on the server's core, in a process of its own.
pub fn measure(folder: &Path, seconds: u64, bytes: usize) -> Rates {
    let this = std::env::current_exe().expect("this program has a path");
    let said = Command::new("taskset")
        .args(["-c", SERVER_CORE])
        .arg(this)
        .arg("raw")
        .arg(folder)
        .args([seconds.to_string(), bytes.to_string()])
        .output()
        .expect("taskset");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).expect("the rates as JSON")
}

/// Inserts rows of `bytes` bytes and prints the rates.
pub fn insert(folder: &Path, seconds: u64, bytes: usize) {
    let file = folder.join("mend.db");
    let mut connection = SqliteConnection::establish(&file.to_string_lossy()).expect("the database opens");
    connection
        .batch_execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;")
        .expect("pragmas");
    let owners: Vec<Id> = owner_heads::table.select(owner_heads::owner).load(&mut connection).expect("owners");
    let time = Duration::from_secs(seconds);
    let rates = Rates {
        single: rate(&mut connection, &owners, 1, time, bytes),
        grouped: rate(&mut connection, &owners, 32, time, bytes),
    };
    println!("{}", serde_json::to_string(&rates).expect("numbers"));
}

fn rate(connection: &mut SqliteConnection, owners: &[Id], group: usize, time: Duration, bytes: usize) -> f64 {
    let document = vec![0x5a_u8; bytes];
    let (started, mut rows) = (Instant::now(), 0_usize);
    while started.elapsed() < time {
        let written = connection.immediate_transaction(|connection| {
            for _ in 0..group {
                let owner = owners.get(rows % owners.len()).copied().unwrap_or_default();
                insert_one(connection, owner, rows, &document)?;
                rows += 1;
            }
            diesel::QueryResult::Ok(())
        });
        written.expect("the disk takes rows");
    }
    rows as f64 / started.elapsed().as_secs_f64()
}

fn insert_one(connection: &mut SqliteConnection, owner: Id, number: usize, document: &[u8]) -> QueryResult<usize> {
    let instant = 1_800_000_000_000_000_i64 + i64::try_from(number).unwrap_or_default();
    diesel::insert_into(records::table)
        .values((
            (records::owner.eq(owner), records::id.eq(Id::new()), records::collection.eq("journal-entries")),
            (records::sequence.eq(instant), records::version.eq(1_i64), records::shape.eq(1_i16)),
            (records::day.eq(Some(20_000)), records::created_at.eq(instant), records::updated_at.eq(instant)),
            (records::data_key.eq(Some(owner)), records::document.eq(Some(Bytes(document.to_vec())))),
        ))
        .execute(connection)
}
