//! Key ring and keystore on real databases: who belongs to whom, and keys that are gone for good.
//! Holds always: a start that does not fit is refused, and what a destroyed key sealed is unreadable in every copy.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use diesel::prelude::*;
use mend::config::Secret;
use mend::database::schema::{owner_heads, records};
use mend::database::{Bytes, Clock, Connection, Database, Failure, Id};
use mend::privacy::keystore::CACHED_FOR;
use mend::privacy::{KeystoreError, RingError, Unsealable, open_document, seal_document};

use crate::harness::part::{Part, bare, place, refusal};
use crate::harness::*;

#[apply(on_both_databases)]
fn a_ring_is_made_for_a_database_that_never_had_one(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    let first = Part::start(&config).unwrap();
    assert_eq!(fs::metadata(&config.keys.ring_file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(Part::start(&config).unwrap().ring.check_value(), first.ring.check_value());

    fs::remove_file(&config.keys.ring_file).unwrap();
    assert!(matches!(refusal(&config), RingError::Missing { .. }));
    assert!(!config.keys.ring_file.exists(), "no new ring may take the place of a lost one");
}

#[apply(on_both_databases)]
fn another_ring_is_refused(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    Part::start(&config).unwrap();
    let (_other, other) = bare(engine);
    Part::start(&other).unwrap();
    fs::copy(&other.keys.ring_file, &config.keys.ring_file).unwrap();
    assert!(matches!(refusal(&config), RingError::AnotherRing));
}

#[apply(on_both_databases)]
fn an_older_copy_of_the_ring_is_refused(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    let node = Part::start(&config).unwrap();
    let copy = config.keys.ring_file.with_extension("copy");
    fs::copy(&config.keys.ring_file, &copy).unwrap();
    assert_eq!(node.rotate(), 2);
    assert_eq!(Part::start(&config).unwrap().ring.active_id(), 2);
    fs::rename(&copy, &config.keys.ring_file).unwrap();
    assert!(matches!(refusal(&config), RingError::OlderCopy(2)));
}

#[apply(on_both_databases)]
fn another_keystore_is_refused(#[case] engine: Engine) {
    let (ground, config) = bare(engine);
    Part::start(&config).unwrap();
    let mut astray = config.clone();
    astray.keys.keystore_url = Secret::new(format!("sqlite:{}", ground.folder.join("another.db").display()));
    let fresh: KeystoreError = refusal(&astray);
    assert!(fresh.to_string().contains("MEND_KEYS_KEYSTORE_URL"), "{fresh}");

    let (_other, other) = bare(engine);
    Part::start(&other).unwrap();
    astray.keys.keystore_url = other.keys.keystore_url;
    assert!(matches!(refusal(&astray), KeystoreError::AnotherDatabase));
}

#[apply(on_both_databases)]
fn a_new_database_does_not_take_a_keystore_with_keys(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    Part::start(&config).unwrap().keystore.owner_key_now(Id::new()).unwrap();
    let (_other, mut fresh) = bare(engine);
    fresh.keys = config.keys;
    assert!(matches!(refusal(&fresh), KeystoreError::AnotherDatabase));
}

#[apply(on_both_databases)]
fn nodes_that_start_together_agree(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    // Migrations stand, so that the race is about ring and keystore.
    Database::open(&config.database, Clock::system()).unwrap().migrate().unwrap();
    let start = || Part::start(&config).map_err(|refused| refused.to_string());
    let started: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let checks: Vec<_> = started.into_iter().map(|node| node.unwrap().ring.check_value()).collect();
    assert!(checks.windows(2).all(|pair| pair[0] == pair[1]));
}

#[apply(on_both_databases)]
fn two_nodes_that_need_an_owners_first_key_make_one(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    let nodes: Vec<_> = (0..2).map(|_| Part::start(&config).unwrap()).collect();
    for owner in (0..20).map(|_| Id::new()) {
        let keys: Vec<_> = std::thread::scope(|scope| {
            let ask = |node: &Part| node.keystore.owner_key_now(owner).unwrap();
            let threads: Vec<_> = nodes.iter().map(|node| scope.spawn(move || ask(node))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(keys[0], keys[1]);
    }
}

#[apply(on_both_databases)]
fn a_destroyed_key_is_gone_on_every_node(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    let (here, there) = (Part::start(&config).unwrap(), Part::start(&config).unwrap());
    let (owner, other) = (Id::new(), Id::new());
    let burning = here.keystore.create_now(owner).unwrap();
    let standing = here.keystore.owner_key_now(owner).unwrap();
    let stranger = here.keystore.owner_key_now(other).unwrap();
    for key in [&burning, &standing] {
        assert!(there.keystore.key_now(owner, key.id).unwrap().is_some());
    }

    assert!(here.keystore.destroy_now(owner, burning.id).unwrap());
    assert!(!here.keystore.destroy_now(owner, burning.id).unwrap());
    assert_eq!(here.keystore.cached(owner, burning.id), None);
    assert_eq!(here.keystore.key_now(owner, burning.id).unwrap(), None);
    std::thread::sleep(CACHED_FOR);
    assert_eq!(there.keystore.key_now(owner, burning.id).unwrap(), None);
    assert_eq!(there.keystore.key_now(owner, owner).unwrap(), Some(standing));

    assert_eq!(here.keystore.destroy_all_now(owner).unwrap(), 1);
    assert_eq!(here.keystore.key_now(owner, owner).unwrap(), None);
    assert_eq!(here.keystore.key_now(other, other).unwrap(), Some(stranger));
}

#[apply(on_both_databases)]
fn yesterdays_copy_of_the_database_stays_unreadable(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    let node = Part::start(&config).unwrap();
    let owner = Id::new();
    let key = node.keystore.owner_key_now(owner).unwrap();
    store(&node, owner, seal_document(&key, &place(owner, &key), b"She never called back."));
    let copy = stored(&node, owner);
    assert!(open_document(&key, &place(owner, &key), &copy).is_ok());

    assert_eq!(node.keystore.destroy_all_now(owner).unwrap(), 1);
    delete(&node, owner);
    store(&node, owner, copy);
    assert_eq!(node.keystore.key_now(owner, owner).unwrap(), None);
    let new = node.keystore.owner_key_now(owner).unwrap();
    assert_eq!(open_document(&new, &place(owner, &new), &stored(&node, owner)), Err(Unsealable::Damaged));
}

/// Puts a document into the database, as a record whose id is its owner's.
fn store(node: &Part, owner: Id, document: Vec<u8>) {
    let (now, document) = (node.database.clock().now(), Bytes(document));
    let row = (
        (records::owner.eq(owner), records::id.eq(owner), records::collection.eq("journal-entries")),
        (records::sequence.eq(1), records::version.eq(1), records::shape.eq(1)),
        (records::created_at.eq(now), records::updated_at.eq(now)),
        (records::data_key.eq(owner), records::document.eq(document)),
    );
    let insert = move |conn: &mut Connection| {
        let head = (owner_heads::owner.eq(owner), owner_heads::epoch.eq(1), owner_heads::sequence.eq(1));
        let kept = (owner_heads::live_count.eq(1), owner_heads::trashed_count.eq(0), owner_heads::stored_bytes.eq(0));
        diesel::insert_into(owner_heads::table).values((head, kept)).execute(conn)?;
        Ok(diesel::insert_into(records::table).values(row).execute(conn)?)
    };
    assert_eq!(node.database.write_now::<_, Failure>(insert), Ok(1));
}

fn stored(node: &Part, owner: Id) -> Vec<u8> {
    let find = move |conn: &mut Connection| {
        Ok(records::table.find((owner, owner)).select(records::document.assume_not_null()).first(conn)?)
    };
    let Bytes(document) = node.database.read_now::<_, Failure>(find).unwrap();
    document
}

fn delete(node: &Part, owner: Id) {
    let delete = move |conn: &mut Connection| {
        diesel::delete(records::table.find((owner, owner))).execute(conn)?;
        Ok(diesel::delete(owner_heads::table.find(owner)).execute(conn)?)
    };
    assert_eq!(node.database.write_now::<_, Failure>(delete), Ok(1));
}
