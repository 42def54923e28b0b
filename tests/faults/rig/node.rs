//! The service as a process: its own data directory, its own port, killed or stopped as a fault wants it.
//! Holds always: the process is gone when its node is dropped, and so is its folder once the site is.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Where a node runs: its folder and its settings. It outlives the process, as a machine outlives it.
pub struct Site {
    folder: TempDir,
    settings: Vec<(String, String)>,
    prefix: Vec<String>,
}

impl Site {
    /// A folder of its own, and the settings of a load test: cheap passwords, no throttle, no rate limit.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("mend-faults-").tempdir().expect("a temporary folder");
        let site = Self { folder, settings: Vec::new(), prefix: Vec::new() };
        let data = site.data();
        site.set("MEND_DATA_DIR", data.to_string_lossy())
            .set("MEND_LISTEN", "127.0.0.1:0")
            .set("MEND_LOG", "warn")
            .set("MEND_AUTH_THROTTLE", "false")
            .set("MEND_AUTH_ARGON2_MEMORY_KIB", "19456")
            .set("MEND_AUTH_ACCESS_MINUTES", "60")
            .set("MEND_LIMITS_REQUESTS_PER_MINUTE", "4000000000")
    }

    /// Sets an environment variable of the process.
    pub fn set(mut self, name: &str, value: impl Into<String>) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.into()));
        self
    }

    /// Runs the process by another program, such as `prlimit`.
    pub fn under(mut self, words: &[&str]) -> Self {
        self.prefix = words.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// The folder, for what lies beside the data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// The log of all processes that ran here.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder().join("log")).unwrap_or_default()
    }

    /// Starts the service and waits until it serves.
    #[track_caller]
    pub fn start(&self) -> Node {
        self.start_at("127.0.0.1:0".parse().unwrap())
    }

    /// The same on a port that an earlier process had.
    #[track_caller]
    pub fn start_at(&self, address: SocketAddr) -> Node {
        let begun = Instant::now();
        let mut process = self.begin(address);
        let out = BufReader::new(process.stdout.take().expect("a piped output"));
        let told = out.lines().map_while(Result::ok).find_map(|line| line.split("http://").nth(1)?.parse().ok());
        let Some(address) = told else { panic!("the service does not start:\n{}", self.log()) };
        Node { process, address, started_in: begun.elapsed() }
    }

    /// Starts the service on what it must refuse, and waits for its end.
    #[track_caller]
    pub fn is_refused(&self) -> ExitStatus {
        let process = self.begin("127.0.0.1:0".parse().unwrap());
        let mut node = Node { process, address: "127.0.0.1:0".parse().unwrap(), started_in: Duration::ZERO };
        node.ended_within(Duration::from_secs(30))
    }

    fn begin(&self, address: SocketAddr) -> Child {
        let mend = env!("CARGO_BIN_EXE_mend").to_owned();
        let words: Vec<String> = self.prefix.iter().cloned().chain([mend]).collect();
        let log: File = OpenOptions::new().create(true).append(true).open(self.folder().join("log")).expect("a log");
        Command::new(&words[0])
            .args(&words[1..])
            .envs(self.settings.iter().cloned())
            .env("MEND_LISTEN", address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the service's program runs")
    }
}

/// A running process of the service.
pub struct Node {
    process: Child,
    pub address: SocketAddr,
    /// From the call to the line that says where it listens.
    pub started_in: Duration,
}

impl Node {
    /// `kill -9`, and waits until the process is gone.
    pub fn kill(mut self) {
        self.process.kill().expect("a running process");
        self.process.wait().expect("a child of this process");
    }

    /// Sends a signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.process.id().to_string()]).status();
        assert!(sent.expect("kill runs").success(), "the process is gone");
    }

    /// Waits for the end of the process.
    #[track_caller]
    pub fn ended_within(&mut self, patience: Duration) -> ExitStatus {
        super::within(patience, "the process to end", || self.process.try_wait().expect("a child of this process"))
    }

    /// Whether the process ended by itself, with this status.
    pub fn has_ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().expect("a child of this process")
    }

    /// Stops it as an operator would, and expects a clean end.
    #[track_caller]
    pub fn stop(mut self) {
        self.signal("INT");
        let status = self.ended_within(Duration::from_secs(30));
        assert!(status.success(), "ended with {status}, signal {:?}", status.signal());
    }

    /// The most memory that it has held so far, in MiB.
    pub fn most_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    /// How many sockets it has open.
    pub fn sockets(&self) -> usize {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.process.id())).into_iter().flatten().flatten();
        let leads = files.filter_map(|file| std::fs::read_link(file.path()).ok());
        leads.filter(|path| path.to_string_lossy().starts_with("socket:")).count()
    }

    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
    }

    /// Its number among the operating system's processes.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Already waited for when it was killed or has ended.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
