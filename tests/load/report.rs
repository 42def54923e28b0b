//! What a run found, as a table.
//! Holds always: a share is of the floor that was driven right before; of several runs the median counts.

use crate::options::Engine;
use crate::raw::Rates;
use crate::workload::Workload;
use crate::wrk::Run;

/// One workload: the floor's runs and the service's.
pub struct Figure {
    pub workload: Workload,
    /// Answered by the service in all measured runs.
    pub requests: u64,
    floor: Vec<Run>,
    service: Vec<Run>,
    cpu_us: u64,
}

/// What a write costs.
pub struct Writes {
    pub flushes_per_write: f64,
    /// SQLite's, on the same disk.
    pub raw: Option<Rates>,
}

pub struct Report {
    pub engine: Engine,
    pub rows: usize,
    pub nodes: usize,
    pub connections: usize,
    pub sync_mode: String,
    pub figures: Vec<Figure>,
    pub peak_kib: u64,
    pub writes: Option<Writes>,
}

impl Figure {
    pub fn new(workload: Workload) -> Self {
        Self { workload, requests: 0, floor: Vec::new(), service: Vec::new(), cpu_us: 0 }
    }

    pub fn add(&mut self, floor: Run, service: Run, cpu_us: u64) {
        self.requests += service.requests;
        self.cpu_us += cpu_us;
        self.floor.push(floor);
        self.service.push(service);
    }

    /// The service's requests a second as a share of the floor's: of each run with the floor's right before it, the median,
    /// since a neighbour who takes the processor away for some seconds takes it from both.
    pub fn share(&self) -> f64 {
        let pairs = self.service.iter().zip(&self.floor);
        let mut shares: Vec<f64> = pairs.map(|(service, floor)| service.per_second() / floor.per_second()).collect();
        shares.sort_by(f64::total_cmp);
        let (lower, upper) = (shares[(shares.len() - 1) / 2], shares[shares.len() / 2]);
        f64::midpoint(lower, upper)
    }

    /// The size of a stored document, near enough for the raw inserts: what was answered less its head.
    pub fn body_guess(&self) -> usize {
        let answer = self.service.first().map_or(0.0, Run::bytes_per_answer);
        // The heads of an answer take about 700 bytes; sealed documents are padded, so some bytes more or less are one size.
        format!("{:.0}", (answer - 500.0).max(1024.0)).parse().unwrap_or(1200)
    }
}

impl Report {
    pub fn print(&self) {
        println!(
            "{} rows, {:?}, {}, {} nodes on one core, {} connections from another",
            self.rows, self.engine, self.sync_mode, self.nodes, self.connections
        );
        println!("| | floor/s | service/s | share | p50 ms | p99 ms | CPU µs/request |\n|---|---|---|---|---|---|---|");
        for figure in &self.figures {
            let (floor, service) = (middle(&figure.floor), middle(&figure.service));
            println!(
                "| {} | {:.0} | {:.0} | {:.1} % | {:.2} | {:.2} | {:.1} |",
                figure.workload.name(),
                floor.per_second(),
                service.per_second(),
                figure.share() * 100.0,
                service.p50_us as f64 / 1000.0,
                service.p99_us as f64 / 1000.0,
                figure.cpu_us as f64 / figure.requests as f64,
            );
        }
        println!("peak memory: {} MiB", self.peak_kib / 1024);
        if let Some(writes) = &self.writes {
            println!("flushes per write: {:.3}", writes.flushes_per_write);
            let created = self.figures.iter().find(|figure| figure.workload == Workload::Create);
            if let (Some(raw), Some(created)) = (writes.raw, created) {
                println!(
                    "raw inserts without a service: {:.0}/s one a transaction, {:.0}/s 32 a transaction",
                    raw.single, raw.grouped
                );
                let share = middle(&created.service).per_second() / raw.grouped;
                println!("W5 as a share of the raw grouped rate: {:.1} %", share * 100.0);
            }
        }
    }
}

/// The run with the median rate.
fn middle(runs: &[Run]) -> &Run {
    let mut sorted: Vec<&Run> = runs.iter().collect();
    sorted.sort_by(|one, other| one.per_second().total_cmp(&other.per_second()));
    sorted.get(sorted.len() / 2).copied().expect("at least one run")
}
