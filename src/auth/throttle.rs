//! Slowing down guesses. Attempts are counted before they are judged, in the database, so that every node counts together.
//! Holds always: known and unknown addresses are counted alike; nobody can lock a device out that signed in before;
//! when the counters cannot be reached, the attempt is refused.

use std::net::IpAddr;
use std::time::Duration;

use diesel::Connection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use super::Refused;
use crate::database::schema::attempt_counters as counters;
use crate::database::{Bytes, Connection, Id, Timestamp};
use crate::privacy::{KeyRing, Purpose};

/// Failures that cost nothing.
const FREE_FAILURES: i64 = 5;
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// After this long an old count is forgotten.
const WINDOW: Duration = Duration::from_hours(24);
/// An address may try 10 times a minute…
const ADDRESS_INTERVAL: Duration = Duration::from_secs(6);
/// …after a burst of 20.
const ADDRESS_BURST: u32 = 20;

/// What is counted, as a keyed hash.
pub(super) type Bucket = [u8; 32];

/// How a bucket limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Failures in a row: five are free, then each next one doubles the wait.
    Failures,
    /// A steady rate with a burst.
    Rate,
}

/// One counter. For [`Rule::Rate`] `blocked_until` is the time at which the bucket would be empty again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counter {
    attempts: i64,
    window_started_at: Timestamp,
    blocked_until: Timestamp,
}

/// The bucket of an address on the network: one for each IPv4 address and for each /64 of IPv6.
pub(super) fn of_address(ring: &KeyRing, address: IpAddr) -> Bucket {
    match address.to_canonical() {
        IpAddr::V4(address) => ring.digest(Purpose::Throttle, &[b"address", &address.octets()]),
        IpAddr::V6(address) => {
            let network = address.octets();
            ring.digest(Purpose::Throttle, &[b"address", network.first_chunk::<8>().unwrap_or(&[0; 8])])
        }
    }
}

/// The bucket of everyone who tries an e-mail address from a device that is not known.
pub(super) fn of_strangers(ring: &KeyRing, lookup: &[u8; 32]) -> Bucket {
    ring.digest(Purpose::Throttle, &[b"strangers", lookup])
}

/// The bucket of one known device.
pub(super) fn of_device(ring: &KeyRing, lookup: &[u8; 32], device: Id) -> Bucket {
    ring.digest(Purpose::Throttle, &[b"device", lookup, device.as_bytes()])
}

/// The bucket of password checks by somebody signed in; apart from sign-ins, so that a stolen session cannot lock them.
pub(super) fn of_checks(ring: &KeyRing, account: Id) -> Bucket {
    ring.digest(Purpose::Throttle, &[b"check", account.as_bytes()])
}

/// Counts an attempt in a bucket, or refuses it without counting. Run it in a transaction of its own: a refusal must
/// undo what was counted in other buckets.
///
/// # Errors
/// `TooManyAttempts` with the wait in whole seconds.
pub(super) fn raise(conn: &mut Connection, bucket: &Bucket, rule: Rule, now: Timestamp) -> Result<(), Refused> {
    let key = Bytes(bucket.to_vec());
    // The update comes first because it locks the row: attempts of two nodes are then counted one after the other.
    if touch(conn, &key)? == 0 && !insert(conn, &key, now)? {
        touch(conn, &key)?;
    }
    let (attempts, window_started_at, blocked_until) = counters::table
        .find(&key)
        .select((counters::attempts, counters::window_started_at, counters::blocked_until))
        .first::<(i64, i64, i64)>(conn)?;
    let before = Counter {
        attempts: attempts - 1,
        window_started_at: Timestamp::from_micros(window_started_at),
        blocked_until: Timestamp::from_micros(blocked_until),
    };
    let after =
        before.raised(rule, now).map_err(|wait| Refused::TooManyAttempts { retry_after: whole_seconds(wait) })?;
    diesel::update(counters::table.find(&key))
        .set((
            counters::attempts.eq(after.attempts),
            counters::window_started_at.eq(after.window_started_at.as_micros()),
            counters::blocked_until.eq(after.blocked_until.as_micros()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets a bucket, after a success.
pub(super) fn clear(conn: &mut Connection, bucket: &Bucket) -> Result<(), Error> {
    diesel::delete(counters::table.find(Bytes(bucket.to_vec()))).execute(conn).map(drop)
}

/// Deletes counters that no longer mean anything, at most `limit` of them. Says how many.
///
/// # Errors
/// The query's error.
pub fn sweep(conn: &mut Connection, now: Timestamp, limit: i64) -> Result<usize, Error> {
    let old = counters::window_started_at.lt(now.minus(WINDOW).as_micros());
    let idle = old.and(counters::blocked_until.lt(now.as_micros()));
    let buckets: Vec<Bytes> = counters::table.filter(idle).select(counters::bucket).limit(limit).load(conn)?;
    // Asked again, since another node may have counted in between.
    diesel::delete(counters::table.filter(counters::bucket.eq_any(buckets)).filter(idle)).execute(conn)
}

fn touch(conn: &mut Connection, key: &Bytes) -> Result<usize, Error> {
    diesel::update(counters::table.find(key)).set(counters::attempts.eq(counters::attempts + 1)).execute(conn)
}

/// Starts a counter; false when another transaction has just started it.
fn insert(conn: &mut Connection, key: &Bytes, now: Timestamp) -> Result<bool, Error> {
    let row = (
        counters::bucket.eq(key),
        counters::attempts.eq(1),
        counters::window_started_at.eq(now.as_micros()),
        counters::blocked_until.eq(0),
    );
    // In a savepoint, because PostgreSQL gives up a whole transaction after a violated key.
    match conn.transaction(|conn| diesel::insert_into(counters::table).values(row).execute(conn)) {
        Ok(_) => Ok(true),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
        Err(other) => Err(other),
    }
}

impl Counter {
    /// The counter with one attempt more, or how long to wait.
    fn raised(self, rule: Rule, now: Timestamp) -> Result<Self, Duration> {
        match rule {
            Rule::Failures => self.failure(now),
            Rule::Rate => self.event(now),
        }
    }

    fn failure(self, now: Timestamp) -> Result<Self, Duration> {
        if now < self.blocked_until {
            return Err(self.blocked_until.since(now));
        }
        let fresh = Self { attempts: 0, window_started_at: now, ..self };
        let counted = if now.since(self.window_started_at) > WINDOW { fresh } else { self };
        let attempts = counted.attempts + 1;
        let blocked_until = match u32::try_from(attempts - FREE_FAILURES) {
            Ok(beyond) if beyond > 0 => {
                let wait = Duration::from_secs(2_u64.checked_pow(beyond).unwrap_or(u64::MAX)).min(LONGEST_WAIT);
                now.plus(wait)
            }
            _ => counted.blocked_until,
        };
        Ok(Self { attempts, blocked_until, ..counted })
    }

    fn event(self, now: Timestamp) -> Result<Self, Duration> {
        let full = self.blocked_until.max(now).plus(ADDRESS_INTERVAL);
        let burst = ADDRESS_INTERVAL * ADDRESS_BURST;
        let too_early = full.since(now).saturating_sub(burst);
        if !too_early.is_zero() {
            return Err(too_early);
        }
        Ok(Self { attempts: self.attempts + 1, window_started_at: now, blocked_until: full })
    }
}

fn whole_seconds(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}

#[cfg(test)]
#[path = "throttle_tests.rs"]
mod tests;
