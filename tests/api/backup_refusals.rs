//! Backups that cannot be used, and commands that were killed: each is said plainly, and nothing half done can be started.
//! Holds always: a refused restore leaves the data directory as it was.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use mend::config::Config;

use crate::harness::binary::{command, run, word};
use crate::harness::*;

/// A world with one entry, a backup of it, and an empty data directory with the key ring.
struct Drill {
    world: World,
    asha: Actor,
    record: Record,
    /// The set's files: database, keystore, ledger.
    files: [PathBuf; 3],
    restored: Config,
}

impl Drill {
    fn new() -> Self {
        let world = World::start(Engine::Sqlite);
        let asha = world.sign_up("asha");
        let body = json!({"text": "She laughed.", "day": "2026-05-10", "time_zone": "Europe/Berlin"});
        let record = asha.writes("/v1/journal-entries", &body);
        let made = run(&world.ground.config(0), &["backup", "create", word(&world.ground.folder.join("backups"))]);
        let made = made.json();
        let files = [0, 1, 2].map(|number| PathBuf::from(made["files"][number]["path"].as_str().unwrap()));
        let folder = world.ground.folder.join("restored");
        fs::create_dir(&folder).unwrap();
        fs::copy(world.ground.config(0).keys.ring_file, folder.join("keyring.json")).unwrap();
        Self { world, asha, record, files, restored: Config::for_tests(&folder) }
    }

    fn backups(&self) -> PathBuf {
        self.world.ground.folder.join("backups")
    }

    /// Changes a file of the set, holds the restore to that refusal, and puts the file back.
    #[track_caller]
    fn refused(&self, file: usize, change: impl FnOnce(Vec<u8>) -> Vec<u8>, why: &str) {
        let whole = fs::read(&self.files[file]).unwrap();
        fs::write(&self.files[file], change(whole.clone())).unwrap();
        let ended = run(&self.restored, &["restore", word(&self.files[0])]);
        assert!(ended.refusal().contains(why), "expected '{why}' in: {}", ended.told);
        self.nothing_is_there();
        fs::write(&self.files[file], whole).unwrap();
    }

