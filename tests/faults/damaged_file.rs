//! SQLite's file cut off or moved away under a running node, and a start on what is left of it.
//! Holds always: the help directory is answered as before, and nothing is served on a damaged file.

use std::fs::{self, OpenOptions};

use crate::rig::*;

const CONTACTS: &str = "/v1/help-contacts";

#[test]
fn the_help_directory_outlives_its_file() {
    let _machine = machine();
    let site = Site::new();
    let mut node = site.start();
    let address = node.address;
    let asha = Person::signs_up(address, "asha");
    Connection::once(address, &asha.post("/v1/journal-entries", &entry("First words."))).expect(201);
    let before = Connection::once(address, &Ask::get(CONTACTS)).expect(200).json();
    for file in ["mend.db", "mend.db-wal"] {
        OpenOptions::new().write(true).open(site.data().join(file)).unwrap().set_len(0).unwrap();
    }
    let lost = Connection::once(address, &asha.get("/v1/journal-entries"));
    assert!(lost.status >= 500, "the file is gone, and still {}", lost.status);
    for path in [CONTACTS.to_owned(), format!("{CONTACTS}?country=GB"), format!("{CONTACTS}/emergency-112")] {
        Connection::once(address, &Ask::get(&path)).expect(200);
    }
    assert_eq!(Connection::once(address, &Ask::get(CONTACTS)).expect(200).json(), before);
    assert!(node.has_ended().is_none(), "{}", site.log());
    node.kill();
    report("SQLite's file cut to nothing under a node: private reads fail, the help directory as before");
}

#[test]
fn the_help_directory_outlives_the_move_of_its_file() {
    let _machine = machine();
    let site = Site::new();
    let mut node = site.start();
    for file in ["mend.db", "mend.db-wal", "mend.db-shm"] {
        fs::rename(site.data().join(file), site.folder().join(file)).unwrap();
    }
    let contacts = Connection::once(node.address, &Ask::get(CONTACTS)).expect(200).json();
    assert!(contacts["items"].as_array().is_some_and(|items| !items.is_empty()));
    assert!(node.has_ended().is_none(), "{}", site.log());
}

#[test]
fn a_start_on_a_damaged_file_says_so_and_ends() {
    let _machine = machine();
    let site = Site::new();
    site.start().stop();
    fs::write(site.data().join("mend.db"), "no database, only words ".repeat(1_000)).unwrap();
    let status = site.is_refused();
    assert!(!status.success());
    // What SQLite says depends on how much of the file's first page a write-ahead log still holds.
    let (log, file) = (site.log(), site.data().join("mend.db"));
    let opening = format!("cannot open {}: ", file.display());
    let why = log.split_once(&opening).map(|(_, why)| why.trim());
    let known = ["file is not a database", "database disk image is malformed"];
    assert!(why.is_some_and(|why| known.contains(&why)), "{log}");
}
