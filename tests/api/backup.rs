//! The restore drill: a backup under write load, restored elsewhere, served, and read by the people whose it is.
//! Holds always: the commands run as an operator runs them, in a process of their own beside the service.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use mend::config::Config;
use mend::database::Id;

use crate::harness::binary::{run, word};
use crate::harness::*;

/// A data directory that holds nothing but a copy of the world's key ring.
fn empty_copy(world: &World, name: &str) -> Config {
    let folder = world.ground.folder.join(name);
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(world.ground.config(0).keys.ring_file, folder.join("keyring.json")).unwrap();
    let mut config = Config::for_tests(&folder);
    config.limits.requests_per_minute = 100_000;
    config
}

/// The path of the set's database in what `mend backup create` answered.
fn database_of(made: &Value) -> PathBuf {
    PathBuf::from(made["files"][0]["path"].as_str().unwrap())
}

fn entry(text: &str) -> Value {
    json!({"text": text, "day": "2026-05-10", "time_zone": "Europe/Berlin"})
}

#[test]
fn what_was_acknowledged_before_a_backup_under_load_is_there_after_a_restore() {
    let world = World::start(Engine::Sqlite);
    let config = world.ground.config(0);
    let asha = world.sign_up("asha");
    let mut kept: Vec<Record> = Vec::new();
    let (stop, during) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let backups = world.ground.folder.join("backups");
    let made = std::thread::scope(|scope| {
        for writer in 0..4 {
            let (asha, stop, during) = (&asha, &stop, &during);
            scope.spawn(move || {
                for number in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let text = format!("Writer {writer}, line {number}: she laughed.");
                    during.lock().unwrap().push(asha.writes("/v1/journal-entries", &entry(&text)));
                }
            });
        }
        eventually("a hundred entries", || (during.lock().unwrap().len() >= 100).then_some(()));
        kept.append(&mut during.lock().unwrap());
        let made = run(&config, &["backup", "create", word(&backups)]).json();
        stop.store(true, Ordering::SeqCst);
        made
    });
    assert!(!during.lock().unwrap().is_empty(), "writers did not wait for the backup");
    assert!(made["verified"]["documents"]["readable"].as_u64().unwrap() >= 100, "{made}");

    let restored = empty_copy(&world, "restored");
    let summary = run(&restored, &["restore", word(&database_of(&made))]).json();
    assert!(summary["documents"]["readable"].as_u64().unwrap() >= 100, "{summary}");
    let node = Node::start(restored, world.clock.clone());
    let there = asha.on_another_device_of(&node);
    for record in &kept {
        let read = there.reads(&record.path);
        assert_eq!((&read["id"], &read["text"]), (&record.body["id"], &record.body["text"]));
    }
}

