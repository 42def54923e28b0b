//! Point-in-time recovery of the main database: `pg_basebackup`, an archive of the log, and the keystore as a dump, since an
//! archived keystore could not forget.
//! Holds always: the commands are PostgreSQL's own, and what was written after the base backup comes back too.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use mend::config::{Config, Secret};
use mend::database::Clock;

use crate::harness::binary::{run, word};
use crate::harness::postgres::{SERVER, Server, init, installed, program, unprivileged_user};
use crate::harness::*;

fn tool(user: &[String], name: &str, words: &[&str]) {
    let program = program(name).unwrap();
    let all: Vec<_> = user.iter().map(String::as_str).chain([word(&program)]).chain(words.iter().copied()).collect();
    let output = Command::new(all[0]).args(&all[1..]).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

const SETTINGS: [&str; 4] =
    ["listen_addresses=127.0.0.1", "unix_socket_directories=", "wal_level=replica", "max_wal_senders=4"];

/// A new server whose log is archived, with an empty database `mend`.
fn archiving(programs: &Path, archive: &Path) -> Server {
    let data = scratch::temporary_folder();
    let user = unprivileged_user(&data);
    init(programs, &user, &data);
    let mut settings = SETTINGS.map(str::to_owned).to_vec();
    settings.extend(["archive_mode=on".into(), format!("archive_command=cp %p {}/%f", archive.display())]);
    let server = Server::on(programs, user, data, &settings);
    server.run("CREATE DATABASE mend TEMPLATE template0");
    server
}

/// A server on a base backup that plays the archive to its end and then takes writes.
fn recovered(programs: &Path, user: Vec<String>, base: &Path, archive: &Path) -> Server {
    let restore = format!("restore_command = 'cp {}/%f %p'\n", archive.display());
    std::fs::write(base.join("postgresql.auto.conf"), restore).unwrap();
    std::fs::write(base.join("recovery.signal"), "").unwrap();
    std::fs::set_permissions(base, std::fs::Permissions::from_mode(0o700)).unwrap();
    let server = Server::on(programs, user, base.to_owned(), &SETTINGS);
    eventually("the end of the recovery", || {
        let mut connection = PgConnection::establish(&server.url("mend")).ok()?;
        let is_done = diesel::dsl::sql::<Bool>("NOT pg_is_in_recovery()");
        diesel::select(is_done).get_result::<bool>(&mut connection).ok()?.then_some(())
    });
    server
}

/// Waits until everything that was committed so far is in the archive.
fn archive_all(server: &Server) {
    let ask = |question: &str| -> String {
        let mut connection = PgConnection::establish(&server.url("postgres")).unwrap();
        diesel::select(diesel::dsl::sql::<Text>(question)).get_result(&mut connection).unwrap()
    };
    let current = ask("pg_walfile_name(pg_current_wal_lsn())");
    server.run("SELECT pg_switch_wal()");
    let archived = "coalesce((SELECT last_archived_wal FROM pg_stat_archiver), '')";
    eventually("the archive", || (ask(archived) >= current).then_some(()));
}

fn entry(text: &str) -> Value {
    json!({"text": text, "day": "2026-05-10", "time_zone": "Europe/Berlin"})
}

#[test]
fn the_archive_brings_back_what_was_written_after_the_base_backup() {
    let (Some(programs), Some(other)) = (installed(), SERVER.as_ref()) else { return };
    let (archive, base) = (scratch::temporary_folder(), scratch::temporary_folder());
    unprivileged_user(&archive);
    let user = unprivileged_user(&base);
    let primary = archiving(&programs, &archive);
    for name in ["archived_keystore", "archived_keystore_again"] {
        other.run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
    }
    let folder = scratch::folder("archive");
    let mut config = Config::for_tests(&folder.join("before"));
    config.keys.ring_file = folder.join("keyring.json");
    config.database.url = Secret::new(primary.url("mend"));
    config.keys.keystore_url = Secret::new(other.url("archived_keystore"));
    let clock = Clock::manual(world::beginning());
    let node = Node::start(config.clone(), clock.clone());
    let asha = Actor::somebody(&node.base, "asha");
    asha.post("/v1/auth/register", &json!({"email": asha.email, "password": asha.password})).expect(202);
    asha.signs_in();
    let early = asha.writes("/v1/journal-entries", &entry("Before the base backup."));
    let to = ["--pgdata", word(&base), "--dbname", config.database.url.expose(), "--wal-method=none", "--checkpoint=fast"];
    tool(&user, "pg_basebackup", &to);
    let late = asha.writes("/v1/journal-entries", &entry("After it."));
    let dump = folder.join("keystore.dump");
    let keystore_url = config.keys.keystore_url.expose();
    tool(&[], "pg_dump", &["--format=custom", "--file", word(&dump), "--dbname", keystore_url]);
    drop(node);
    archive_all(&primary);
    drop(primary);

    let again = recovered(&programs, user, &base, &archive);
    let mut restored = config.clone();
    restored.data_dir = folder.join("after");
    restored.database.url = Secret::new(again.url("mend"));
    restored.keys.keystore_url = Secret::new(other.url("archived_keystore_again"));
    let into = restored.keys.keystore_url.expose();
    tool(&[], "pg_restore", &["--no-owner", "--exit-on-error", "--dbname", into, word(&dump)]);
    run(&restored, &["restore", "--adopt"]).json();
    let node = Node::start(restored, clock);
    let asha = asha.on_another_device_of(&node);
    assert_eq!(asha.reads(&early.path)["text"], "Before the base backup.");
    assert_eq!(asha.reads(&late.path)["text"], "After it.");
    drop(node);
    for name in ["archived_keystore", "archived_keystore_again"] {
        other.run(&format!("DROP DATABASE {name} WITH (FORCE)"));
    }
    std::fs::remove_dir_all(archive).unwrap();
}
