//! From bytes to a checked value: JSON within its bounds, then the schema of the type that will hold it.
//! Holds always: what is documented is what is checked, because both are the same schema; unknown members are refused.

mod faults;
mod parse;
mod schema;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::code::Code;
use super::problem::Problem;

pub use parse::value;
pub use schema::{MAX_INSTANT, strict_schema};

/// How strictly a value is held to its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strict {
    /// A whole value: required members must be there.
    Whole,
    /// A merge patch: any member of an object may be missing or null; what stands inside arrays is whole.
    Patch,
}

/// Holds `value` against the schema of `T`: 422 with one fault for everything that breaks it.
///
/// # Errors
/// The problem to answer with.
pub fn check<T: ToSchema + 'static>(value: &Value, rules: Strict) -> Result<(), Problem> {
    let validator = schema::validator::<T>(rules)?;
    if validator.is_valid(value) {
        return Ok(());
    }
    let faults = faults::from_errors(validator.iter_errors(value));
    Err(Problem::new(Code::InvalidContent).faults(faults))
}

/// Reads, checks and deserializes a body.
///
/// # Errors
/// The problem to answer with.
pub fn read<T: ToSchema + DeserializeOwned + 'static>(bytes: &[u8]) -> Result<T, Problem> {
    let value = value(bytes)?;
    check::<T>(&value, Strict::Whole)?;
    typed(value)
}

/// Deserializes a value that [`check`] has passed; what serde still refuses becomes a fault with its pointer.
///
/// # Errors
/// The problem to answer with.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    // serde's own message may repeat the value, so only the place is taken from it.
    serde_path_to_error::deserialize(value).map_err(|error| {
        Problem::invalid(faults::pointer(error.path()), "wrong_value", "This value is not possible here.")
    })
}
