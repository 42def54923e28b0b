//! The ring by itself: files, modes, purposes, reading again. What it does with a database stands in the keystore's tests.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use proptest::prelude::*;

use super::*;
use crate::config::Secret as Inline;

fn settings(folder: &tempfile::TempDir) -> config::Keys {
    config::Config::for_tests(folder.path()).keys
}

/// A ring's file and the ring read from it.
fn on_disk() -> (tempfile::TempDir, config::Keys, Arc<KeyRing>) {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    file::create(&settings.ring_file, &Keys::generate()).unwrap();
    let ring = KeyRing::load(&settings).unwrap();
    (folder, settings, ring)
}

/// What `mend keys rotate` in another process does to the file.
fn rotated_elsewhere(settings: &config::Keys) -> i32 {
    let (keys, _) = file::read(&settings.ring_file).unwrap().unwrap();
    let grown = keys.with_new_active().unwrap();
    file::replace(&settings.ring_file, &grown).unwrap();
    grown.active
}

#[test]
fn the_file_is_the_owners_alone_and_no_draft_is_left() {
    let (folder, settings, _) = on_disk();
    rotated_elsewhere(&settings);
    assert_eq!(fs::metadata(&settings.ring_file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let (_folder, settings, _) = on_disk();
    for mode in [0o640, 0o604, 0o660, 0o602, 0o777] {
        fs::set_permissions(&settings.ring_file, fs::Permissions::from_mode(mode)).unwrap();
        let refused = KeyRing::load(&settings).unwrap_err();
        assert!(matches!(refused, RingError::Exposed { mode: seen, .. } if seen == mode), "{refused}");
    }
    fs::set_permissions(&settings.ring_file, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(KeyRing::load(&settings).is_ok());
}

#[test]
fn a_file_that_is_there_stays() {
    let (_folder, settings, ring) = on_disk();
    file::create(&settings.ring_file, &Keys::generate()).unwrap();
    assert_eq!(KeyRing::load(&settings).unwrap().check_value(), ring.check_value());
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = KeyRing::load(&settings(&folder)).unwrap_err().to_string();
    assert!(missing.contains("keyring.json") && missing.contains("MEND_KEYS_RING"), "{missing}");
}

#[test]
fn a_malformed_ring_is_refused_and_never_quoted() {
    let keys = Keys::generate();
    let good = keys.to_json().unwrap();
    let secret = keys.lookup.to_base64();
    let bad = [
        good.replace("\"version\": 1", "\"version\": 2"),
        good.replace("\"active\": 1", "\"active\": 7"),
        good.replace("\"id\": 1", "\"id\": 0"),
        good.replace("lookup", "look_up"),
        good.replace(&*secret, &secret[4..]),
        good[..good.len() / 2].to_owned(),
        format!("{:?}", secret.as_str()),
    ];
    for text in bad {
        let refused = Keys::parse(&text).unwrap_err().to_string();
        assert!(!refused.contains(&secret[4..12]), "{refused}");
    }
    assert_eq!(Keys::parse(&good).unwrap(), keys);
}

#[test]
fn a_ring_in_the_configuration_is_the_same_ring() {
    let (_folder, mut settings, ring) = on_disk();
    settings.ring = Some(Inline::new(fs::read_to_string(&settings.ring_file).unwrap()));
    settings.ring_file = "nowhere".into();
    let inline = KeyRing::load(&settings).unwrap();
    let sealed = ring.seal(Purpose::Email, &[b"asha"], b"asha@example.org");
    assert_eq!(inline.open(Purpose::Email, &[b"asha"], &sealed).unwrap().as_slice(), b"asha@example.org");
}

#[test]
fn a_ring_that_grew_on_disk_is_read_again_when_it_is_needed() {
    let (_folder, settings, ring) = on_disk();
    let before = ring.seal(Purpose::Name, &[], b"before");
    let id = rotated_elsewhere(&settings);
    let other = KeyRing::load(&settings).unwrap();
    let after = other.seal(Purpose::Name, &[], b"after");

    assert_eq!((ring.active_id(), id), (1, 2));
    assert_eq!(ring.open(Purpose::Name, &[], &after).unwrap().as_slice(), b"after");
    assert_eq!(ring.active_id(), 2);
    assert_eq!(other.open(Purpose::Name, &[], &before).unwrap().as_slice(), b"before");
    assert!(!ring.is_current(&before) && ring.is_current(&after));
    assert_eq!(ring.token_keys().iter().map(|(kid, _)| *kid).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(ring.token_key(1), other.token_key(1));
    assert_eq!(ring.token_key(3), None);
}

#[test]
fn a_ring_in_use_does_not_give_way_to_another() {
    let (_folder, settings, ring) = on_disk();
    let sealed = ring.seal(Purpose::Name, &[], b"name");
    let stranger = Keys::generate().with_new_active().unwrap();
    file::replace(&settings.ring_file, &stranger).unwrap();
    ring.refresh();
    assert_eq!(ring.active_id(), 1);
    assert!(ring.open(Purpose::Name, &[], &sealed).is_ok());
}

#[test]
fn an_unknown_key_and_an_unknown_format_are_told_apart() {
    let (one, other) = (KeyRing::generate(), KeyRing::generate());
    let mut sealed = one.seal(Purpose::Email, &[], b"address");
    assert_eq!(other.open(Purpose::Email, &[], &sealed), Err(Unsealable::Damaged));
    sealed[4] = 9;
    assert_eq!(one.open(Purpose::Email, &[], &sealed), Err(Unsealable::UnknownRingKey(9)));
    sealed[0] = 9;
    assert_eq!(one.open(Purpose::Email, &[], &sealed), Err(Unsealable::UnknownFormat(9)));
    assert_eq!(one.open(Purpose::Email, &[], &[]), Err(Unsealable::Damaged));
}

#[test]
fn a_ring_does_not_print() {
    let (_folder, _, ring) = on_disk();
    let printed = format!("{ring:?}");
    assert!(printed.contains("[secret]") && !printed.contains(&*ring.keys().lookup.to_base64()), "{printed}");
}

proptest! {
    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_context_only(
        text in prop::collection::vec(any::<u8>(), 0..300), context in prop::collection::vec(any::<u8>(), 1..40), flip in any::<prop::sample::Index>(),
    ) {
        let ring = KeyRing::generate();
        let mut sealed = ring.seal(Purpose::Cursor, &[&context], &text);
        let opened = ring.open(Purpose::Cursor, &[&context], &sealed).unwrap();
        prop_assert_eq!(&*opened, &text);
        prop_assert!(ring.open(Purpose::Email, &[&context], &sealed).is_err());
        prop_assert!(ring.open(Purpose::Cursor, &[&context, b""], &sealed).is_err());
        prop_assert!(ring.open(Purpose::Cursor, &[context.split_at(1).0, context.split_at(1).1], &sealed).is_err());
        let at = flip.index(sealed.len());
        sealed[at] ^= 1;
        prop_assert!(ring.open(Purpose::Cursor, &[&context], &sealed).is_err());
    }

    #[test]
    fn digests_differ_by_purpose_parts_and_ring(one in any::<Vec<u8>>(), other in any::<Vec<u8>>()) {
        let ring = KeyRing::generate();
        let digest = ring.digest(Purpose::EmailLookup, &[&one, &other]);
        prop_assert_eq!(digest, ring.digest(Purpose::EmailLookup, &[&one, &other]));
        prop_assert_ne!(digest, ring.digest(Purpose::Throttle, &[&one, &other]));
        prop_assert_ne!(digest, ring.digest(Purpose::EmailLookup, &[&one, &other, b""]));
        prop_assert_ne!(digest, KeyRing::generate().digest(Purpose::EmailLookup, &[&one, &other]));
        let joined: Vec<u8> = [one, other].concat();
        prop_assert_ne!(digest, ring.digest(Purpose::EmailLookup, &[&joined]));
    }
}
