//! The keystore by itself, on SQLite: what stands in its file, what stays in memory, what does not open.
//! Stories over both engines, rotation under load among them, are told beside the API's.

use std::fs;
use std::path::Path;

use diesel::prelude::*;

use super::*;
use crate::config::Config;
use crate::database::schema::keystore::data_keys;
use crate::database::{Connection, Purpose, Target, Timestamp};

fn keystore(folder: &Path) -> (Keystore, Arc<KeyRing>) {
    let ring = KeyRing::generate();
    let clock = Clock::manual(Timestamp::from_micros(0));
    let keystore = Keystore::open(&Config::for_tests(folder), ring.clone(), clock).unwrap();
    keystore.migrate().unwrap();
    (keystore, ring)
}

/// Another connection to the same file.
fn beside(folder: &Path) -> Connection {
    Target::Sqlite(folder.join("keystore.db")).connect(Purpose::Keystore).unwrap()
}

fn wrapped(folder: &Path, owner: Id, id: Id) -> Vec<u8> {
    let row = data_keys::table.find((owner, id)).select(data_keys::wrapped);
    let Bytes(wrapped) = row.first(&mut beside(folder)).unwrap();
    wrapped
}

/// Whether any file of the keystore holds these bytes.
fn on_disk(folder: &Path, bytes: &[u8]) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.into_iter().any(|file| file.windows(bytes.len()).any(|seen| seen == bytes))
}

#[test]
fn a_destroyed_key_leaves_no_trace_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (keystore, ring) = keystore(folder.path());
    let owners: Vec<Id> = (0..40).map(|_| Id::new()).collect();
    for owner in &owners {
        keystore.owner_key_now(*owner).unwrap();
    }
    let (first, second) = (owners[7], owners[8]);
    let (destroyed, before) = (wrapped(folder.path(), first, first), wrapped(folder.path(), second, second));
    assert!(on_disk(folder.path(), &destroyed) && on_disk(folder.path(), &before));

    keystore.destroy_now(first, first).unwrap();
    assert!(!on_disk(folder.path(), &destroyed));

    let mut main = beside(folder.path());
    diesel::connection::SimpleConnection::batch_execute(
        &mut main,
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB, updated_at INTEGER)",
    )
    .unwrap();
    ring.rotate(&mut main, Timestamp::from_micros(0)).unwrap();
    assert_eq!(keystore.rewrap_now().unwrap(), Rewrapped { wrapped_count: 39, unreadable_count: 0 });
    assert!(!on_disk(folder.path(), &before), "the wrapping by the older key of the ring is gone too");
}

#[test]
fn no_key_stands_in_the_clear_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (keystore, _) = keystore(folder.path());
    let key = keystore.owner_key_now(Id::new()).unwrap();
    assert!(!on_disk(folder.path(), key.secret.bytes()));
}

#[test]
fn a_wrapped_key_opens_for_its_owner_and_id_only() {
    let folder = tempfile::tempdir().unwrap();
    let (keystore, _) = keystore(folder.path());
    let (owner, other) = (Id::new(), Id::new());
    let own = keystore.create_now(owner).unwrap();
    keystore.create_now(other).unwrap();
    diesel::update(data_keys::table.filter(data_keys::owner.eq(owner)))
        .set(data_keys::owner.eq(other))
        .execute(&mut beside(folder.path()))
        .unwrap();
    assert_eq!(keystore.key_now(other, own.id), Err(KeyFailure::Damaged));
    let found = keystore.examine_now().unwrap();
    assert_eq!((found.readable_counts.get(&1), found.unreadable_count), (Some(&1), 1));
}

#[test]
fn a_key_under_an_unknown_ring_key_is_named_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let (keystore, _) = keystore(folder.path());
    let owner = Id::new();
    let key = keystore.create_now(owner).unwrap();
    diesel::update(data_keys::table).set(data_keys::ring_key.eq(5)).execute(&mut beside(folder.path())).unwrap();
    assert_eq!(keystore.key_now(owner, key.id), Err(KeyFailure::UnknownRingKey(5)));
    assert_eq!(keystore.rewrap_now().unwrap(), Rewrapped { wrapped_count: 0, unreadable_count: 1 });
}

#[test]
fn an_owner_is_never_given_anothers_key() {
    let folder = tempfile::tempdir().unwrap();
    let (keystore, _) = keystore(folder.path());
    let (owner, other) = (Id::new(), Id::new());
    let key = keystore.owner_key_now(owner).unwrap();
    assert_eq!(keystore.key_now(other, key.id).unwrap(), None);
    assert_ne!(keystore.owner_key_now(other).unwrap().secret, key.secret);
}

#[test]
fn reading_again_costs_no_look_into_the_keystore() {
    let folder = tempfile::tempdir().unwrap();
    let (keystore, _) = keystore(folder.path());
    let owner = Id::new();
    assert_eq!(keystore.cached(owner, owner), None);
    keystore.owner_key_now(owner).unwrap();
    let key = keystore.key_now(owner, owner).unwrap();
    assert_eq!(keystore.cached(owner, owner), key);
    keystore.destroy_all_now(owner).unwrap();
    assert_eq!(keystore.cached(owner, owner), None);
}

#[test]
fn a_key_that_dies_while_it_is_read_does_not_stay_in_memory() {
    let cache = cache::Cache::new();
    let (owner, id) = (Id::new(), Id::new());
    let read = cache.get_or_read(owner, id, || {
        cache.forget(owner, id);
        Ok(Some(DataKey::random(id)))
    });
    assert!(read.unwrap().is_some());
    assert_eq!(cache.get(owner, id), None);
}

#[actix_web::test]
async fn handlers_get_the_same_keys_without_blocking() {
    let folder = tempfile::tempdir().unwrap();
    let (keystore, _) = keystore(folder.path());
    let owner = Id::new();
    let standing = keystore.owner_key(owner).await.unwrap();
    let own = keystore.create(owner).await.unwrap();
    assert_eq!(keystore.key(owner, owner).await.unwrap(), Some(standing));
    assert_eq!(keystore.key(owner, own.id).await.unwrap(), Some(own.clone()));
    assert!(keystore.destroy(owner, own.id).await.unwrap());
    assert_eq!(keystore.destroy_all(owner).await.unwrap(), 1);
    assert_eq!(keystore.key(owner, own.id).await.unwrap(), None);
}

#[test]
fn a_commit_is_on_the_disk_and_leaves_no_log() {
    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = diesel::sql_types::Text)]
        value: String,
    }
    let folder = tempfile::tempdir().unwrap();
    keystore(folder.path()).0.create_now(Id::new()).unwrap();
    let mut conn = beside(folder.path());
    let mut setting = |name: &str| {
        let query = format!("SELECT CAST({name} AS TEXT) AS value FROM pragma_{name}");
        diesel::sql_query(query).get_result::<Setting>(&mut conn).unwrap().value
    };
    assert_eq!([setting("journal_mode"), setting("synchronous"), setting("secure_delete")], ["delete", "3", "1"]);
    let mut files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["keystore.db"]);
}
