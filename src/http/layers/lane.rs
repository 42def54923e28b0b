//! One kind of work and how much of it is taken on at the same time: as much as is done in good time.
//! Holds always: a lane is never wider than it was made, and never so narrow that nothing gets through.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Work that takes longer than this in a crowded lane waits for other work: the lane takes on too much.
const GOOD_TIME: Duration = Duration::from_millis(500);
/// As wide as a lane begins, and as it becomes again by itself; enough for any burst that is no overload.
const FIRST: usize = 256;
/// Once it has been too wide, a lane widens by one place for so many that were done in good time.
const CAREFUL: u64 = 8;

/// Places for one kind of work. It narrows by a quarter when work takes too long, and widens slowly while it does not:
/// so the queue behind it stays short on a slow machine and on a fast one, and who is too many learns it at once.
pub(super) struct Lane {
    taken: AtomicUsize,
    width: AtomicUsize,
    narrowest: usize,
    widest: usize,
    done: AtomicU64,
    /// Until it narrows for the first time, it widens with each that is done in good time.
    careful: AtomicBool,
    begun: Instant,
    /// When it narrowed last, in milliseconds since it began.
    narrowed_at: AtomicU64,
}

impl Lane {
    pub(super) fn new(narrowest: usize, widest: usize) -> Self {
        Self {
            taken: AtomicUsize::new(0),
            width: AtomicUsize::new(FIRST.min(widest)),
            narrowest: narrowest.min(widest),
            widest,
            done: AtomicU64::new(0),
            careful: AtomicBool::new(false),
            begun: Instant::now(),
            narrowed_at: AtomicU64::new(0),
        }
    }

    /// Takes a place; false when there is none.
    pub(super) fn enter(&self) -> bool {
        let width = self.width.load(Ordering::Acquire);
        let one_more = |taken| (taken < width).then_some(taken + 1);
        self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).is_ok()
    }

    /// Takes a place whether there is one or not.
    pub(super) fn enter_anyway(&self) {
        self.taken.fetch_add(1, Ordering::AcqRel);
    }

    /// Gives a place back that was not worked in to the end.
    pub(super) fn step_out(&self) -> usize {
        self.taken.fetch_sub(1, Ordering::AcqRel)
    }

    /// Gives the place back after work that took so long.
    pub(super) fn leave(&self, took: Duration) {
        let taken = self.step_out();
        let width = self.width.load(Ordering::Acquire);
        let crowded = taken * 2 > width;
        if took > GOOD_TIME {
            if crowded {
                self.narrow(width);
            }
        } else if width < self.widest && (crowded || width < FIRST) && self.may_widen() {
            self.width.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn may_widen(&self) -> bool {
        let done = self.done.fetch_add(1, Ordering::Relaxed);
        !self.careful.load(Ordering::Relaxed) || done.is_multiple_of(CAREFUL)
    }

    /// Once for all that was taken on at the old width.
    fn narrow(&self, width: usize) {
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (now, last) = (milliseconds(self.begun.elapsed()), self.narrowed_at.load(Ordering::Acquire));
        let passed = now.saturating_sub(last) > milliseconds(GOOD_TIME);
        if passed && self.narrowed_at.compare_exchange(last, now, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.careful.store(true, Ordering::Relaxed);
            self.width.store((width * 3 / 4).max(self.narrowest), Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(5);

    fn fill(lane: &Lane) -> usize {
        std::iter::repeat_with(|| lane.enter()).take_while(|entered| *entered).count()
    }

    fn empty(lane: &Lane, took: Duration) {
        while lane.taken.load(Ordering::Acquire) > 0 {
            lane.leave(took);
        }
    }

    #[test]
    fn it_widens_while_work_is_quick_and_stops_at_its_widest() {
        let lane = Lane::new(4, FIRST * 2);
        assert_eq!(fill(&lane), FIRST);
        for _ in 0..10 {
            empty(&lane, QUICK);
            fill(&lane);
        }
        assert_eq!(lane.taken.load(Ordering::Acquire), FIRST * 2);
        assert!(!lane.enter());
    }

    #[test]
    fn it_narrows_once_for_a_crowd_that_waited_and_recovers() {
        let lane = Lane { begun: long_ago(), ..Lane::new(4, 512) };
        assert_eq!(fill(&lane), FIRST);
        empty(&lane, GOOD_TIME * 2);
        assert_eq!(fill(&lane), FIRST * 3 / 4);
        for _ in 0..200 {
            lane.leave(QUICK);
            lane.enter_anyway();
        }
        assert!(fill(&lane) > 0, "it stays narrow for ever");
    }

    #[test]
    fn one_slow_request_alone_narrows_nothing() {
        let lane = Lane { begun: long_ago(), ..Lane::new(4, 512) };
        assert!(lane.enter());
        lane.leave(GOOD_TIME * 4);
        assert_eq!(fill(&lane), FIRST);
    }

    fn long_ago() -> Instant {
        Instant::now().checked_sub(Duration::from_mins(1)).unwrap()
    }
}
