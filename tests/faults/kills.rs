//! Kill -9 at any moment, under 32 writers who keep a journal of what was acknowledged.
//! Holds always: what was acknowledged is there, whole and readable; what was cut off has one effect once it is repeated.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use crate::rig::*;

const WRITERS: usize = 32;

#[test]
fn nothing_acknowledged_is_lost_to_kill_9() {
    let _machine = machine();
    let kills = sized(12, 1000);
    let site = Site::new();
    let mut node = site.start();
    let address = node.address;
    let crowd = Crowd::begins(&Person::crowd(address, WRITERS / 2), address, WRITERS);
    let begun = Instant::now();
    let mut random = Random::seeded(kills);
    for _ in 0..kills {
        thread::sleep(Duration::from_millis(20 + random.below(sized(300, 600))));
        node.kill();
        node = site.start_at(address);
    }
    let counts = crowd.ends();
    node.stop();
    Store::open(&site.data()).is_sound();
    let count = |counted: &std::sync::atomic::AtomicU64| counted.load(Ordering::Relaxed);
    report(&format!(
        "{kills} kills under {WRITERS} writers in {} s: {} acknowledged, 0 lost; {} requests cut off, {} creations among \
         them had happened and were replayed; {} entries read again after a restart; integrity check ok",
        begun.elapsed().as_secs(),
        count(&counts.acknowledged),
        count(&counts.cut_off),
        count(&counts.replayed),
        count(&counts.reread),
    ));
}
