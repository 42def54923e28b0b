//! SIGTERM under load: one node on SQLite, and a rolling restart of two nodes on one PostgreSQL.
//! Holds always: a node that leaves says so at once and finishes what it began; no request fails for clients who do what
//! HTTP clients do: they let go of a connection when they are told, and go to another node when one takes no connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::postgres::SERVER;
use crate::rig::*;

const PATH: &str = "/v1/journal-entries";
const CLIENTS: usize = 16;
/// The promise.
const GONE_WITHIN: Duration = Duration::from_secs(30);

#[test]
fn a_node_that_is_told_to_go_finishes_what_it_began() {
    let _machine = machine();
    let mut answered = 0;
    for _ in 0..sized(1, 20) {
        let site = Site::new();
        let mut node = site.start();
        let people = Person::crowd(node.address, 2);
        let clients = Clients::begin(&people, &[node.address]);
        clients.get_on_by(100);
        leaves(&mut node);
        let (good, failures) = clients.end();
        assert_eq!(failures, Vec::<String>::new());
        answered += good;
    }
    report(&format!("SIGTERM {} times under load: {answered} requests, 0 failed, exit status 0", sized(1, 20)));
}

#[test]
fn two_nodes_are_replaced_without_a_failed_request() {
    let _machine = machine();
    let Some(server) = SERVER.as_ref() else { return };
    for name in ["rolling", "rolling_keys"] {
        server.run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
    }
    let ring = tempfile::tempdir().unwrap();
    let site = || {
        Site::new()
            .set("MEND_DATABASE_URL", server.url("rolling"))
            .set("MEND_KEYS_KEYSTORE_URL", server.url("rolling_keys"))
            .set("MEND_KEYS_RING_FILE", ring.path().join("keyring.json").to_string_lossy())
    };
    let sites = [site(), site()];
    let mut nodes = sites.each_ref().map(Site::start);
    let addresses = nodes.each_ref().map(|node| node.address);
    let people = Person::crowd(addresses[0], 4);
    let clients = Clients::begin(&people, &addresses);
    clients.get_on_by(50);
    let rounds = sized(1, 10);
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds {
        for (site, node) in sites.iter().zip(&mut nodes) {
            let begun = Instant::now();
            leaves(node);
            slowest = slowest.max(begun.elapsed());
            *node = site.start_at(node.address);
            clients.get_on_by(50);
        }
    }
    let (good, failures) = clients.end();
    assert_eq!(failures, Vec::<String>::new());
    report(&format!(
        "rolling restart of two nodes on PostgreSQL, {} nodes replaced: {good} requests, 0 failed; gone within {slowest:.1?}",
        rounds * 2
    ));
}

/// Tells a node to go: not ready at once, and gone in time with status 0.
#[track_caller]
fn leaves(node: &mut Node) {
    node.signal("TERM");
    within(Duration::from_secs(1), "the node to say that it is leaving", || {
        let ready = Connection::once(node.address, &Ask::get("/readyz"));
        (ready.status == 503).then_some(())
    });
    assert!(node.ended_within(GONE_WITHIN).success(), "a clean end");
}

/// Clients who write and read, each on one connection.
struct Clients {
    over: Arc<AtomicBool>,
    good: Arc<AtomicU64>,
    threads: Vec<thread::JoinHandle<Vec<String>>>,
}

impl Clients {
    fn begin(people: &[Person], nodes: &[SocketAddr]) -> Self {
        let (over, good) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let threads = (0..CLIENTS).map(|number| {
            let person = people[number % people.len()].clone();
            let (over, good, nodes) = (Arc::clone(&over), Arc::clone(&good), nodes.to_vec());
            thread::spawn(move || works(&person, number, &nodes, &over, &good))
        });
        let threads = threads.collect();
        Self { over, good, threads }
    }

    fn get_on_by(&self, more: u64) {
        let goal = self.good.load(Ordering::Relaxed) + more;
        within(Duration::from_mins(1), "requests to be answered", || {
            (self.good.load(Ordering::Relaxed) >= goal).then_some(())
        });
    }

    fn end(self) -> (u64, Vec<String>) {
        self.over.store(true, Ordering::Release);
        let failures = self.threads.into_iter().flat_map(|client| client.join().expect("a client")).collect();
        (self.good.load(Ordering::Relaxed), failures)
    }
}

/// One client. With one node only it stops when that node tells it to let go.
fn works(person: &Person, number: usize, nodes: &[SocketAddr], over: &AtomicBool, good: &AtomicU64) -> Vec<String> {
    let asks = [person.post(PATH, &entry("A note while nodes come and go.")), person.get(&format!("{PATH}?limit=5"))];
    let (mut at, mut connection, mut failures) = (number, None, Vec::new());
    for turn in 0.. {
        if over.load(Ordering::Acquire) {
            break;
        }
        let mut kept = connection.take().unwrap_or_else(|| connects(nodes, &mut at));
        match kept.ask(&asks[turn % 2]) {
            Ok(answer) if (200..300).contains(&answer.status) => {
                good.fetch_add(1, Ordering::Relaxed);
                if !answer.closes() {
                    connection = Some(kept);
                } else if nodes.len() == 1 {
                    break;
                } else {
                    at += 1;
                }
            }
            Ok(answer) => failures.push(format!("{} {}", answer.status, answer.text("code"))),
            Err(error) => failures.push(error.to_string()),
        }
    }
    failures
}

/// A connection to the node whose turn it is, or to the next one where that takes none or is not ready.
fn connects(nodes: &[SocketAddr], at: &mut usize) -> Connection {
    within(Duration::from_mins(1), "a node that takes connections", || {
        let found = Connection::to(nodes[*at % nodes.len()]).ok().and_then(|mut connection| {
            let ready = connection.ask(&Ask::get("/readyz")).ok()?;
            (ready.status == 200 && !ready.closes()).then_some(connection)
        });
        *at += usize::from(found.is_none());
        found
    })
}
