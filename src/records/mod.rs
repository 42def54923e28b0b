//! The private engine: what a person writes, sealed, owned by them alone.
//! Holds always: every query takes the owner first; what is not yours and what is not there are the same 404.

pub mod collection;
pub mod faults;
pub mod pin;

pub use collection::{Collection, Everything, Filter, Parent, Reference, Surroundings, Target, example_id};
pub use faults::Faults;
pub use pin::{Pin, Pinned};

mod answers;
mod document;
mod engine;
mod flag;
mod handlers;
mod head;
mod listing;
mod operations;
mod read;
mod references;
mod removal;
mod routes;
mod row;
mod shapes;
mod sight;
mod sweep;
mod tally;
pub mod trash;
mod whole;
mod write;

pub use engine::{Parts, Records, Registered, register};
pub use sweep::KeyPlace;
pub use whole::Kept;

/// Members of the envelope that a client may send back and that are not looked at.
const READ_ONLY: [&str; 2] = ["created_at", "updated_at"];

/// A day as it is stored: days since 1970-01-01.
fn day_number(day: chrono::NaiveDate) -> i32 {
    use chrono::Datelike as _;
    day.num_days_from_ce() - EPOCH_FROM_CE
}

/// 1970-01-01 in days from the common era.
const EPOCH_FROM_CE: i32 = 719_163;
