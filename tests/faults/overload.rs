//! Four times the load that the service can carry: writers, readers, and people who sign in.
//! Holds always: what can be done is still done; the rest is refused at once, with a time to come back; memory stays bounded.

use std::fmt;
use std::time::Duration;

use crate::rig::*;

const PATH: &str = "/v1/journal-entries";
/// Connections at which the peak is measured.
const PEAK: usize = 32;
/// The promises.
const GOODPUT: f64 = 0.8;
const MEMORY_MIB: u64 = 256;
const READERS_P99: Duration = Duration::from_millis(250);

const REFUSED_WITHIN: Duration = Duration::from_millis(50);

/// Connections that offer too much: in full, twice as many as the service works on at the same time.
fn crowd() -> usize {
    sized(400, 1024)
}

#[test]
fn writers_four_times_over() {
    let _machine = machine();
    overloads("writers", |people| people.iter().map(|person| person.post(PATH, &entry(&prose()))).collect());
}

#[test]
fn readers_four_times_over() {
    let _machine = machine();
    overloads("readers of 20 entries", |people| {
        people.iter().map(|person| person.get(&format!("{PATH}?limit=20"))).collect()
    });
}

#[test]
fn people_who_sign_in_hold_up_no_reader() {
    let _machine = machine();
    let (_site, node, people) = prepared("47104");
    let _pinned = Pinned::beside_the_service();
    let lasts = Duration::from_secs(sized(4, 20));
    let address = node.address;
    let storm = people.iter().map(|person| Person::sign_in(&person.name)).collect();
    let storm = Load::new(storm, 256, None, lasts);
    let storm = std::thread::spawn(move || storm.drive(address));
    let asks = people.iter().map(|person| person.get(&format!("{PATH}?limit=20"))).collect();
    let mut readers = Load::new(asks, 8, Some(40.0), lasts).drive(address);
    let mut storm = storm.join().expect("a storm");
    report(&format!(
        "256 connections that sign in: {:.0} sign-ins/s, {} refused within {:.0?} (p99); meanwhile {} reads, p99 {:.0?}, {} \
         refused; {} MiB",
        storm.goodput(),
        storm.refused.count(),
        storm.refused.at(99),
        readers.good.count(),
        readers.good.at(99),
        readers.refused.count(),
        node.most_memory(),
    ));
    assert_eq!((readers.failures, storm.failures), (Vec::new(), Vec::new()));
    assert_eq!(readers.refused.count(), 0, "a reader was refused");
    assert!(storm.good.count() > 0, "nobody could sign in");
    // Time limits need a quiet machine: a short run, perhaps of an unoptimised build, counts only.
    assert!(!full() || readers.good.at(99) < READERS_P99);
    assert!(!full() || storm.refused.at(99) < REFUSED_WITHIN);
    assert!(node.most_memory() < MEMORY_MIB);
}

/// What came of one overload.
struct Flood {
    peak: f64,
    outcome: Outcome,
}

impl Flood {
    fn share(&self) -> f64 {
        self.outcome.goodput() / self.peak
    }
}

impl fmt::Display for Flood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut good, mut refused) = (self.outcome.good.clone(), self.outcome.refused.clone());
        write!(
            f,
            "{:.0} % of a peak of {:.0}/s (p99 {:.0?}), {} refused within {:.0?} (p99)",
            self.share() * 100.0,
            self.peak,
            good.at(99),
            refused.count(),
            refused.at(99)
        )
    }
}

/// Measures the peak, then offers four times as much; the median of several rounds counts.
fn overloads(who: &str, asks: impl Fn(&[Person]) -> Vec<Ask>) {
    let (_site, node, people) = prepared("19456");
    let _pinned = Pinned::beside_the_service();
    let (asks, lasts) = (asks(&people), Duration::from_secs(sized(3, 10)));
    let floods = |how: fn(Load) -> Load| {
        let peak = Load::new(asks.clone(), PEAK, None, lasts).drive(node.address);
        assert_eq!((peak.refused.count(), &peak.failures), (0, &Vec::new()), "at its peak nothing is refused");
        let peak = peak.goodput();
        let load = Load::new(asks.clone(), crowd(), Some(4.0 * peak), lasts);
        Flood { peak, outcome: how(load).drive(node.address) }
    };
    let mut rounds: Vec<Flood> = (0..sized(1, 3)).map(|_| floods(|load| load)).collect();
    rounds.sort_by(|one, other| one.share().total_cmp(&other.share()));
    let flood = &rounds[rounds.len() / 2];
    report(&format!("overload by {who}, 4 times: {flood}; {} MiB", node.most_memory()));
    if full() {
        report(&format!("overload by {who} who all connect at once: {}", floods(Load::storming)));
        report(&format!("overload by {who} who do not wait when told to: {}", floods(Load::stubborn)));
    }
    assert_eq!(flood.outcome.failures, Vec::<String>::new());
    assert!(flood.share() >= sized(GOODPUT / 2.0, GOODPUT), "{flood}");
    assert!(!full() || flood.outcome.refused.clone().at(99) < REFUSED_WITHIN, "{flood}");
    assert!(node.most_memory() < MEMORY_MIB, "{} MiB", node.most_memory());
}

/// A node on a core of its own, and people with some entries each.
fn prepared(hash_kib: &str) -> (Site, Node, Vec<Person>) {
    let site = Site::new()
        .under(&["taskset", "-c", SERVICE_CORE])
        .set("MEND_LIMITS_RECORDS_PER_OWNER", "100000000")
        .set("MEND_AUTH_ARGON2_MEMORY_KIB", hash_kib);
    let node = site.start();
    let people = Person::crowd(node.address, 16);
    for person in &people {
        let mut connection = Connection::to(node.address).unwrap();
        for _ in 0..30 {
            connection.ask(&person.post(PATH, &entry(&prose()))).unwrap().expect(201);
        }
    }
    (site, node, people)
}

/// About 1 KB of it.
fn prose() -> String {
    "Worte, die bleiben sollen: wörter und mehr. ".repeat(22).trim().to_owned()
}
