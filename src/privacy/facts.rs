//! What a database remembers about its keys: single values in its `facts`.
//! Holds always: a value that was recorded stays; of several nodes that record one at the same time, one wins and all of them read its.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::database::ids::sql_types;
use crate::database::schema::facts;
use crate::database::{Bytes, Connection, Failure, Timestamp};

pub(super) fn read(conn: &mut Connection, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let value: Option<Bytes> = facts::table.find(name).select(facts::value).first(conn).optional()?;
    Ok(value.map(|Bytes(value)| value))
}

/// Records `value` unless there is one already. Returns what is recorded now.
pub(super) fn keep(conn: &mut Connection, name: &str, value: &[u8], now: Timestamp) -> Result<Vec<u8>, Failure> {
    // By hand, since diesel's own form of this clause does not compile for two engines at once.
    diesel::sql_query("INSERT INTO facts (name, value, updated_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind::<Text, _>(name)
        .bind::<sql_types::Bytes, _>(Bytes(value.to_vec()))
        .bind::<BigInt, _>(now)
        .execute(conn)?;
    read(conn, name)?.ok_or_else(|| Failure::Broken(format!("the fact {name} is not there after it was recorded")))
}
