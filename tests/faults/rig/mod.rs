//! What a fault needs: a node as a process, people, connections that hide nothing, and a shim before the kernel.
//! Holds always: nothing here retries or forgives on its own; each fault says itself what a client may do.

#![allow(dead_code, unused_imports, reason = "a vocabulary for faults: not each word is used at all times")]

mod crowd;
mod load;
mod machine;
mod node;
mod people;
mod random;
mod shim;
mod store;
mod wire;

pub use crowd::Crowd;
pub use load::{Load, Outcome, Pinned, SERVICE_CORE};
pub use machine::{Percentiles, full, machine, report, sized};
pub use node::{Node, Site};
pub use people::{Person, entry};
pub use random::Random;
pub use serde_json::{Value, json};
pub use shim::{Event, File, Kind, SHIM, Written, trace};
pub use store::Store;
pub use wire::{Answer, Ask, Connection};

use std::time::{Duration, Instant};

/// Waits until `met` gives a value, looking again every few milliseconds; fails after `patience`.
#[track_caller]
pub fn within<T>(patience: Duration, what: &str, mut met: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(value) = met() {
            return value;
        }
        assert!(begun.elapsed() < patience, "waited {patience:?} for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
