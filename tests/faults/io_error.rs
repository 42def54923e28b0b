//! An I/O error while a full batch is written or synced, under load.
//! Holds always: no 2xx of that batch, the process ends by itself and says why, and a clean restart has all that counts.

use std::fs;
use std::time::Duration;

use crate::rig::*;

const WRITERS: usize = 32;
/// `EIO`, as the kernel numbers it.
const EIO: u32 = 5;
/// What the service ends with when it can no longer trust its database (`EX_IOERR`).
const ENDED: i32 = 74;

#[test]
fn an_io_error_in_a_batch_ends_the_process_and_loses_nothing() {
    let _machine = machine();
    let mut random = Random::seeded(5);
    let (mut checked, mut lines) = (0, Vec::new());
    for _ in 0..sized(1, 20) {
        for (call, file) in [("sync", "mend.db-wal"), ("write", "mend.db-wal")] {
            checked += fails_once(call, file, random.below(4));
            lines.push(call);
        }
    }
    report(&format!(
        "{} I/O errors in full batches of {WRITERS} writers: {checked} answers with 201 before them, 0 of a failed batch; \
         exit status {ENDED} each time; 0 acknowledged lost, integrity check ok",
        lines.len()
    ));
}

#[test]
fn an_io_error_in_the_keystore_ends_the_process() {
    let _machine = machine();
    let site = shimmed();
    let mut node = site.start();
    let asha = Person::signs_up(node.address, "asha");
    order(&site, "sync", "keystore.db", 0);
    let answer = Connection::to(node.address).unwrap().ask(&asha.post("/v1/journal-entries", &entry("First words.")));
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.is_refusal()), "acknowledged without a key");
    assert_eq!(node.ended_within(Duration::from_secs(10)).code(), Some(ENDED));
    fs::remove_file(site.folder().join("orders")).unwrap();
    let node = site.start();
    Connection::once(node.address, &asha.post("/v1/journal-entries", &entry("First words."))).expect(201);
    assert_eq!(asha.lists(node.address, "/v1/journal-entries").len(), 1);
    node.stop();
    Store::open(&site.data()).is_sound();
    report("1 I/O error while a first key was synced: not acknowledged, exit status 74, written after the restart");
}

/// Lets one call fail under load, and answers how many answers with 201 were held against the order of calls.
fn fails_once(call: &str, file: &str, skip: u64) -> usize {
    let site = shimmed();
    let mut node = site.start();
    let address = node.address;
    let crowd = Crowd::begins(&Person::crowd(address, 4), address, WRITERS);
    crowd.gets_on_by(150, Duration::from_mins(1));
    order(&site, call, file, skip);
    let status = node.ended_within(Duration::from_secs(20));
    assert_eq!(status.code(), Some(ENDED), "{}", site.log());
    assert!(site.log().contains("the database can no longer be trusted"), "{}", site.log());
    let events = trace(&site.folder().join("trace"));
    let written: Vec<Written> = events.iter().filter_map(Written::answered_by).collect();
    let early = written.iter().filter(|one| one.left_early(&events)).count();
    assert_eq!(early, 0, "answers of a batch whose {call} failed");
    fs::remove_file(site.folder().join("orders")).expect("the orders");
    let node = site.start_at(address);
    crowd.gets_on_by(50, Duration::from_mins(1));
    crowd.ends();
    node.stop();
    Store::open(&site.data()).is_sound();
    written.len()
}

/// A site whose system calls can be failed, and are noted.
fn shimmed() -> Site {
    let site = Site::new();
    let (orders, trace) = (site.folder().join("orders"), site.folder().join("trace"));
    site.set("LD_PRELOAD", SHIM.as_str())
        .set("FAULTS_ORDERS", orders.to_string_lossy())
        .set("FAULTS_TRACE", trace.to_string_lossy())
}

/// From now on each such call fails, after some that still succeed.
fn order(site: &Site, call: &str, file: &str, skip: u64) {
    let (draft, orders) = (site.folder().join("orders.draft"), site.folder().join("orders"));
    fs::write(&draft, format!("{call} {file} {EIO} {skip}")).expect("orders");
    fs::rename(draft, orders).expect("orders");
}
