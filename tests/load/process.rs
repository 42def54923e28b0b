//! A server under load: its process, pinned to the server's core, and what the kernel counts of it.
//! Holds always: it ends with its handle, by its own id.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The server's core and the client's, so that neither takes time from the other.
pub const SERVER_CORE: &str = "0";
pub const CLIENT_CORE: &str = "1";
/// The kernel's unit for a process's time, on every Linux that this runs on.
const TICKS_PER_SECOND: u64 = 100;

/// A running server.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts `command`, which listens on `address`, on the server's core, and waits until it takes connections.
    pub fn start(command: &Command, address: SocketAddr) -> Self {
        let mut pinned = Command::new("taskset");
        pinned.args(["-c", SERVER_CORE]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            if let Some(value) = value {
                pinned.env(name, value);
            }
        }
        let mut child = pinned.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("taskset");
        let errors = BufReader::new(child.stderr.take().expect("standard error is a pipe"));
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok).filter(|line| !line.contains("\"INFO\"")) {
                eprintln!("server: {line}");
            }
        });
        let patience = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(child.try_wait().expect("a child can be asked").is_none(), "the server ended at its start");
            assert!(patience.elapsed() < Duration::from_mins(1), "the server does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { child, address }
    }

    /// Microseconds of processor time so far, the kernel's work for it included.
    pub fn cpu_us(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("the server runs");
        // The name in parentheses may hold spaces; user and system time are the 14th and 15th field.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).expect("a number");
        (ticks(11) + ticks(12)) * 1_000_000 / TICKS_PER_SECOND
    }

    /// The most memory that it ever had resident, KiB.
    pub fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the server runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line with the peak");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The service ends well on SIGTERM; what does not end is killed.
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let patience = Instant::now();
        while asked.is_ok() && patience.elapsed() < Duration::from_secs(30) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// An address on loopback whose port was free a moment ago.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    listener.local_addr().expect("a bound listener has an address")
}
