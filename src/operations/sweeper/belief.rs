//! Whether this node's clock may decide that something has expired. A sweep cannot be undone, so a clock that jumps forward
//! is not believed before it has stayed there for a day.
//! Holds always: a clock that jumped forward by more than a day and went back within one has swept nothing meanwhile.
//!
//! Two things vouch for a clock: the time that has really passed since it was last believed, and what other nodes, or this
//! one before a restart, left in the database. A clock that is behind only keeps things longer, so it is always believed.
//! What this cannot see is a clock that is wrong by less than a day, or wrong for days and on every node.

use std::time::Duration;

use crate::database::Timestamp;

/// How far ahead a clock may be, and how long it must stay further ahead than that.
const DAY: Duration = Duration::from_hours(24);

/// What one node thinks of its clock. Instants are the clock's, durations what really passed.
#[derive(Debug, Default)]
pub(super) struct Belief {
    /// When the clock was last believed.
    last: Option<(Timestamp, Duration)>,
    doubt: Option<Doubt>,
}

/// Since when a clock is ahead, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Doubt {
    seen: Option<Timestamp>,
    clock: Timestamp,
    since: Duration,
}

impl Belief {
    /// Whether `now` is believed. `seen`: the latest time at which any node swept; `steady`: what really passed.
    pub(super) fn judge(&mut self, seen: Option<Timestamp>, now: Timestamp, steady: Duration) -> bool {
        let expected = self.last.map(|(clock, at)| clock.plus(steady.saturating_sub(at)));
        let vouched = expected.max(seen);
        let ahead = vouched.is_some_and(|vouched| now > vouched.plus(DAY));
        if !ahead || self.has_stayed(seen, now, steady) {
            self.last = Some((now, steady));
            self.doubt = None;
            return true;
        }
        false
    }

    /// Whether the clock has kept its new time for a day, and no other node said otherwise.
    fn has_stayed(&mut self, seen: Option<Timestamp>, now: Timestamp, steady: Duration) -> bool {
        let goes_on = |doubt: &Doubt| {
            let expected = doubt.clock.plus(steady.saturating_sub(doubt.since));
            let off = now.since(expected).max(expected.since(now));
            doubt.seen == seen && off < DAY
        };
        let Some(doubt) = self.doubt.filter(goes_on) else {
            tracing::warn!(
                "this node's clock has jumped forward: nothing is swept until it has stayed there for a day"
            );
            self.doubt = Some(Doubt { seen, clock: now, since: steady });
            return false;
        };
        steady.saturating_sub(doubt.since) >= DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_793_610_000_000_000);
    const HOUR: Duration = Duration::from_hours(1);
    const YEAR: Duration = Duration::from_hours(365 * 24);

    #[test]
    fn time_that_passes_is_believed_however_much_it_is() {
        let mut belief = Belief::default();
        assert!(belief.judge(None, START, Duration::ZERO));
        assert!(belief.judge(Some(START), START.plus(YEAR), YEAR));
    }

    #[test]
    fn a_jump_forward_and_back_is_never_believed() {
        let mut belief = Belief::default();
        assert!(belief.judge(Some(START), START, Duration::ZERO));
        for hours in 1..23 {
            let passed = HOUR * hours;
            assert!(!belief.judge(Some(START), START.plus(YEAR).plus(passed), passed));
        }
        assert!(belief.judge(Some(START), START.plus(DAY), DAY));
        // Another jump begins its day anew.
        assert!(!belief.judge(Some(START), START.plus(YEAR), DAY));
        assert!(!belief.judge(Some(START), START.plus(YEAR + HOUR), DAY + HOUR));
    }

    #[test]
    fn a_clock_that_stays_is_believed_after_a_day_unless_another_node_says_otherwise() {
        let mut belief = Belief::default();
        // A start after a month out of use looks the same as a clock that is wrong.
        let begun = START.plus(YEAR);
        assert!(!belief.judge(Some(START), begun, Duration::ZERO));
        assert!(!belief.judge(Some(START), begun.plus(HOUR * 23), HOUR * 23));
        assert!(belief.judge(Some(START), begun.plus(DAY), DAY));

        let mut contradicted = Belief::default();
        for hours in 0..48 {
            let passed = HOUR * hours;
            assert!(!contradicted.judge(Some(START.plus(passed)), begun.plus(passed), passed));
        }
    }

    #[test]
    fn a_clock_that_went_back_is_believed() {
        let mut belief = Belief::default();
        assert!(belief.judge(Some(START.plus(YEAR)), START, Duration::ZERO));
        assert!(belief.judge(Some(START.plus(YEAR)), START.minus(YEAR), HOUR));
    }
}
