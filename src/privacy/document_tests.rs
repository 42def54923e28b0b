//! Sealing, as properties: what goes in comes out, at its own place and nowhere else.
//! Holds always: every property runs over random texts, places and keys.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

fn id() -> impl Strategy<Value = Id> {
    any::<[u8; 16]>().prop_map(Id::from_bytes)
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..2_000)
}

fn place(collection: &str) -> impl Strategy<Value = DocumentContext<'_>> {
    (id(), id(), id(), any::<i16>()).prop_map(move |(owner, id, data_key, shape)| DocumentContext {
        owner,
        collection,
        id,
        data_key,
        shape,
    })
}

/// The place with one part changed.
fn elsewhere<'a>(place: &DocumentContext<'a>, part: usize, other: Id, shape: i16) -> DocumentContext<'a> {
    let mut moved = *place;
    match part {
        0 => moved.owner = other,
        1 => moved.id = other,
        2 => moved.data_key = other,
        3 => moved.collection = "letters",
        _ => moved.shape = shape,
    }
    moved
}

proptest! {
    #[test]
    fn what_is_sealed_opens_and_is_nowhere_to_be_read(place in place("journal-entries"), text in text()) {
        let key = DataKey::random(place.data_key);
        let sealed = seal_document(&key, &place, &text);
        prop_assert_eq!(open_document(&key, &place, &sealed), Ok(text.clone()));
        let words: std::collections::HashSet<&[u8]> = text.windows(8).collect();
        prop_assert!(!sealed.windows(8).any(|seen| words.contains(seen)));
    }

    #[test]
    fn the_same_text_never_seals_to_the_same_bytes(place in place("journal-entries"), text in text()) {
        let key = DataKey::random(place.data_key);
        let (one, other) = (seal_document(&key, &place, &text), seal_document(&key, &place, &text));
        prop_assert_eq!(one.len(), other.len());
        prop_assert_ne!(one.get(1..25), other.get(1..25));
    }

    #[test]
    fn one_flipped_bit_is_noticed(place in place("journal-entries"), text in text(), at in any::<Index>(), bit in 0_u8..8) {
        let key = DataKey::random(place.data_key);
        let mut sealed = seal_document(&key, &place, &text);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        let fault = if at == 0 { Unsealable::UnknownFormat(sealed[0]) } else { Unsealable::Damaged };
        prop_assert_eq!(open_document(&key, &place, &sealed), Err(fault));
    }

    #[test]
    fn a_piece_of_it_does_not_open(place in place("journal-entries"), text in text(), end in any::<Index>()) {
        let key = DataKey::random(place.data_key);
        let sealed = seal_document(&key, &place, &text);
        prop_assert_eq!(open_document(&key, &place, &sealed[..end.index(sealed.len())]), Err(Unsealable::Damaged));
    }

    #[test]
    fn it_opens_at_no_other_place(
        place in place("journal-entries"), text in text(), part in 0_usize..5, other in id(), shape in any::<i16>(),
    ) {
        let moved = elsewhere(&place, part, other, shape);
        prop_assume!(part == 3 || (moved.owner, moved.id, moved.data_key, moved.shape) != (place.owner, place.id, place.data_key, place.shape));
        let key = DataKey::random(place.data_key);
        let sealed = seal_document(&key, &place, &text);
        prop_assert_eq!(open_document(&key, &moved, &sealed), Err(Unsealable::Damaged));
    }

    #[test]
    fn it_opens_with_no_other_key(place in place("journal-entries"), text in text()) {
        let sealed = seal_document(&DataKey::random(place.data_key), &place, &text);
        prop_assert_eq!(open_document(&DataKey::random(place.data_key), &place, &sealed), Err(Unsealable::Damaged));
    }

    #[test]
    fn anything_at_all_is_refused_without_a_fault(place in place("journal-entries"), noise in text()) {
        prop_assert!(open_document(&DataKey::random(place.data_key), &place, &noise).is_err());
    }

    #[test]
    fn a_sealed_length_costs_at_most_twelve_percent(place in place("journal-entries"), length in 0_usize..300_000) {
        let key = DataKey::random(place.data_key);
        let sealed = seal_document(&key, &place, &vec![b'x'; length]);
        // Format, nonce, marker and tag are 42 bytes.
        prop_assert!((sealed.len() - 41) * 100 <= (length + 1) * 112);
    }
}

#[test]
fn a_newer_format_is_named_as_such() {
    let key = DataKey::random(Id::new());
    let place = DocumentContext { owner: Id::new(), collection: "letters", id: Id::new(), data_key: key.id, shape: 1 };
    let mut sealed = seal_document(&key, &place, b"text");
    sealed[0] = 2;
    assert_eq!(open_document(&key, &place, &sealed), Err(Unsealable::UnknownFormat(2)));
}

#[test]
fn parts_divided_otherwise_are_another_place() {
    assert_ne!(envelope::frame("a", &[b"bc", b"d"]), envelope::frame("a", &[b"b", b"cd"]));
    assert_ne!(envelope::frame("a", &[b"bc"]), envelope::frame("a", &[b"bc", b""]));
    assert_ne!(envelope::frame("ab", &[b"c"]), envelope::frame("a", &[b"bc"]));
}

#[test]
fn a_key_does_not_print() {
    let key = DataKey::random(Id::new());
    let printed = format!("{key:?}");
    assert!(printed.contains("[secret]") && !printed.contains(&*key.secret.to_base64()), "{printed}");
}
