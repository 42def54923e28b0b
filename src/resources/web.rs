//! Addresses on the web that items name.
//! Holds always: an address is https, so that following it tells nobody in between what is read.

use crate::catalogue::rules::fault;
use crate::http::problem::Fault;

/// Notes an address at `pointer` that is not https, or holds what an address does not.
pub fn check(pointer: &str, address: Option<&str>, faults: &mut Vec<Fault>) {
    let is_wrong = |address: &str| {
        !address.starts_with("https://") || address.chars().any(|one| one.is_whitespace() || one.is_control())
    };
    if address.is_some_and(is_wrong) {
        faults.push(fault(pointer, "link_scheme", "An address starts with https:// and has no spaces."));
    }
}
