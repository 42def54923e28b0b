//! What may help now: the tip of the day, and the next few things with their reasons.
//! Holds always: only what the person may see is offered, and nothing that is wrong for the relationship it is offered for;
//! every ending is worth the same, and nothing is counted against anybody.

mod day;
mod next;
mod ranking;

pub(super) use ranking::ReasonCode;
use sha2::{Digest as _, Sha256};

use crate::database::Id;
use crate::http::mount::Mount;

/// Adds the operations.
pub fn routes(mount: &mut Mount<'_>) {
    mount.service(day::get_day).service(next::get_next);
}

/// A place in an order that is a person's own, and another one for each `round`.
fn shuffled(account: Id, round: &str, item: Id) -> [u8; 8] {
    let digest = Sha256::new().chain_update(account.as_bytes()).chain_update(round).chain_update(item.as_bytes());
    digest.finalize().first_chunk::<8>().copied().unwrap_or_default()
}
