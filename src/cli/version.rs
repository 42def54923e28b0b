//! `mend version`: which version this is, for people and scripts.

use super::{Outcome, say};

pub(super) fn run() -> Outcome {
    say(concat!("mend ", env!("CARGO_PKG_VERSION")))
}
