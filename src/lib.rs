//! Mend: the map of the house.
pub mod database;
pub mod http;
