//! Declarative partitioning on PostgreSQL, for whoever asks for it: the big tables, divided by the hash of their owner.
//! Holds always: a table is divided whole or not at all; names, keys, indexes and privileges stay, so that queries and later
//! migrations see no difference.

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, sql_query};

use super::{Connection, OpenError, migrations};

/// The tables that grow with what people write. Every query on them names the owner, but for the sweeps.
pub const DIVIDED: [&str; 3] = ["records", "record_revisions", "idempotency_keys"];

/// How many partitions a table may have. More of them only cost planning time and locks.
pub const COUNTS: std::ops::RangeInclusive<u16> = 2..=128;

/// What has to be made again on the divided table. Its checks and defaults are copied with its columns.
const BESIDE: &str = "SELECT statement FROM ( \
     SELECT 1 AS step, format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) \
         AS statement FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'u', 'f') \
     UNION ALL SELECT 2, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = $1::regclass \
         AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid) \
     UNION ALL SELECT 3, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal \
     UNION ALL SELECT 4, format('GRANT %s ON %s TO %s', privilege_type, $1, \
         CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END) \
         FROM pg_class, aclexplode(relacl) WHERE oid = $1::regclass \
     ) AS steps ORDER BY step, statement";

#[derive(QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    statement: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Divides each table of [`DIVIDED`] that is whole into `count` partitions, with what it holds; answers the names of those
/// that it divided. Writers wait meanwhile, so it is a step for an empty database or a quiet hour. After an interruption
/// some tables are divided and others not, which works; the same call goes on.
///
/// # Errors
/// Not PostgreSQL, not migrated, a count outside of [`COUNTS`], or the database failed.
pub fn divide(connection: &mut Connection, count: u16) -> Result<Vec<String>, OpenError> {
    let Connection::Postgres(connection) = connection else {
        return Err(OpenError::UnusableUrl("only a PostgreSQL is divided into partitions"));
    };
    if !COUNTS.contains(&count) {
        return Err(OpenError::UnusableUrl("a table is divided into 2 to 128 partitions"));
    }
    let divided = migrations::alone(connection, |connection| {
        let mut divided = Vec::new();
        for table in DIVIDED {
            if connection.transaction(|connection| divide_table(connection, table, count))? {
                divided.push(table.to_owned());
            }
        }
        Ok(divided)
    });
    divided.map_err(|cause| OpenError::Migration(cause.to_string()))
}

/// False when it is divided already.
fn divide_table(connection: &mut PgConnection, table: &str, count: u16) -> QueryResult<bool> {
    connection.batch_execute(&format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))?;
    let divided = "SELECT count(*) AS number FROM pg_partitioned_table WHERE partrelid = $1::regclass";
    if sql_query(divided).bind::<Text, _>(table).get_result::<Count>(connection)?.number > 0 {
        return Ok(false);
    }
    let beside: Vec<Statement> = sql_query(BESIDE).bind::<Text, _>(table).load::<Statement>(connection)?;
    connection.batch_execute(&format!(
        "ALTER TABLE {table} RENAME TO {table}_whole; \
         CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE \
             INCLUDING COMMENTS) PARTITION BY HASH (owner)"
    ))?;
    for number in 0..count {
        connection.batch_execute(&format!(
            "CREATE TABLE {table}_{number} PARTITION OF {table} FOR VALUES WITH (MODULUS {count}, REMAINDER {number})"
        ))?;
    }
    connection.batch_execute(&format!("INSERT INTO {table} SELECT * FROM {table}_whole; DROP TABLE {table}_whole"))?;
    for Statement { statement } in beside {
        connection.batch_execute(&statement)?;
    }
    connection.batch_execute(&format!("ANALYZE {table}"))?;
    Ok(true)
}
