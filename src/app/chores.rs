//! What the service does beside answering: following the catalogue and sweeping out what has expired.
//! Holds always: each chore can run on every node at the same time, and one that fails is tried again later.

use std::time::Duration;

use super::House;
use crate::http::Problem;
use crate::http::layers::Layers;
use crate::operations::{metrics, supervisor};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
/// Samples must not gather for longer than a scrape's usual pause.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts every chore on this thread's runtime.
pub(super) fn begin(house: &House, layers: &Layers) {
    let catalogue = house.catalogue.clone();
    supervisor::keep_running("catalogue", move || catalogue.clone().follow());
    let layers = layers.clone();
    supervisor::every("rate_limits", MINUTE, move || {
        layers.tidy();
        std::future::ready(())
    });
    supervisor::every("metrics", UPKEEP, || {
        metrics::upkeep();
        std::future::ready(())
    });
    let auth = house.auth.clone();
    supervisor::every("accounts", HOUR, move || {
        let auth = auth.clone();
        async move {
            if let Err(failure) = auth.sweep().await {
                tracing::warn!(%failure, "expired sessions and counters stay for another hour");
            }
        }
    });
    let (database, idempotency) = (house.database.clone(), house.idempotency.clone());
    supervisor::every("idempotency_keys", HOUR, move || {
        let (database, idempotency) = (database.clone(), idempotency.clone());
        async move {
            let swept = database.write(move |connection| idempotency.sweep(connection).map_err(Problem::from)).await;
            if let Err(problem) = swept {
                tracing::warn!(%problem, "expired idempotency keys stay for another hour");
            }
        }
    });
}
