//! The database: both engines behind one type, reads beside each other, writes grouped and durable before they are answered.
//! Holds always: what `write` returned `Ok` for is on disk; a failed job leaves nothing behind and never takes another job with it.

mod batch;
pub mod clock;
pub mod connection;
mod crowd;
mod directory;
mod failure;
mod gate;
mod handle;
pub mod ids;
mod job;
mod mailbox;
mod measures;
pub mod migrations;
mod open_error;
pub mod partitions;
mod pool;
mod postgres;
mod readers;
pub mod schema;
mod seen;
mod shared_clock;
mod sqlite;
mod target;
#[cfg(test)]
mod tests;
mod transaction;
mod writer;

pub use clock::{Clock, Timestamp};
pub use connection::AnyConnection as Connection;
pub use crowd::Crowd;
pub use directory::DataDirectory;
pub use failure::Failure;
pub use handle::Database;
pub use ids::{Bytes, Id};
pub use open_error::OpenError;
pub use shared_clock::shared_now;
pub use target::{Purpose, Target};
pub use writer::OnFatal;

/// Gives a newtype over `i64` its `BigInt` conversions on both engines.
macro_rules! bigint_newtype {
    ($name:ident) => {
        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::BigInt, DB> for $name
        where
            i64: diesel::serialize::ToSql<diesel::sql_types::BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                self.0.to_sql(out)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB> for $name
        where
            i64: diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                i64::from_sql(bytes).map(Self)
            }
        }
    };
}
pub(crate) use bigint_newtype;
