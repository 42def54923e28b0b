//! The shape of the house: which part may use which, how long files and functions grow, what stands at their head.
//! Holds always: each rule is shown to fail on a planted violation, so that a green run means something.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails by panicking")]
#![allow(unreachable_pub, reason = "nothing of a test program is reached from outside")]

mod collections;
mod dependencies;
mod sizes;
mod sources;
