//! A new epoch after a restore: nothing that a client remembers from before may be taken for what is there now.
//! Holds always: no epoch, and no version of anything, is ever used twice, however often one and the same backup is restored;
//! nobody is signed in after a restore.
//!
//! What changes, and why:
//!
//! | what | becomes | or else |
//! |---|---|---|
//! | the epoch, in each owner's head | a number that grows with the clock | a device that synchronised with what was lost would never learn of it |
//! | an owner's head that is missing | is made, at the new epoch | an owner's first record after the restore would begin the first epoch again |
//! | the version of each record, account and item, which is its ETag | a number that grows with the clock | an edit would overwrite another that has the same version by chance; a stale copy would count as fresh |
//! | sessions | ended | a session that was signed out after the backup would live again |
//! | kept answers to idempotency keys | stay | they tell the truth about what is restored: a repeated request finds its one effect |

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::database::schema::facts;
use crate::database::{Bytes, Connection, Failure, Timestamp};

const EPOCH: &str = "epoch";

/// The database's epoch: 1 until a backup is restored.
pub(super) fn current(main: &mut Connection) -> Result<i64, Failure> {
    let value: Option<Bytes> = facts::table.find(EPOCH).select(facts::value).first(main).optional()?;
    match value {
        None => Ok(1),
        Some(Bytes(value)) => {
            let value = value.try_into().map_err(|_wrong| Failure::Broken("the epoch is no number".to_owned()))?;
            Ok(i64::from_be_bytes(value))
        }
    }
}

/// Begins a new epoch; answers it and how many sessions were ended. Run it inside a transaction.
pub(super) fn begin(main: &mut Connection, now: Timestamp) -> Result<(i64, usize), Failure> {
    // Milliseconds: more than one restore, or one edit of one record, a millisecond is beyond any limit of this service, and
    // the number is exact in every client's JSON.
    let stamp = now.as_micros() / 1000;
    let epoch = stamp.max(current(main)?.saturating_add(1));
    remember(main, epoch, now)?;
    diesel::sql_query("UPDATE owner_heads SET epoch = $1").bind::<BigInt, _>(epoch).execute(main)?;
    diesel::sql_query(
        "INSERT INTO owner_heads (owner, epoch, sequence, live_count, trashed_count, stored_bytes) \
         SELECT id, $1, 0, 0, 0, 0 FROM accounts WHERE id NOT IN (SELECT owner FROM owner_heads)",
    )
    .bind::<BigInt, _>(epoch)
    .execute(main)?;
    for table in ["records", "accounts", "catalogue_items"] {
        diesel::sql_query(format!("UPDATE {table} SET version = CASE WHEN version < $1 THEN $1 ELSE version + 1 END"))
            .bind::<BigInt, _>(epoch)
            .execute(main)?;
    }
    let ended = diesel::sql_query("UPDATE sessions SET revoked_at = $1 WHERE revoked_at IS NULL");
    Ok((epoch, ended.bind::<BigInt, _>(now).execute(main)?))
}

fn remember(main: &mut Connection, epoch: i64, now: Timestamp) -> Result<(), Failure> {
    let value = Bytes(epoch.to_be_bytes().to_vec());
    let set = (facts::value.eq(&value), facts::updated_at.eq(now));
    if diesel::update(facts::table.find(EPOCH)).set(set).execute(main)? == 0 {
        let row = (facts::name.eq(EPOCH), facts::value.eq(&value), facts::updated_at.eq(now));
        diesel::insert_into(facts::table).values(row).execute(main)?;
    }
    Ok(())
}
