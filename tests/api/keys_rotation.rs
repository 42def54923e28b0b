//! Rotation of the key ring while nodes work.
//! Holds always: nothing that was sealed before, during or after a rotation is lost, and nothing destroyed comes back.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use mend::database::Id;
use mend::privacy::keystore::CACHED_FOR;
use mend::privacy::{Purpose, open_document, seal_document};

use crate::harness::part::{Part, bare, place};
use crate::harness::*;

#[apply(on_both_databases)]
fn everything_opens_when_the_ring_is_rotated_under_load(#[case] engine: Engine) {
    let (ground, config) = bare(engine);
    let keeper = Part::start(&config).unwrap();
    let count = if ground.engine == Engine::Postgres { 3 } else { 1 };
    let nodes: Vec<_> = (0..count).map(|_| Part::start(&config).unwrap()).collect();
    let (done, made) = (AtomicBool::new(false), AtomicUsize::new(0));
    // Before, between and after the rotations something is sealed.
    let more_is_sealed = || {
        let enough = made.load(Ordering::SeqCst) + 4;
        eventually("documents to be sealed", || (made.load(Ordering::SeqCst) >= enough).then_some(()));
    };
    let rotate_thrice = || {
        let rotations: Vec<_> = (0..3).map(|_| (more_is_sealed(), keeper.rotate()).1).collect();
        more_is_sealed();
        rotations
    };
    let sealed: Vec<(Id, Id, Vec<u8>, Vec<u8>)> = std::thread::scope(|scope| {
        let writers: Vec<_> = nodes.iter().map(|node| scope.spawn(|| write_until(node, &nodes, &done, &made))).collect();
        let rotating = scope.spawn(rotate_thrice).join();
        done.store(true, Ordering::SeqCst);
        assert_eq!(rotating.expect("three rotations"), [2, 3, 4]);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    assert!(sealed.len() > 10, "{} documents is no load", sealed.len());

    keeper.keystore.rewrap_now().unwrap();
    let later = Part::start(&config).unwrap();
    let found = later.keystore.examine_now().unwrap();
    assert_eq!(found.readable_counts.keys().collect::<Vec<_>>(), [&4]);
    assert_eq!(found.unreadable_count, 0);
    for (owner, key, document, address) in sealed {
        let key = later.keystore.key_now(owner, key).unwrap().expect("the key of a sealed document");
        assert_eq!(open_document(&key, &place(owner, &key), &document).unwrap(), owner.as_bytes());
        assert_eq!(later.ring.open(Purpose::Email, &[], &address).unwrap().as_slice(), owner.as_bytes());
    }
}

/// Seals a document and an address for one owner after the other; each is read again by every node.
fn write_until(
    node: &Part,
    nodes: &[Part],
    done: &AtomicBool,
    made: &AtomicUsize,
) -> Vec<(Id, Id, Vec<u8>, Vec<u8>)> {
    let mut sealed = Vec::new();
    while !done.load(Ordering::SeqCst) {
        let owner = Id::new();
        let standing = node.keystore.owner_key_now(owner).unwrap();
        let own = node.keystore.create_now(owner).unwrap();
        for key in [standing, own] {
            let document = seal_document(&key, &place(owner, &key), owner.as_bytes());
            for reader in nodes {
                let key = reader.keystore.key_now(owner, key.id).unwrap().expect("a key that was just made");
                assert_eq!(open_document(&key, &place(owner, &key), &document).unwrap(), owner.as_bytes());
            }
            let address = node.ring.seal(Purpose::Email, &[], owner.as_bytes());
            sealed.push((owner, key.id, document, address));
            made.fetch_add(1, Ordering::SeqCst);
        }
    }
    sealed
}

#[apply(on_both_databases)]
fn rotations_at_the_same_time_lose_no_key(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    let nodes: Vec<_> = (0..3).map(|_| Part::start(&config).unwrap()).collect();
    let owner = Id::new();
    let key = nodes[0].keystore.owner_key_now(owner).unwrap();
    let mut ids: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = nodes.iter().map(|node| scope.spawn(|| node.rotate())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    ids.sort_unstable();
    assert_eq!(ids, [2, 3, 4]);
    let later = Part::start(&config).unwrap();
    assert_eq!(later.ring.ids(), [1, 2, 3, 4]);
    assert_eq!(later.keystore.key_now(owner, owner).unwrap(), Some(key));
}

#[apply(on_both_databases)]
fn a_rotation_does_not_bring_a_destroyed_key_back(#[case] engine: Engine) {
    let (_ground, config) = bare(engine);
    let node = Part::start(&config).unwrap();
    let owner = Id::new();
    node.keystore.owner_key_now(owner).unwrap();
    node.keystore.destroy_now(owner, owner).unwrap();
    node.rotate();
    assert_eq!(node.keystore.key_now(owner, owner).unwrap(), None);
}

#[apply(on_both_databases)]
fn people_notice_nothing_of_a_rotation(#[case] engine: Engine) {
    let path = "/v1/journal-entries";
    let body = json!({"text": "We spoke for ten minutes.", "day": "2026-10-25", "time_zone": "Europe/Berlin"});
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let entry = asha.writes(path, &body);

    Part::start(&world.ground.config(0)).unwrap().rotate();
    std::thread::sleep(CACHED_FOR);
    assert_eq!(asha.reads(&entry.path)["text"], body["text"]);
    let changed = asha.changes(&entry, &json!({"text": "Twelve, in truth."}));
    assert_eq!(asha.reads(&changed.path)["text"], "Twelve, in truth.");

    // Signing in anew opens the address and the password, which older keys of the ring sealed.
    asha.signs_in();
    let bea = world.sign_up("bea");
    bea.writes(path, &body);
    assert_eq!(asha.lists(path).len(), 1);
}
