//! The private engine: what a person writes, sealed, owned by them alone.
//! Holds always: every query takes the owner first; what is not yours and what is not there are the same 404.

pub mod collection;
pub mod faults;

pub use collection::{Collection, Everything, Filter, Parent, Reference, Surroundings, Target, example_id};
pub use faults::Faults;
