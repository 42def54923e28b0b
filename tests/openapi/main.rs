//! The OpenAPI document: the checked-in file is what the code says, and the code keeps the document's rules.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails by panicking, and a JSON value is read by its members' names"
)]

mod rules;

use std::path::Path;

#[test]
fn the_checked_in_document_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let checked_in = std::fs::read_to_string(file).unwrap_or_default();
    let made = mend::app::openapi().to_pretty_json().expect("the document is JSON");
    assert!(
        checked_in.trim_end() == made.trim_end(),
        "openapi/openapi.json differs from what the code says. Mend it with\n\n    \
         cargo run -q -- openapi > openapi/openapi.json\n\n{}",
        first_difference(&checked_in, &made)
    );
}

/// The first line that differs, from both sides.
fn first_difference(checked_in: &str, made: &str) -> String {
    let mut pairs = checked_in.lines().chain(["<end>"]).zip(made.lines().chain(["<end>"])).enumerate();
    let Some((line, (before, after))) = pairs.find(|(_, (before, after))| before != after) else {
        return String::new();
    };
    format!("line {}:\n  checked in: {}\n  made:       {}", line + 1, before.trim(), after.trim())
}

#[test]
fn the_document_is_the_same_every_time() {
    let made = || mend::app::openapi().to_pretty_json().expect("the document is JSON");
    assert_eq!(made(), made());
}
