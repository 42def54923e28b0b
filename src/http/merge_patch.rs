//! JSON merge patch (RFC 7396), with an optional mask for clients that send null for every unset member.
//! Holds always: a patch changes what it names and nothing else.

use serde_json::Value;

use super::problem::Problem;

/// Applies `patch` to `target`.
pub fn apply(_target: &mut Value, _patch: &Value) {
    todo!()
}

/// Reads a patch: an object with at least one member, cut down to `update_mask` when there is one.
///
/// # Errors
/// 422 when it is not an object or is empty.
pub fn parse(_patch: Value, _update_mask: Option<&str>) -> Result<Value, Problem> {
    todo!()
}

/// The part of `patch` that `update_mask` names (`mood.before,text`). A member that is named and absent is cleared.
#[must_use]
pub fn masked(_patch: &Value, _update_mask: &str) -> Value {
    todo!()
}
