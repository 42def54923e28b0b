//! Two thousand clients who send or read as slowly as they can, beside a few who do not.
//! Holds always: the others hardly notice, memory stays bounded, and each slow connection is closed by a time-out.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::{AddressFamily, SocketType, connect, socket, sockopt};

use crate::rig::*;

const PATH: &str = "/v1/journal-entries";
/// The promises.
const OTHERS_P99: Duration = Duration::from_millis(250);
const MEMORY_MIB: u64 = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slowness {
    Header,
    Body,
    Reading,
    Idle,
}

/// One slow connection.
struct Slow {
    stream: TcpStream,
    slowness: Slowness,
    closed_after: Option<Duration>,
}

#[test]
fn slow_clients_hold_up_nobody_else() {
    let _machine = machine();
    let count = sized(400, 2000);
    allow_files(std::process::id());
    let mut site = Site::new().under(&["prlimit", "--nofile=8192", "--"]);
    if !full() {
        site = site.set("MEND_LIMITS_HEADER_SECONDS", "2").set("MEND_LIMITS_BODY_SECONDS", "3");
    }
    let node = site.start();
    let address = node.address;
    let people = Person::crowd(address, 4);
    for person in &people {
        for number in 0..20 {
            let text = format!("Note {number}. {}", "Worte. ".repeat(140));
            Connection::once(address, &person.post(PATH, &entry(text.trim()))).expect(201);
        }
    }
    let over = Arc::new(AtomicBool::new(false));
    let slow = crawl(address, &people[0], count, &over);
    within(Duration::from_secs(20), "the last of the slow clients to be heard", || is_quick(&people[0], address));
    let mut others = usual(&people).drive(address);
    let memory = node.most_memory();
    if full() {
        // Idle connections and answers that nobody reads have half a minute.
        within(Duration::from_mins(1), "all slow connections to be closed", || {
            (node.sockets() < count / 10).then_some(())
        });
    }
    thread::sleep(Duration::from_secs(sized(8, 0)));
    over.store(true, Ordering::Release);
    let slow = slow.join().expect("slow clients");
    let last = |kind: Slowness| {
        let of_kind = slow.iter().filter(|one| one.slowness == kind);
        let open = of_kind.clone().filter(|one| one.closed_after.is_none()).count();
        (open, of_kind.filter_map(|one| one.closed_after).max().unwrap_or_default())
    };
    let closed = [Slowness::Header, Slowness::Body, Slowness::Idle].map(|kind| (kind, last(kind)));
    report(&format!(
        "{count} slow connections: {} other requests, p50 {} ms, p99 {} ms, {} refused, {} failed; {} MiB; still open, and \
         the last one closed after: {closed:?}",
        others.good.count(),
        others.good.at(50).as_millis(),
        others.good.at(99).as_millis(),
        others.refused.count(),
        others.failures.len(),
        memory,
    ));
    assert_eq!((others.refused.count(), others.failures), (0, Vec::new()));
    // A time limit needs a quiet machine.
    assert!(!full() || others.good.at(99) < OTHERS_P99);
    assert!(memory < MEMORY_MIB, "{memory} MiB");
    for kind in [Slowness::Header, Slowness::Body] {
        assert_eq!(last(kind).0, 0, "{kind:?} connections are still open");
    }
}

/// Whether one question is answered as fast as usual. While slow clients arrive, a busy machine may take so long over a head
/// that its time is over.
fn is_quick(person: &Person, address: SocketAddr) -> Option<()> {
    let asked = Instant::now();
    let is_good = Connection::once(address, &person.get("/v1/me")).status == 200;
    (is_good && asked.elapsed() < OTHERS_P99 / 5).then_some(())
}

/// What everybody else does meanwhile.
fn usual(people: &[Person]) -> Load {
    let asks = people.iter().flat_map(|person| {
        [
            person.get(&format!("{PATH}?limit=20")),
            person.get("/v1/tips?limit=5"),
            person.post(PATH, &entry("A note among slow people.")),
            person.get("/v1/me"),
        ]
    });
    Load::new(asks.collect(), 8, Some(80.0), Duration::from_secs(sized(6, 20)))
}

/// Opens the connections and keeps each as slow as it is, until told.
fn crawl(address: SocketAddr, person: &Person, count: usize, over: &Arc<AtomicBool>) -> thread::JoinHandle<Vec<Slow>> {
    let mut slow: Vec<Slow> = (0..count).map(|number| Slow::begins(address, person, number)).collect();
    let over = Arc::clone(over);
    let begun = Instant::now();
    thread::spawn(move || {
        while !over.load(Ordering::Acquire) {
            for one in slow.iter_mut().filter(|one| one.closed_after.is_none()) {
                if one.crawls() {
                    one.closed_after = Some(begun.elapsed());
                }
            }
            thread::sleep(Duration::from_millis(400));
        }
        slow
    })
}

impl Slow {
    fn begins(address: SocketAddr, person: &Person, number: usize) -> Self {
        let (slowness, bytes) = match number % 4 {
            0 => (Slowness::Header, b"GET /v1/tips HTTP/1.1\r\nHost: mend\r\nX-Slow: ".to_vec()),
            1 => {
                let head =
                    Ask::new("POST", PATH).header("Content-Type", "application/json").header("Content-Length", "4000");
                (Slowness::Body, person.signed(head).bytes())
            }
            // The longest answer there is.
            2 => (Slowness::Reading, Ask::get("/openapi.json").bytes()),
            _ => (Slowness::Idle, Ask::get("/livez").bytes()),
        };
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
        if slowness == Slowness::Reading {
            sockopt::set_socket_recv_buffer_size(&socket, 4096).expect("a small buffer");
        }
        connect(&socket, &address).expect("a connection");
        let mut stream = TcpStream::from(socket);
        stream.write_all(&bytes).expect("the first bytes");
        stream.set_nonblocking(true).expect("a setting");
        Self { stream, slowness, closed_after: None }
    }

    /// One more small step; true when the other side has closed the connection.
    fn crawls(&mut self) -> bool {
        if matches!(self.slowness, Slowness::Header | Slowness::Body) && self.stream.write_all(b"a").is_err() {
            return true;
        }
        // Who reads nothing is not told of the end; the service's own count shows it.
        if self.slowness == Slowness::Reading {
            return false;
        }
        loop {
            match self.stream.read(&mut [0; 512]) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() != ErrorKind::WouldBlock,
            }
        }
    }
}

/// Lets a process have as many open files as this needs.
fn allow_files(process: u32) {
    let raised = Command::new("prlimit").args([&format!("--pid={process}"), "--nofile=8192"]).status();
    assert!(raised.expect("prlimit, of Debian's util-linux").success(), "more open files are not permitted");
}
