//! What a backup costs: how long it takes with 100,000 entries of 1 KB, and what writers notice of it.
//!
//! `TMPDIR=/var/tmp cargo test --release --test api backup_figures -- --ignored --nocapture`
//!
//! Holds always: the rows are sealed documents of their owners, which the backup itself verifies by opening a sample.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use mend::database::schema::{owner_heads, records};
use mend::config::Config;
use mend::database::{Bytes, Clock, Connection, Failure, Id};
use mend::privacy::{DocumentContext, seal_document};

use crate::harness::binary::{command, run, word};
use crate::harness::ground::Ground;
use crate::harness::*;

const OWNERS: usize = 100;
const ENTRIES_EACH: usize = 1000;
const WRITERS: usize = 8;

/// A service in a process of its own, stopped when this is dropped.
struct Service {
    process: Child,
    base: String,
}

impl Service {
    fn start(config: &Config) -> Self {
        let mut command = command(config, &["serve"]);
        command.env("MEND_LISTEN", "127.0.0.1:0").env("MEND_LIMITS_REQUESTS_PER_MINUTE", "100000000");
        let mut process = command.env("MEND_LOG", "error").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { process, base }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[test]
#[ignore = "prints figures; takes a minute"]
fn print() {
    let ground = Ground::prepared(Engine::Sqlite);
    let config = ground.config(0);
    seed(&Node::start(config.clone(), Clock::system()));
    let service = Service::start(&config);
    let asha = Actor::somebody(&service.base, "asha");
    asha.post("/v1/auth/register", &json!({"email": asha.email, "password": asha.password})).expect(202);
    asha.signs_in();
    let before = Mutex::new(Vec::new());
    under_load(&asha, &before, || std::thread::sleep(Duration::from_secs(10)));
    let (during, mut made) = (Mutex::new(Vec::new()), Value::Null);
    under_load(&asha, &during, || {
        made = run(&config, &["backup", "create", word(&ground.folder.join("backups"))]).json();
    });
    let bytes = made["files"][0]["bytes"].as_u64().unwrap();
    println!("entries: {}", OWNERS * ENTRIES_EACH);
    println!("database's backup: {} MiB", bytes / 1024 / 1024);
    println!("backup, read back and verified: {} ms", made["milliseconds"]);
    for (when, times) in [("without a backup", before), ("during the backup", during)] {
        let mut times = times.into_inner().unwrap();
        times.sort_unstable();
        let at = |percent: usize| times[times.len() * percent / 100].as_micros();
        println!("{WRITERS} writers {when}: {} writes, p50 {} µs, p99 {} µs", times.len(), at(50), at(99));
    }
}

/// Writes without a pause while `meanwhile` lasts, and notes how long each write took.
fn under_load(asha: &Actor, times: &Mutex<Vec<Duration>>, meanwhile: impl FnOnce()) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let body = json!({"text": "She laughed.", "day": "2026-05-10", "time_zone": "Europe/Berlin"});
                    let begun = Instant::now();
                    asha.post("/v1/journal-entries", &body).expect(201);
                    times.lock().unwrap().push(begun.elapsed());
                }
            });
        }
        meanwhile();
        stop.store(true, Ordering::Relaxed);
    });
}

/// Fills the database with sealed entries of owners without accounts, past HTTP, which would take its time.
fn seed(node: &Node) {
    let house = &node.running.house;
    let text = "She asked about my work, änd for once I told her. ".repeat(20);
    let document = json!({"text": text, "day": "2026-05-10", "time_zone": "Europe/Berlin", "feelings": [], "links": []});
    for _ in 0..OWNERS {
        let owner = Id::new();
        let key = house.keystore.owner_key_now(owner).unwrap();
        let plain = document.to_string();
        let now = house.database.clock().now();
        let fill = move |conn: &mut Connection| -> Result<(), Failure> {
            let head = (owner_heads::owner.eq(owner), owner_heads::epoch.eq(1), owner_heads::sequence.eq(1));
            let kept = (owner_heads::live_count.eq(1000), owner_heads::trashed_count.eq(0), owner_heads::stored_bytes.eq(1));
            diesel::insert_into(owner_heads::table).values((head, kept)).execute(conn)?;
            for _ in 0..ENTRIES_EACH {
                let id = Id::new();
                let context = DocumentContext { owner, collection: "journal-entries", id, data_key: key.id, shape: 1 };
                let sealed = Bytes(seal_document(&key, &context, plain.as_bytes()));
                let row = (
                    (records::owner.eq(owner), records::id.eq(id), records::collection.eq("journal-entries")),
                    (records::sequence.eq(1), records::version.eq(1), records::shape.eq(1)),
                    (records::created_at.eq(now), records::updated_at.eq(now)),
                    (records::data_key.eq(key.id), records::document.eq(sealed)),
                );
                diesel::insert_into(records::table).values(row).execute(conn)?;
            }
            Ok(())
        };
        house.database.write_now(fill).unwrap();
    }
}
