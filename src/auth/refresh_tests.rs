//! See the module beside this one.
//! Holds always: times are given, never taken from the machine.
use super::*;

const GRACE: Duration = Duration::from_secs(30);

fn start() -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000)
}

/// A session whose token of `generation` is the current one, rotated at [`start`].
fn family(ring: &KeyRing, session: Id, generation: i64) -> Family {
    let hash = RefreshToken::of(ring, session, generation).hash().to_vec();
    Family { generation, hash, rotated_at: start() }
}

#[test]
fn a_token_survives_its_text() {
    let ring = KeyRing::generate();
    let token = RefreshToken::of(&ring, Id::new(), 7);
    assert!(RefreshToken::parse(&token.encode()).is_some_and(|read| read == token));
    assert_eq!(format!("{token:?}"), "[private]");
    for damaged in ["", "AAAA", "not base64!", &format!("{}A", token.encode())] {
        assert!(RefreshToken::parse(damaged).is_none(), "{damaged}");
    }
}

#[test]
fn the_successor_is_the_same_on_every_node() {
    let ring = KeyRing::generate();
    let session = Id::new();
    assert!(RefreshToken::of(&ring, session, 3) == RefreshToken::of(&ring, session, 3));
    assert!(RefreshToken::of(&ring, session, 3) != RefreshToken::of(&ring, session, 4));
    assert!(RefreshToken::of(&ring, session, 3).secret != RefreshToken::of(&ring, Id::new(), 3).secret);
    assert!(RefreshToken::of(&ring, session, 3) != RefreshToken::of(&KeyRing::generate(), session, 3));
}

#[test]
fn a_replay_counts_as_lost_for_thirty_seconds() {
    let ring = KeyRing::generate();
    let session = Id::new();
    let family = family(&ring, session, 5);
    let judged = |generation, seconds| {
        RefreshToken::of(&ring, session, generation).judge(
            &ring,
            &family,
            start().plus(Duration::from_secs(seconds)),
            GRACE,
        )
    };
    assert_eq!(judged(5, 0), Presented::Current);
    assert_eq!(judged(5, 100_000), Presented::Current);
    assert_eq!(judged(4, 29), Presented::Repeated);
    assert_eq!(judged(4, 30), Presented::Repeated);
    assert_eq!(judged(4, 31), Presented::Reused);
    assert_eq!(judged(3, 1), Presented::Reused);
    assert_eq!(judged(6, 1), Presented::Reused);
}

#[test]
fn a_forged_token_ends_nothing() {
    let ring = KeyRing::generate();
    let session = Id::new();
    let family = family(&ring, session, 5);
    for generation in [0, 3, 4, 5, 6, i64::MAX] {
        let forged = RefreshToken { session, generation, secret: [7; 32] };
        assert_eq!(forged.judge(&ring, &family, start(), GRACE), Presented::Forged, "{generation}");
        let elsewhere = RefreshToken::of(&KeyRing::generate(), session, generation);
        assert_eq!(elsewhere.judge(&ring, &family, start(), GRACE), Presented::Forged, "{generation}");
    }
}

#[test]
fn only_a_hash_that_was_kept_counts() {
    let ring = KeyRing::generate();
    let session = Id::new();
    let tampered = Family { hash: vec![0; 32], ..family(&ring, session, 5) };
    let token = RefreshToken::of(&ring, session, 5);
    assert_eq!(token.judge(&ring, &tampered, start(), GRACE), Presented::Reused);
}
