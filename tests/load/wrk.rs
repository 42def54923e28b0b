//! Driving wrk, and what it says.
//! Holds always: one thread on the client's core; any failed request makes the run worthless and ends it.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::process::CLIENT_CORE;
use crate::workload::Workload;

/// One run. Latencies in microseconds.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    pub requests: u64,
    pub seconds: f64,
    pub p50_us: u64,
    pub p99_us: u64,
    /// Of all answers, heads included.
    pub bytes: u64,
    failed: u64,
}

impl Run {
    /// What two clients saw at the same time, each of its own node.
    pub fn with(self, other: &Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            seconds: self.seconds.max(other.seconds),
            p50_us: self.p50_us.max(other.p50_us),
            p99_us: self.p99_us.max(other.p99_us),
            bytes: self.bytes + other.bytes,
            failed: self.failed + other.failed,
        }
    }

    pub fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    pub fn bytes_per_answer(&self) -> f64 {
        self.bytes as f64 / self.requests as f64
    }
}

/// Loads a server for so many seconds.
pub fn drive(workload: Workload, folder: &Path, address: SocketAddr, connections: usize, seconds: u64) -> Run {
    let name = workload.name();
    let said = Command::new("taskset")
        .args(["-c", CLIENT_CORE, "wrk", "--threads=1", "--timeout=10s"])
        .arg(format!("--connections={connections}"))
        .arg(format!("--duration={seconds}s"))
        .arg("--script")
        .arg(folder.join("requests.lua"))
        .arg(format!("http://{address}"))
        .args(["--", &name])
        .arg(folder)
        .output()
        .expect("wrk and taskset (Debian: apt-get install wrk util-linux)");
    let text = String::from_utf8_lossy(&said.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("RESULT "));
    let line = line.unwrap_or_else(|| panic!("wrk said\n{text}{}", String::from_utf8_lossy(&said.stderr)));
    let run: Run = serde_json::from_str(line).expect("the script prints JSON");
    assert_eq!(run.failed, 0, "{name}: {} of {} requests failed\n{text}", run.failed, run.requests);
    assert!(run.requests > 0, "{name}: no request was answered");
    run
}
