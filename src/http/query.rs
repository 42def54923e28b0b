//! Query parameters: repeated names mean "or", and a name that nobody reads is a mistake worth telling.
//! Holds always: a parameter is either read by the operation or answered with 400.

use actix_web::HttpRequest;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// Names and values in the order in which they came, percent-decoded.
pub type Pairs = Vec<(String, String)>;

/// The parameters of the request.
///
/// # Errors
/// 400 when the query is not UTF-8 or holds a NUL.
pub fn pairs(_request: &HttpRequest) -> Result<Pairs, Problem> {
    todo!()
}

/// Reads every parameter into `T`; a parameter that is no field of `T` is 400.
///
/// # Errors
/// 400 with a fault at `?name`.
pub fn parse<T: DeserializeOwned>(pairs: Pairs) -> Result<T, Problem> {
    let mut pairs = pairs;
    let value = take(&mut pairs)?;
    finish(&pairs)?;
    Ok(value)
}

/// Reads the parameters that are fields of the struct `T` and takes them out of `pairs`; the rest stays for others.
///
/// # Errors
/// 400 with a fault at `?name`.
pub fn take<T: DeserializeOwned>(_pairs: &mut Pairs) -> Result<T, Problem> {
    todo!()
}

/// Refuses what nobody took.
///
/// # Errors
/// 400 with one fault a parameter.
pub fn finish(_pairs: &Pairs) -> Result<(), Problem> {
    todo!()
}
