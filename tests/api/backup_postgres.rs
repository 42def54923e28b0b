//! The restore drill on PostgreSQL: its own tools copy both databases, and `mend restore --adopt` takes over what they restored.
//! Holds always: the commands are those of the README.

use std::path::Path;
use std::process::Command;

use mend::config::{Config, Secret};
use mend::database::Id;

use crate::harness::binary::{run, word};
use crate::harness::postgres::{SERVER, Server, program};
use crate::harness::*;

fn tool(name: &str, words: &[&str]) {
    let output = Command::new(program(name).unwrap()).args(words).output().unwrap();
    assert!(output.status.success(), "{name} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn entry(text: &str) -> Value {
    json!({"text": text, "day": "2026-05-10", "time_zone": "Europe/Berlin"})
}

/// Dumps both databases, the keystore after the main one.
fn dump(config: &Config, folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    for (url, name) in [(&config.database.url, "mend.dump"), (&config.keys.keystore_url, "keystore.dump")] {
        let file = folder.join(name);
        tool("pg_dump", &["--format=custom", "--file", word(&file), "--dbname", url.expose()]);
    }
}

/// Two databases that are gone with this.
struct Fresh {
    server: &'static Server,
    names: [String; 2],
}

impl Fresh {
    fn new(server: &'static Server, name: &str) -> Self {
        let names = [format!("{name}_main"), format!("{name}_keystore")];
        for name in &names {
            server.run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        }
        Self { server, names }
    }

    fn config(&self, folder: &Path, ring: &Path) -> Config {
        let mut config = Config::for_tests(folder);
        config.limits.requests_per_minute = 100_000;
        ring.clone_into(&mut config.keys.ring_file);
        config.database.url = Secret::new(self.server.url(&self.names[0]));
        config.keys.keystore_url = Secret::new(self.server.url(&self.names[1]));
        config
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.names.iter().for_each(|name| self.server.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
    }
}

fn restore(fresh: &Config, folder: &Path) {
    for (url, name) in [(&fresh.database.url, "mend.dump"), (&fresh.keys.keystore_url, "keystore.dump")] {
        tool("pg_restore", &["--no-owner", "--exit-on-error", "--dbname", url.expose(), word(&folder.join(name))]);
    }
}

#[test]
fn what_pg_dump_copied_is_taken_over_without_what_was_erased() {
    let Some(server) = SERVER.as_ref() else { return };
    let world = World::start(Engine::Postgres);
    let config = world.ground.config(0);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let kept: Vec<_> = (0..20).map(|line| asha.writes("/v1/journal-entries", &entry(&format!("Line {line}.")))).collect();
    let purged = asha.writes("/v1/journal-entries", &entry("To be forgotten."));
    let burnt = bela.writes("/v1/journal-entries", &entry("Under a key that goes."));
    let dumps = world.ground.folder.join("dumps");
    dump(&config, &dumps);

    asha.deletes(&purged);
    let trashed = asha.lists("/v1/trash")[0]["version"].as_i64().unwrap();
    asha.delete(&format!("/v1/trash/{}", purged.id), &format!("\"{trashed}\"")).expect(204);
    let owner: Id = bela.reads("/v1/me")["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(world.node(0).running.house.keystore.destroy_all_now(owner).unwrap(), 1);
    run(&config, &["backup", "ledger", word(&dumps)]).json();
    let refused = run(&config, &["backup", "create", word(&dumps)]);
    assert!(refused.refusal().contains("use pg_dump or pg_basebackup"), "{}", refused.told);

    let fresh = Fresh::new(server, "drill");
    let restored = fresh.config(&world.ground.folder.join("restored"), &config.keys.ring_file);
    restore(&restored, &dumps);
    let adopted = run(&restored, &["restore", "--adopt", "--ledger", word(&dumps)]).json();
    assert_eq!(adopted["applied"], json!({"keys_destroyed": 1, "records_purged": 1}));
    assert!(adopted["documents"]["readable"].as_u64().unwrap() >= 20, "{adopted}");
    assert!(adopted["epoch"].as_i64().unwrap() > 1);

    let node = Node::start(restored, world.clock.clone());
    asha.on(&node).get("/v1/me").expect(401);
    let (asha, bela) = (asha.on_another_device_of(&node), bela.on_another_device_of(&node));
    for record in &kept {
        let read = asha.get(&record.path).expect(200);
        assert_eq!(read.json()["text"], record.body["text"]);
        assert_ne!(read.etag(), record.etag);
    }
    asha.get(&purged.path).problem(404, "not_found");
    bela.get(&burnt.path).problem(404, "not_found");
}

#[test]
fn databases_that_do_not_belong_together_are_not_taken_over() {
    let Some(server) = SERVER.as_ref() else { return };
    let world = World::start(Engine::Postgres);
    let config = world.ground.config(0);
    world.sign_up("asha").writes("/v1/journal-entries", &entry("A line."));
    let dumps = world.ground.folder.join("dumps");
    dump(&config, &dumps);
    let fresh = Fresh::new(server, "strangers");
    let mut restored = fresh.config(&world.ground.folder.join("restored"), &config.keys.ring_file);
    restore(&restored, &dumps);
    restored.keys.keystore_url = crate::harness::part::bare(Engine::Sqlite).1.keys.keystore_url;
    std::fs::create_dir_all(Path::new(restored.keys.keystore_url.expose().trim_start_matches("sqlite:")).parent().unwrap())
        .unwrap();
    let refused = run(&restored, &["restore", "--adopt"]);
    assert!(refused.refusal().contains("this keystore belongs to another database"), "{}", refused.told);
}
