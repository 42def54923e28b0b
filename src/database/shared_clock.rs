//! The clock that all nodes of one database share.
//! Holds always: on PostgreSQL it is the server's, so that no node's own clock decides who may work; SQLite has one node,
//! whose clock it is.

use diesel::RunQueryDsl as _;
use diesel::sql_types::BigInt;

use super::{Clock, Connection, Failure, Timestamp};

/// The server's time of day, also inside a transaction that began long ago.
const POSTGRES: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros";

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

/// What time it is for everybody on this database. `clock` is the node's own.
///
/// # Errors
/// The database failed.
pub fn shared_now(conn: &mut Connection, clock: &Clock) -> Result<Timestamp, Failure> {
    match conn {
        Connection::Sqlite(_) => Ok(clock.now()),
        Connection::Postgres(postgres) => {
            let row: Row = diesel::sql_query(POSTGRES).get_result(postgres)?;
            Ok(Timestamp::from_micros(row.micros))
        }
    }
}
