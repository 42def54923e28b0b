//! Mend: the map of the house.

pub mod auth;
pub mod catalogue;
pub mod config;
pub mod database;
pub mod http;
pub mod privacy;
pub mod records;
pub mod resources;
pub mod routes;
