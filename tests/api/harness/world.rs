//! A world: a database, one node or two, a clock that moves only when told, and the people who sign up.
//! Holds always: two worlds share nothing but the engine's process, so stories run side by side.

use std::time::{Duration, Instant};

use mend::database::Clock;

use super::{Actor, Engine, Node};

/// A service running for one story.
#[derive(Debug)]
pub struct World {
    pub engine: Engine,
    /// Every node's clock. It stands still until a story moves it on.
    pub clock: Clock,
    nodes: Vec<Node>,
}

impl World {
    /// One node on a fresh copy of the prepared database, starter content included.
    pub fn start(engine: Engine) -> Self {
        let _ = engine;
        todo!("once the service starts")
    }

    /// Two nodes on one database. SQLite carries one node: there both names mean the same.
    pub fn two_nodes(engine: Engine) -> Self {
        Self::start(engine)
    }

    pub fn node(&self, index: usize) -> &Node {
        self.nodes.get(index).unwrap_or(&self.nodes[0])
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Actor {
        todo!("once the service starts")
    }

    /// A person who registered and signed in: `<name>@example.org`.
    pub fn sign_up(&self, name: &str) -> Actor {
        let _ = name;
        todo!("once the service starts")
    }

    /// A curator, made the way `mend accounts create` makes one, signed in.
    pub fn curator(&self, name: &str) -> Actor {
        let _ = name;
        todo!("once the service starts")
    }

    /// An administrator, made the way `mend accounts create` makes one, signed in.
    pub fn admin(&self, name: &str) -> Actor {
        let _ = name;
        todo!("once the service starts")
    }
}

/// Waits until `met` gives a value, looking again every few milliseconds; fails after ten seconds.
#[track_caller]
pub fn eventually<T>(what: &str, mut met: impl FnMut() -> Option<T>) -> T {
    let patience = Instant::now();
    loop {
        if let Some(value) = met() {
            return value;
        }
        assert!(patience.elapsed() < Duration::from_secs(10), "waited ten seconds for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
