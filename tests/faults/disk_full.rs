//! A full disk under load: once a real one, a small file system of its own, and once a kernel that says so.
//! Holds always: reads answer 200, writes 503 with a time to come back, and writing heals by itself when there is room.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::rig::*;

const PATH: &str = "/v1/journal-entries";
const WRITERS: usize = 16;
/// The promise.
const HEALED: Duration = Duration::from_secs(5);

#[test]
fn a_full_file_system_stops_only_writes_and_heals() {
    let _machine = machine();
    let mut site = Site::new();
    let Some(disk) = SmallDisk::mount(&site.data()) else {
        return report("disk full: SKIPPED on a file system of its own, since this user may not mount one");
    };
    fills_and_heals("a file system of 48 MiB", &mut site, || disk.fill(), || disk.free());
}

#[test]
fn a_kernel_that_finds_no_space_stops_only_writes_and_heals() {
    let _machine = machine();
    let site = Site::new();
    let orders = site.folder().join("orders");
    let mut site = site.set("LD_PRELOAD", SHIM.as_str()).set("FAULTS_ORDERS", orders.to_string_lossy());
    let draft = orders.with_extension("draft");
    let fill = || {
        fs::write(&draft, "write db 28 0").expect("orders");
        fs::rename(&draft, &orders).expect("orders");
    };
    fills_and_heals("ENOSPC for each write", &mut site, fill, || fs::remove_file(&orders).expect("the orders"));
}

fn fills_and_heals(how: &str, site: &mut Site, fill: impl Fn(), free: impl Fn()) {
    let node = site.start();
    let address = node.address;
    let people = Person::crowd(address, 4);
    let newcomer = Person::signs_up(address, "newcomer");
    let crowd = Crowd::begins(&people, address, WRITERS);
    crowd.gets_on_by(100, Duration::from_mins(1));
    let (mut reads, mut slowest) = (0, Duration::ZERO);
    let rounds = sized(2, 20);
    for round in 0..rounds {
        fill();
        let before = crowd.refused();
        within(Duration::from_secs(30), "writes to be refused", || (crowd.refused() > before + 50).then_some(()));
        let reader = Reader::begins(&people[0], address);
        let first = Connection::once(address, &newcomer.post(PATH, &entry("The first words of this account.")));
        assert!(round > 0 || first.is_refusal(), "a first key found room on a full disk: {}", first.status);
        if round == 0 {
            assert_eq!(first.text("code"), "storage_full");
        }
        thread::sleep(Duration::from_millis(sized(300, 1000)));
        reads += reader.ends();
        free();
        let freed = Instant::now();
        within(HEALED, "a newcomer's first key and record", || {
            let key = format!("round-{round}");
            let ask = newcomer.post(PATH, &entry("Words for which there is room.")).header("Idempotency-Key", &key);
            Connection::to(address).ok()?.ask(&ask).ok().filter(|answer| answer.status == 201)
        });
        crowd.gets_on_by(WRITERS.try_into().unwrap(), HEALED.saturating_sub(freed.elapsed()));
        slowest = slowest.max(freed.elapsed());
    }
    let refused = crowd.refused();
    let counts = crowd.ends();
    let kept = newcomer
        .lists(address, PATH)
        .iter()
        .filter(|entry| entry["text"] != "The first words of this account.")
        .count();
    assert_eq!(kept, rounds, "one record for each of the newcomer's keys");
    node.stop();
    Store::open(&site.data()).is_sound();
    report(&format!(
        "disk full {rounds} times ({how}): {refused} writes refused with 503, {reads} reads meanwhile all 200, healed \
         within {} ms, {} acknowledged, 0 lost; first keys included",
        slowest.as_millis(),
        counts.acknowledged.load(Ordering::Relaxed),
    ));
}

/// Somebody who reads all the time and gets 200.
struct Reader {
    over: Arc<AtomicBool>,
    thread: thread::JoinHandle<u64>,
}

impl Reader {
    fn begins(person: &Person, address: SocketAddr) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let (told, asks) =
            (Arc::clone(&over), [person.get(PATH), person.get("/v1/tips?limit=3"), person.get("/v1/me")]);
        let thread = thread::spawn(move || {
            let mut connection = Connection::to(address).expect("a connection");
            let mut count = 0;
            while !told.load(Ordering::Acquire) {
                for ask in &asks {
                    connection.ask(ask).expect("an answer").expect(200);
                    count += 1;
                }
            }
            count
        });
        Self { over, thread }
    }

    fn ends(self) -> u64 {
        self.over.store(true, Ordering::Release);
        self.thread.join().expect("a reader who is answered")
    }
}

/// A file system in memory, unmounted when this is dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None: not permitted here.
    fn mount(place: &Path) -> Option<Self> {
        fs::create_dir_all(place).expect("a folder");
        let words = ["-t", "tmpfs", "-o", "size=48m,mode=0700", "tmpfs"];
        let mounted = Command::new("mount").args(words).arg(place).output().ok()?;
        mounted.status.success().then(|| Self(place.to_owned()))
    }

    fn fill(&self) {
        let mut filler = File::create(self.0.join("filler")).expect("a file");
        let block = vec![0_u8; 4096];
        while filler.write_all(&block).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.0.join("filler")).expect("the filler");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}
