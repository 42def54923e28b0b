//! The migrations of both stores and both engines, embedded.
//! Holds always: each runs in its own transaction and under one lock, so that nodes that start together do not collide.

use super::{Connection, OpenError};

/// Brings the main database up to date; answers the names of the migrations applied.
pub fn run_main(_connection: &mut Connection) -> Result<Vec<String>, OpenError> {
    todo!()
}

/// Brings the keystore up to date; answers the names of the migrations applied.
pub fn run_keystore(_connection: &mut Connection) -> Result<Vec<String>, OpenError> {
    todo!()
}
