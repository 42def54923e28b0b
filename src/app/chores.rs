//! What the service does beside answering: following the catalogue, sweeping out what has expired, measuring itself.
//! Holds always: each chore can run on every node at the same time, and one that fails is tried again later.

use std::time::Duration;

use super::House;
use crate::http::layers::Layers;
use crate::operations::machine::Gauges;
use crate::operations::metrics;
use crate::operations::sweeper::{Stores, Sweeper};

const MINUTE: Duration = Duration::from_mins(1);
/// Samples must not gather for longer than a scrape's usual pause.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts every chore on this thread's runtime.
pub(super) fn begin(house: &House, layers: &Layers) {
    let supervisor = &house.supervisor;
    let catalogue = house.catalogue.clone();
    supervisor.keep_running("catalogue", move || catalogue.clone().follow());
    let rates = layers.clone();
    supervisor.every("rate_limits", MINUTE, move || {
        rates.tidy();
        std::future::ready(())
    });
    let gauges = Gauges::of(&house.database, &house.config.data_dir);
    let layers = layers.clone();
    supervisor.every("metrics", UPKEEP, move || {
        metrics::upkeep();
        let (gauges, in_flight) = (gauges.clone(), layers.requests_in_flight());
        async move { gauges.read(in_flight).await }
    });
    let sweeper = Sweeper::new(Stores {
        database: house.database.clone(),
        keystore: house.keystore.clone(),
        records: house.records.clone(),
        catalogue: house.catalogue.clone(),
    });
    let pause = Duration::from_millis(house.config.sweeper.poll_milliseconds);
    supervisor.keep_running("sweeper", move || sweeper.clone().run(pause));
}
