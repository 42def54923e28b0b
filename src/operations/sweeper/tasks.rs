//! The tasks: what expires or is due, how often it is looked for, and what one batch of it does.
//! Holds always: a batch takes a bounded number of rows in one transaction, or one record's whole tree where that is more.

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::QueryResult;

use super::lease::State;
use super::{Stopped, Swept, Task, Turn};
use crate::auth::{sessions, throttle};
use crate::catalogue::media;
use crate::catalogue::workflow::schedule;
use crate::database::{Connection, Timestamp};
use crate::http::idempotency;
use crate::resources::submissions;

const HOUR: Duration = Duration::from_hours(1);
/// Rows of one batch.
const ROWS: i64 = 200;

/// Everything that is swept.
pub const TASKS: &[Task] = &[
    Task { name: "trash", pause: HOUR, waiting: None, batch: |turn| Box::pin(trash(turn)) },
    Task {
        name: "idempotency_keys",
        pause: HOUR,
        waiting: None,
        batch: |turn| Box::pin(delete(turn, idempotency::sweep)),
    },
    Task { name: "sessions", pause: HOUR, waiting: None, batch: |turn| Box::pin(delete(turn, sessions::sweep)) },
    Task {
        name: "attempt_counters",
        pause: HOUR,
        waiting: None,
        batch: |turn| Box::pin(delete(turn, throttle::sweep)),
    },
    Task { name: "data_keys", pause: HOUR.saturating_mul(6), waiting: None, batch: |turn| Box::pin(data_keys(turn)) },
    Task { name: "submissions", pause: HOUR, waiting: None, batch: |turn| Box::pin(forget_submissions(turn)) },
    Task {
        name: "media_files",
        pause: HOUR.saturating_mul(6),
        waiting: None,
        batch: |turn| Box::pin(media_files(turn)),
    },
    Task {
        name: "catalogue_schedule",
        pause: Duration::from_secs(1),
        waiting: Some(schedule::is_waiting),
        batch: |turn| Box::pin(catalogue_schedule(turn)),
    },
];

/// Deletes what has expired by `now`, at most so many rows; says how many.
type Delete = fn(&mut Connection, Timestamp, i64) -> QueryResult<usize>;

async fn delete(turn: Turn, delete: Delete) -> Result<Swept, Stopped> {
    let now = turn.now;
    let rows = turn.write(move |conn| Ok(delete(conn, now, ROWS)?)).await?;
    Ok(swept(rows))
}

async fn trash(turn: Turn) -> Result<Swept, Stopped> {
    let (records, now) = (turn.stores.records.clone(), turn.now);
    let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let rows = turn.write(move |conn| records.sweep_trash(conn, now, most)).await?;
    Ok(swept(rows))
}

async fn catalogue_schedule(turn: Turn) -> Result<Swept, Stopped> {
    let (catalogue, now) = (turn.stores.catalogue.clone(), turn.now);
    let kinds = catalogue.kinds().clone();
    let rows = turn.write(move |conn| schedule::turn(conn, &kinds, now, ROWS)).await?;
    catalogue.refresh_soon().await;
    Ok(swept(rows))
}

async fn forget_submissions(turn: Turn) -> Result<Swept, Stopped> {
    let (catalogue, now) = (turn.stores.catalogue.clone(), turn.now);
    let kinds = catalogue.kinds().clone();
    let rows = turn.write(move |conn| submissions::sweep(conn, &kinds, now, ROWS)).await?;
    if rows > 0 {
        catalogue.refresh_soon().await;
    }
    Ok(swept(rows))
}

async fn media_files(turn: Turn) -> Result<Swept, Stopped> {
    let (kinds, now) = (turn.stores.catalogue.kinds().clone(), turn.now);
    let rows = turn.write(move |conn| Ok(media::sweep(conn, &kinds, now, ROWS)?)).await?;
    Ok(swept(rows))
}

async fn data_keys(turn: Turn) -> Result<Swept, Stopped> {
    turn.orphans.lock().await.sweep_page(&turn).await
}

fn swept(rows: usize) -> Swept {
    Swept { rows, more: i64::try_from(rows).unwrap_or(i64::MAX) >= ROWS }
}

/// Tells the metrics when each task was last done, by whichever node.
pub(super) fn report(states: &BTreeMap<String, State>) {
    for task in TASKS {
        let swept_at = states.get(task.name).and_then(|state| state.swept_at);
        let seconds = swept_at.map_or(0.0, Timestamp::as_seconds);
        metrics::gauge!("mend_sweep_last_success_timestamp_seconds", "task" => task.name).set(seconds);
    }
}
