//! Whether this node is about to stop: it says so where load balancers ask, and lets go of connections it would keep.
//! Holds always: once a node drains it never takes that back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Clones share the flag.
#[derive(Debug, Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on the node is not ready, and answers close their connections.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
