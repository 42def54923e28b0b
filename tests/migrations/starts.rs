//! What a start does: the embedded migrations are those of the folders, and nodes that start together do not collide.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use mend::database::{Connection, Purpose, Target, migrations};
use mend::privacy::map::Store;

use crate::{STORES, postgres, scratch};

/// An empty SQLite file, and an empty database on PostgreSQL where a server can be started.
pub fn databases() -> Vec<Target> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let file = scratch::folder("migrations").join("mend.db");
    let mut urls = vec![format!("sqlite:{}", file.display())];
    if let Some(server) = postgres::SERVER.as_ref() {
        let name = format!("starts_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        server.run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        urls.push(server.url(&name));
    }
    urls.iter().map(|url| Target::parse(url, false).expect("a file or a loopback address")).collect()
}

pub fn connect(target: &Target) -> Connection {
    target.connect(Purpose::Write).expect("a connection")
}

/// What a start does; answers the names of the migrations applied.
pub fn migrate(store: Store, connection: &mut Connection) -> Vec<String> {
    let applied = match store {
        Store::Main => migrations::run_main(connection),
        Store::Keystore => migrations::run_keystore(connection),
    };
    applied.expect("the migrations run")
}

fn names(store: Store) -> Vec<String> {
    let (_, folder, _) = STORES.into_iter().find(|(other, ..)| *other == store).expect("both stores are listed");
    let entries =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder of migrations");
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_start_applies_every_migration_once() {
    for store in [Store::Main, Store::Keystore] {
        for target in databases() {
            let mut connection = connect(&target);
            let applied = migrate(store, &mut connection);
            assert_eq!(applied, names(store), "touch src/database/migrations.rs and build again");
            assert_eq!(migrate(store, &mut connection), Vec::<String>::new());
        }
    }
}

#[test]
fn nodes_that_start_together_migrate_once() {
    for target in databases() {
        let start = |_| {
            let target = target.clone();
            std::thread::spawn(move || migrate(Store::Main, &mut connect(&target)))
        };
        let starts: Vec<_> = (0..4).map(start).collect();
        let mut applied: Vec<_> = starts.into_iter().flat_map(|start| start.join().expect("a start")).collect();
        applied.sort();
        assert_eq!(applied, names(Store::Main), "{target:?}");
    }
}
