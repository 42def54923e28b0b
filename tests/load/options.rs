//! What to measure, from the command line.
//! Holds always: the defaults are the workload that the README's table is measured with.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::workload::Workload;

/// Drives the workloads against the release binary and prints their share of the floor.
#[derive(Debug, Parser)]
#[command(name = "load")]
pub struct Options {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[arg(long, value_enum, default_value = "sqlite")]
    pub engine: Engine,
    /// People; each has `--entries` journal entries
    #[arg(long, default_value_t = 1000)]
    pub users: usize,
    #[arg(long, default_value_t = 1000)]
    pub entries: usize,
    /// Items of the catalogue, of which every twentieth stays a draft
    #[arg(long, default_value_t = 1000)]
    pub tips: usize,
    /// Nodes behind the load; more than one needs PostgreSQL
    #[arg(long, default_value_t = 1)]
    pub nodes: usize,
    #[arg(long, default_value_t = 32)]
    pub connections: usize,
    /// Measured seconds of one run
    #[arg(long, default_value_t = 20)]
    pub seconds: u64,
    /// Seconds before each measured run
    #[arg(long, default_value_t = 5)]
    pub warm_up: u64,
    /// Runs of each workload, of which the median counts
    #[arg(long, default_value_t = 3)]
    pub repeat: usize,
    /// Which workloads, as in W1,W5; all unless said
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<Workload>,
    /// Settings of the service that differ, as in `MEND_LOG=info`
    #[arg(long)]
    pub set: Vec<String>,
    /// Fails when a share of the floor is a fifth below this file's, and stays so when it is measured again
    #[arg(long)]
    pub expect: Option<PathBuf>,
    /// cargo bench says it; it means nothing here
    #[arg(long, hide = true, global = true)]
    pub bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// What is measured on its own, and the parts that run as processes of their own, pinned to the server's core.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Builds and searches a catalogue in this process
    Catalogue {
        #[arg(long, default_value_t = 10_000)]
        items: usize,
    },
    #[command(hide = true)]
    Floor { answers: PathBuf, ring: PathBuf, listen: SocketAddr },
    #[command(hide = true)]
    Raw { folder: PathBuf, seconds: u64, bytes: usize },
}

impl Options {
    /// The workloads asked for, in their order.
    pub fn workloads(&self) -> Vec<Workload> {
        let wanted = |workload: &Workload| self.only.is_empty() || self.only.contains(workload);
        Workload::value_variants().iter().copied().filter(wanted).collect()
    }

    pub fn rows(&self) -> usize {
        self.users * self.entries
    }
}
