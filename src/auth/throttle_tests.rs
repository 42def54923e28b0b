//! See the module beside this one.
//! Holds always: times are given, never taken from the machine.
use super::*;

const NEW: Counter =
    Counter { attempts: 0, window_started_at: Timestamp::from_micros(0), blocked_until: Timestamp::from_micros(0) };

fn start() -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000)
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn five_failures_are_free_then_the_wait_doubles() {
    let mut now = start();
    let mut counter = Counter { window_started_at: now, ..NEW };
    let mut waits = Vec::new();
    for _ in 0..17 {
        counter = counter.raised(Rule::Failures, now).unwrap();
        let wait = counter.raised(Rule::Failures, now).err().unwrap_or_default();
        waits.push(wait.as_secs());
        now = now.plus(wait);
    }
    assert_eq!(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
}

#[test]
fn an_attempt_that_is_refused_does_not_lengthen_the_wait() {
    let now = start();
    let blocked = Counter { attempts: 9, window_started_at: now, blocked_until: now.plus(seconds(10)) };
    assert_eq!(blocked.raised(Rule::Failures, now.plus(seconds(3))), Err(seconds(7)));
    assert!(blocked.raised(Rule::Failures, now.plus(seconds(10))).is_ok());
}

#[test]
fn a_day_later_the_count_begins_anew() {
    let blocked = Counter { attempts: 50, window_started_at: start(), blocked_until: start() };
    assert_eq!(blocked.raised(Rule::Failures, start().plus(seconds(86_400))).unwrap().attempts, 51);
    let later = start().plus(seconds(86_401));
    let anew = blocked.raised(Rule::Failures, later).unwrap();
    assert_eq!((anew.attempts, anew.window_started_at), (1, later));
}

#[test]
fn an_address_has_a_burst_of_twenty_and_ten_a_minute() {
    let mut counter = NEW;
    for _ in 0..20 {
        counter = counter.raised(Rule::Rate, start()).unwrap();
    }
    assert_eq!(counter.raised(Rule::Rate, start()), Err(seconds(6)));
    let mut passed = 0;
    for second in 1..=60 {
        if let Ok(raised) = counter.raised(Rule::Rate, start().plus(seconds(second))) {
            counter = raised;
            passed += 1;
        }
    }
    assert_eq!(passed, 10);
}

#[test]
fn a_wait_is_told_in_whole_seconds_and_never_as_none() {
    assert_eq!(whole_seconds(Duration::from_millis(1)), seconds(1));
    assert_eq!(whole_seconds(Duration::from_millis(1_001)), seconds(2));
    assert_eq!(whole_seconds(seconds(2)), seconds(2));
}

#[test]
fn addresses_of_one_customer_share_a_bucket() {
    let ring = KeyRing::generate();
    let bucket = |address: &str| of_address(&ring, address.parse().unwrap());
    assert_eq!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:2:ffff::9"));
    assert_ne!(bucket("2001:db8:1:2::1"), bucket("2001:db8:1:3::1"));
    assert_eq!(bucket("192.0.2.1"), bucket("::ffff:192.0.2.1"));
    assert_ne!(bucket("192.0.2.1"), bucket("192.0.2.2"));
}
