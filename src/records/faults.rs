//! The faults found in one record, gathered so that a person mends all of them at once.
//! Holds always: a fault names a member and a rule, never the value.

use crate::http::code::Code;
use crate::http::problem::{Fault, Problem};

/// Faults of one record; empty means that it may be stored.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes that the member at `pointer` (a JSON Pointer) breaks the rule `code`.
    pub fn add(&mut self, pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.0.push(Fault::at(pointer, code, detail));
    }

    /// Notes a combination of members that makes no sense.
    pub fn clash(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.add(pointer, "invalid_combination", detail);
    }

    /// Nothing, or one problem that lists every fault.
    ///
    /// # Errors
    /// `invalid_content` (422) when there is at least one fault.
    pub fn into_result(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::new(Code::InvalidContent).faults(self.0)) }
    }
}