    #[track_caller]
    fn nothing_is_there(&self) {
        let mut names: Vec<_> =
            fs::read_dir(&self.restored.data_dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.retain(|name| name != "keyring.json" && name != "mend.lock");
        assert!(names.is_empty(), "left behind: {names:?}");
    }

    #[track_caller]
    fn serves(&self) {
        let node = Node::start(self.restored.clone(), self.world.clock.clone());
        assert_eq!(self.asha.on_another_device_of(&node).reads(&self.record.path)["text"], "She laughed.");
    }
}

fn replaced(bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let text = bytes.clone();
    let at = memchr::memmem::find(&text, from.as_bytes()).unwrap_or_else(|| panic!("no {from} in the file"));
    let mut bytes = bytes;
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    bytes
}

#[test]
fn a_file_that_cannot_be_used_is_refused_in_words() {
    let drill = Drill::new();
    let middle = |mut bytes: Vec<u8>| {
        // Behind the head, which is longer than half of a small file.
        let at = bytes.len() - 30;
        bytes[at] ^= 1;
        bytes
    };
    drill.refused(0, |_| b"SQLite format 3\0 and so on".to_vec(), "is no backup of mend");
    drill.refused(0, |_| Vec::new(), "is no backup of mend");
    drill.refused(0, |bytes| [&bytes[..8], &[2], &bytes[9..]].concat(), "is in format 2, and this mend reads format 1");
    drill.refused(0, |bytes| bytes[..bytes.len() - 1000].to_vec(), "is cut short");
    drill.refused(0, middle, "is damaged: it was changed or cut short");
    drill.refused(1, |bytes| bytes[..bytes.len() - 100].to_vec(), "is damaged: it was changed or cut short");
    drill.refused(1, middle, "is damaged: it was changed or cut short");
    drill.refused(2, middle, "is damaged: it was changed or cut short");
    let newer = "is newer than this mend: it was made by mend 0.1.0";
    drill.refused(0, |bytes| replaced(bytes, "\"20261122000001\"", "\"20991122000001\""), newer);
    drill.refused(0, |bytes| replaced(bytes, "\"epoch\":1", "\"epoch\":2"), "is damaged");
    let keystore = fs::read(&drill.files[1]).unwrap();
    drill.refused(0, |_| keystore, "holds a keystore, not a database");
    run(&drill.restored, &["restore", word(&drill.files[0])]).json();
    drill.serves();
}

#[test]
fn another_ring_or_an_older_copy_of_it_is_refused() {
    let drill = Drill::new();
    let ring = &drill.restored.keys.ring_file;
    let own = fs::read(ring).unwrap();
    let restore = |database: &Path| run(&drill.restored, &["restore", word(database)]);

    let stranger = World::start(Engine::Sqlite);
    // A prepared world's ring is the same in each, so this one is made anew.
    let (bare, other) = crate::harness::part::bare(Engine::Sqlite);
    crate::harness::part::Part::start(&other).unwrap();
    fs::copy(&other.keys.ring_file, ring).unwrap();
    assert!(restore(&drill.files[0]).refusal().contains("was made with another key ring"));
    drop((stranger, bare));

    fs::remove_file(ring).unwrap();
    assert!(restore(&drill.files[0]).refusal().contains("there is no key ring at"));

    fs::write(ring, &own).unwrap();
    std::process::Command::new("chmod").arg("644").arg(ring).status().unwrap();
    assert!(restore(&drill.files[0]).refusal().contains("others can read the key ring"));
    std::process::Command::new("chmod").arg("600").arg(ring).status().unwrap();

    let config = drill.world.ground.config(0);
    assert!(run(&config, &["keys", "rotate"]).succeeded);
    let later = run(&config, &["backup", "create", word(&drill.world.ground.folder.join("later"))]).json();
    let later = PathBuf::from(later["files"][0]["path"].as_str().unwrap());
    let refused = restore(&later);
    assert!(refused.refusal().contains("sealed with key 2 of the key ring, which this copy of the ring lacks"));
    drill.nothing_is_there();
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let drill = Drill::new();
    let restore = || run(&drill.restored, &["restore", word(&drill.files[0])]);
    for name in ["mend.db", "keystore.db", "mend.db-wal", "photographs"] {
        let path = drill.restored.data_dir.join(name);
        fs::write(&path, "mine").unwrap();
        assert!(restore().refusal().contains("is in the way"), "{name}");
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        fs::remove_file(path).unwrap();
    }
    let running = run(&drill.world.ground.config(0), &["restore", word(&drill.files[0])]);
    assert!(running.refusal().contains("in use by another mend"), "{}", running.told);
    drill.nothing_is_there();

    let lock = fs::File::open(drill.backups().join(".mend-backup.lock")).unwrap();
    lock.lock().unwrap();
    let second = run(&drill.world.ground.config(0), &["backup", "create", word(&drill.backups())]);
    assert!(second.refusal().contains("another backup is being written"), "{}", second.told);
}

fn start(config: &Config, words: &[&str]) -> Child {
    command(config, words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits for something that a command does, without missing a short moment of it; false when it ended before.
fn caught(child: &mut Child, seen: impl Fn() -> bool) -> bool {
    while child.try_wait().unwrap().is_none() {
        if seen() {
            return true;
        }
    }
    false
}

#[test]
fn an_interrupted_restore_leaves_nothing_that_starts() {
    let mut interrupted = 0;
    let drill = Drill::new();
    for pause in [0, 1, 5, 20, 50, 100, 200, 400] {
        let mark = drill.restored.data_dir.join("restore.unfinished");
        let mut restore = start(&drill.restored, &["restore", word(&drill.files[0])]);
        let begun = caught(&mut restore, || mark.exists());
        std::thread::sleep(Duration::from_millis(pause));
        restore.kill().unwrap();
        restore.wait().unwrap();
        if begun && mark.exists() {
            interrupted += 1;
            for words in [&["migrate"][..], &["serve"], &["restore", word(&drill.files[0])]] {
                let refused = run(&drill.restored, words);
                assert!(refused.refusal().contains("was interrupted"), "{words:?}: {}", refused.told);
            }
        } else if drill.restored.data_dir.join("mend.db").exists() {
            drill.serves();
        }
        for entry in fs::read_dir(&drill.restored.data_dir).unwrap().flatten() {
            if entry.file_name() != "keyring.json" {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }
    assert!(interrupted >= 2, "{interrupted} restores were interrupted");
    run(&drill.restored, &["restore", word(&drill.files[0])]).json();
    drill.serves();
}

#[test]
fn what_a_killed_backup_leaves_is_no_backup_and_goes_with_the_next() {
    let drill = Drill::new();
    let config = drill.world.ground.config(0);
    let folder = drill.world.ground.folder.join("interrupted");
    let names = || -> Vec<String> {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    };
    let is_draft = |name: &String| name.starts_with(".mend-draft-");
    let mut create = start(&config, &["backup", "create", word(&folder)]);
    assert!(caught(&mut create, || names().iter().any(is_draft)), "no draft was seen");
    create.kill().unwrap();
    create.wait().unwrap();
    assert!(names().iter().any(is_draft), "{:?}", names());
    let made = run(&config, &["backup", "create", word(&folder)]).json();
    assert!(!names().iter().any(is_draft), "{:?}", names());
    run(&config, &["backup", "verify", made["files"][0]["path"].as_str().unwrap()]).json();
    for name in names() {
        assert_eq!(fs::metadata(folder.join(&name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}
