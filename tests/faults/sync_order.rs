//! Power loss: no 2xx leaves before the log that holds its record is synced, read from the order of system calls.
//! Holds always: the check finds a service that does not wait for the disk; that is shown by dropping its syncs.

use std::collections::HashSet;
use std::thread;

use crate::rig::*;

const PATH: &str = "/v1/journal-entries";
const WRITERS: usize = 8;

#[test]
fn no_answer_leaves_before_the_log_is_synced() {
    let _machine = machine();
    let (written, events) = writes_under_trace(sized(240, 2400), false);
    let early = written.iter().filter(|one| one.left_early(&events)).count();
    assert_eq!(early, 0, "answers left before their record was synced");
    let owners: HashSet<_> = written.iter().map(|one| one.owner).collect();
    let keyless = written.iter().filter(|one| one.key_is_late(&events)).count();
    assert_eq!(keyless, 0, "records were written before their key was synced");
    let syncs = events.iter().filter(|event| event.kind == Kind::Sync && event.file == File::Log).count();
    report(&format!(
        "system-call order: {} answers with 201, 0 left before the log was synced ({syncs} syncs); {} first keys, each \
         synced before the first record that needs it",
        written.len(),
        owners.len(),
    ));
}

#[test]
fn the_check_sees_a_service_that_does_not_sync() {
    let _machine = machine();
    let (written, events) = writes_under_trace(40, true);
    let early = written.iter().filter(|one| one.left_early(&events)).count();
    let keyless = written.iter().filter(|one| one.key_is_late(&events)).count();
    assert_eq!((early, keyless), (written.len(), written.len()), "the check is blind");
}

/// Creates so many entries by several writers, and answers them with what the service did meanwhile.
fn writes_under_trace(count: usize, unsynced: bool) -> (Vec<Written>, Vec<Event>) {
    let mut site = Site::new();
    let file = site.folder().join("trace");
    site = site.set("LD_PRELOAD", SHIM.as_str()).set("FAULTS_TRACE", file.to_string_lossy());
    if unsynced {
        site = site.set("FAULTS_UNSYNCED", "1");
    }
    let node = site.start();
    let address = node.address;
    let writers: Vec<_> = Person::crowd(address, WRITERS)
        .into_iter()
        .map(|person| thread::spawn(move || writes(&person, address, count / WRITERS)))
        .collect();
    let written = writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect();
    drop(node);
    (written, trace(&file))
}

fn writes(person: &Person, address: std::net::SocketAddr, count: usize) -> Vec<Written> {
    let mut connection = Connection::to(address).expect("a connection");
    let me = connection.ask(&person.get("/v1/me")).expect("an answer").expect(200).text("id");
    let one = |number| {
        let text = format!("Note {number} that has to reach the disk.");
        let answer = connection.ask(&person.post(PATH, &entry(&text))).expect("an answer").expect(201);
        Written::new(&me, &answer.text("id"))
    };
    (0..count).map(one).collect()
}
