//! From bytes to a checked value: JSON within its bounds, then the schema of the type that will hold it.
//! Holds always: what is documented is what is checked, because both are the same schema; unknown members are refused.

use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::problem::Problem;

/// How strictly a value is held to its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strict {
    /// A whole value: required members must be there.
    Whole,
    /// A whole value in which members that only the service writes (`readOnly`) may come and are not looked at.
    IgnoreReadOnly,
}

/// Reads JSON: 400 when it is none, 422 when it is too deep, holds too long an array, a NUL or a lone surrogate.
///
/// # Errors
/// The problem to answer with.
pub fn value(_bytes: &[u8]) -> Result<Value, Problem> {
    todo!()
}

/// Holds `value` against the schema of `T`: 422 with one fault for everything that breaks it.
///
/// # Errors
/// The problem to answer with.
pub fn check<T: ToSchema + 'static>(_value: &Value, _rules: Strict) -> Result<(), Problem> {
    todo!()
}

/// Reads, checks and deserializes a body.
///
/// # Errors
/// The problem to answer with.
pub fn read<T: ToSchema + DeserializeOwned + 'static>(_bytes: &[u8]) -> Result<T, Problem> {
    todo!()
}

/// Deserializes a value that [`check`] has passed; what serde still refuses becomes a fault with its pointer.
///
/// # Errors
/// The problem to answer with.
pub fn typed<T: DeserializeOwned>(_value: Value) -> Result<T, Problem> {
    todo!()
}