#[test]
fn what_was_erased_after_the_backup_stays_erased() {
    let world = World::start(Engine::Sqlite);
    let config = world.ground.config(0);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let purged = asha.writes("/v1/journal-entries", &entry("To be forgotten."));
    let purged = asha.changes(&purged, &json!({"title": "With a history"}));
    let kept = asha.writes("/v1/journal-entries", &entry("To be kept."));
    let burnt = bela.writes("/v1/journal-entries", &entry("Under a key that goes."));
    let backups = world.ground.folder.join("backups");
    let made = run(&config, &["backup", "create", word(&backups)]).json();

    asha.deletes(&purged);
    let trashed = asha.lists("/v1/trash")[0]["version"].as_i64().unwrap();
    asha.delete(&format!("/v1/trash/{}", purged.id), &format!("\"{trashed}\"")).expect(204);
    let owner: Id = bela.reads("/v1/me")["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(world.node(0).running.house.keystore.destroy_all_now(owner).unwrap(), 1);
    let later = bela.writes("/v1/journal-entries", &entry("Under the next key."));
    // A ledger of its own, as a cron job writes it between two backups.
    run(&config, &["backup", "ledger", word(&world.ground.folder.join("ledgers"))]).json();

    let without = empty_copy(&world, "without");
    run(&without, &["restore", word(&database_of(&made))]).json();
    let node = Node::start(without, world.clock.clone());
    assert_eq!(asha.on_another_device_of(&node).reads(&purged.path)["text"], "To be forgotten.", "the control");
    drop(node);

    let with = empty_copy(&world, "with");
    let ledgers = world.ground.folder.join("ledgers");
    let restored = run(&with, &["restore", word(&database_of(&made)), "--ledger", word(&ledgers)]).json();
    assert_eq!(restored["applied"], json!({"keys_destroyed": 1, "records_purged": 1}));
    assert!(restored["ledger"].as_str().unwrap().starts_with(word(&ledgers)));
    let node = Node::start(with, world.clock.clone());
    let (asha, bela) = (asha.on_another_device_of(&node), bela.on_another_device_of(&node));
    asha.get(&purged.path).problem(404, "not_found");
    assert_eq!(asha.lists("/v1/trash"), Vec::<Value>::new());
    assert_eq!(asha.reads(&kept.path)["text"], "To be kept.");
    for gone in [&burnt, &later] {
        bela.get(&gone.path).problem(404, "not_found");
    }
    bela.writes("/v1/journal-entries", &entry("Life goes on."));
}

#[test]
fn a_restore_begins_a_new_epoch() {
    let world = World::start(Engine::Sqlite);
    let config = world.ground.config(0);
    let (asha, quiet) = (world.sign_up("asha"), world.sign_up("quiet"));
    let create = |actor: &Actor| {
        let request = actor.request(Method::POST, "/v1/journal-entries").header("idempotency-key", "drill-1");
        request.json(&entry("Only once.")).send().expect(201)
    };
    let record = Record::of("/v1/journal-entries", &create(&asha));
    let made = run(&config, &["backup", "create", word(&world.ground.folder.join("backups"))]).json();
    assert_eq!(made["epoch"], 1);
    // What the restore will not know of.
    let lost = asha.changes(&record, &json!({"title": "Lost"}));
    let mut epochs = vec![1];
    for name in ["first", "second"] {
        let config = empty_copy(&world, name);
        let summary = run(&config, &["restore", word(&database_of(&made))]).json();
        assert!(summary["sessions_ended"].as_u64().unwrap() >= 2, "{summary}");
        epochs.push(summary["epoch"].as_i64().unwrap());
        let node = Node::start(config, world.clock.clone());
        asha.on(&node).get("/v1/me").expect(401);
        let asha = asha.on_another_device_of(&node);
        let now = asha.get(&record.path).expect(200);
        let versions = [&record.etag, &lost.etag];
        assert!(!versions.contains(&&now.etag()), "{} was seen before", now.etag());
        assert_eq!(asha.patch(&record.path, &lost.etag, &json!({"title": "Over another"})).status, 412);
        assert_eq!(create(&asha).header("idempotency-replayed"), Some("true"));
        assert_eq!(asha.lists("/v1/journal-entries").len(), 1);
        let quiet = quiet.on_another_device_of(&node);
        quiet.writes("/v1/journal-entries", &entry("The first after the restore."));
        assert_eq!(heads(&node), vec![*epochs.last().unwrap(); 2], "every owner's head is in the new epoch");
    }
    assert!(epochs.windows(2).all(|pair| pair[0] < pair[1]), "{epochs:?}");
}

/// The epoch of each owner's head.
fn heads(node: &Node) -> Vec<i64> {
    use diesel::prelude::*;
    use mend::database::schema::owner_heads;
    use mend::database::{Connection, Failure};
    let read = |conn: &mut Connection| -> Result<Vec<i64>, Failure> {
        Ok(owner_heads::table.select(owner_heads::epoch).load(conn)?)
    };
    node.running.house.database.read_now(read).unwrap()
}

#[test]
fn a_keystore_of_a_later_set_serves_an_older_database() {
    let world = World::start(Engine::Sqlite);
    let config = world.ground.config(0);
    let asha = world.sign_up("asha");
    let record = asha.writes("/v1/journal-entries", &entry("From the first set."));
    let (first, second) = (world.ground.folder.join("first-set"), world.ground.folder.join("second-set"));
    let first = run(&config, &["backup", "create", word(&first)]).json();
    run(&config, &["keys", "rotate"]);
    let apart = world.ground.folder.join("keystores");
    let second = run(&config, &["backup", "create", word(&second), "--keystore-to", word(&apart)]).json();
    let keystore = PathBuf::from(second["files"][1]["path"].as_str().unwrap());
    assert_eq!(keystore.parent(), Some(Path::new(&apart)));

    let restored = empty_copy(&world, "restored");
    run(&restored, &["restore", word(&database_of(&first)), "--keystore", word(&keystore)]).json();
    let node = Node::start(restored, world.clock.clone());
    assert_eq!(asha.on_another_device_of(&node).reads(&record.path)["text"], "From the first set.");

    let missing = run(&config, &["backup", "verify", word(&database_of(&second))]);
    assert!(missing.refusal().contains("--keystore"), "{}", missing.told);
    let elsewhere = empty_copy(&world, "elsewhere");
    let older = PathBuf::from(first["files"][1]["path"].as_str().unwrap());
    let refused = run(&elsewhere, &["restore", word(&database_of(&second)), "--keystore", word(&older)]);
    assert!(refused.refusal().contains("is older than"), "{}", refused.told);
}
