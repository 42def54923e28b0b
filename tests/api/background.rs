//! What happens in the background when things go wrong: two nodes at once, a node that died, clocks that jump, a sweep that
//! fails, a task that panics.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::prelude::*;
use mend::database::Id;
use mend::database::schema::{records, sweeps};

use crate::harness::ground::Ground;
use crate::harness::*;
use crate::sweeper::{after_sweep, eager, fills_the_trash, finds, pass, runs, swept_at};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// Gives a task to a node that is not here, for so many seconds of the clock that all nodes share.
fn held_elsewhere(world: &World, task: &str, seconds: i64) {
    let (holder, now) = match world.ground.engine {
        Engine::Sqlite => ("x'00000000000000000000000000000001'", world.clock.now().as_micros().to_string()),
        Engine::Postgres => {
            let now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint".to_owned();
            ("'00000000-0000-0000-0000-000000000001'", now)
        }
    };
    let held = format!("holder = {holder}, held_until = {now} + {seconds}000000");
    runs(world, &format!("UPDATE sweeps SET {held} WHERE task = '{task}'"));
}

#[apply(on_both_databases)]
fn a_node_that_died_loses_its_lease_after_its_time_and_not_before(#[case] engine: Engine) {
    let world = eager(engine);
    let asha = world.sign_up("asha");
    fills_the_trash(&asha);
    pass(&world, HOUR);
    held_elsewhere(&world, "trash", 3);
    let before = swept_at(&world, "trash");
    world.clock.advance(DAY * 31);
    if world.ground.engine == Engine::Sqlite {
        // There the lease is measured by this node's clock, so it must be given anew.
        held_elsewhere(&world, "trash", 3);
    }
    after_sweep(&world, "sessions");
    assert_eq!(swept_at(&world, "trash"), before, "another node holds it");
    if world.ground.engine == Engine::Sqlite {
        world.clock.advance(Duration::from_secs(4));
    }
    after_sweep(&world, "trash");
    asha.signs_in();
    assert!(asha.lists("/v1/trash").is_empty());
}

#[apply(on_both_databases)]
fn a_lease_far_in_the_future_stops_nobody(#[case] engine: Engine) {
    let world = eager(engine);
    pass(&world, HOUR);
    held_elsewhere(&world, "trash", 365 * 24 * 60 * 60);
    pass(&world, HOUR);
}

#[apply(on_both_databases)]
fn two_nodes_sweep_everything_once(#[case] engine: Engine) {
    let ground = Ground::prepared(engine);
    let nodes = if ground.engine == Engine::Postgres { 2 } else { 1 };
    let world = World::on(ground, nodes, |config| config.sweeper.poll_milliseconds = 5);
    let asha = world.sign_up("asha");
    for _ in 0..6 {
        fills_the_trash(&asha);
    }
    world.clock.advance(DAY * 31);
    let mut holders = BTreeSet::new();
    let now = world.clock.now().as_micros();
    eventually("the sweep", || {
        let row: Option<(Option<Id>, Option<i64>)> = finds(&world, |conn| {
            sweeps::table.find("trash").select((sweeps::holder, sweeps::swept_at)).first(conn).optional()
        });
        let (holder, swept_at) = row.unwrap_or_default();
        holders.extend(holder);
        (swept_at == Some(now)).then_some(())
    });
    assert!(holders.len() <= 1, "one node at a time, and one sweep: {holders:?}");
    // A record that was purged twice would have another version.
    let versions: Vec<i64> = finds(&world, |conn| {
        records::table.filter(records::purged_at.is_not_null()).select(records::version).load(conn)
    });
    assert_eq!(versions.len(), 12);
    assert!(versions.iter().all(|version| [3, 4].contains(version)), "{versions:?}");
}

#[apply(on_both_databases)]
fn a_clock_that_jumps_forward_and_back_sweeps_nothing(#[case] engine: Engine) {
    let world = eager(engine);
    let asha = world.sign_up("asha");
    let [list, _] = fills_the_trash(&asha);
    pass(&world, HOUR);
    let right = world.clock.now();
    world.clock.set(right.plus(DAY * 365));
    // Long enough for some rounds; for hours on end the answer stays the same.
    for _ in 0..20 {
        world.clock.advance(HOUR);
        std::thread::sleep(Duration::from_millis(15));
    }
    world.clock.set(right.plus(HOUR * 20));
    // The lease was not left in the future either: the next sweep comes at once.
    pass(&world, HOUR);
    asha.signs_in();
    assert_eq!(asha.lists("/v1/trash").len(), 1);
    asha.restores(&list);

    world.clock.set(right.minus(DAY * 365));
    pass(&world, HOUR);
}

#[apply(on_both_databases)]
fn a_sweep_that_fails_is_tried_again_later(#[case] engine: Engine) {
    let world = eager(engine);
    pass(&world, HOUR);
    runs(&world, "ALTER TABLE idempotency_keys RENAME TO elsewhere");
    let before = swept_at(&world, "idempotency_keys");
    world.clock.advance(HOUR);
    after_sweep(&world, "attempt_counters");
    assert_eq!(swept_at(&world, "idempotency_keys"), before);
    runs(&world, "ALTER TABLE elsewhere RENAME TO idempotency_keys");
    world.clock.advance(Duration::from_mins(1));
    after_sweep(&world, "idempotency_keys");
}

#[apply(on_both_databases)]
fn a_panic_in_a_background_task_takes_nothing_with_it(#[case] engine: Engine) {
    let world = eager(engine);
    let asha = world.sign_up("asha");
    let supervisor = world.node(0).running.house.supervisor.clone();
    let tasks = supervisor.names();
    assert!(["catalogue", "metrics", "rate_limits", "sweeper"].iter().all(|task| tasks.contains(task)), "{tasks:?}");
    for task in &tasks {
        supervisor.stumble(task);
    }
    for task in &tasks {
        eventually("the task's end", || (supervisor.restarts(task) == 1).then_some(()));
        asha.get("/v1/me").expect(200);
        asha.writes("/v1/boundary-lists", &json!({"title": "Calls"}));
    }
    world.anonymous().get("/readyz").expect(200);
    // Each works again: the sweeper sweeps, and a second stumble is noticed too.
    pass(&world, HOUR);
    for task in &tasks {
        supervisor.stumble(task);
        eventually("the task's second end", || (supervisor.restarts(task) == 2).then_some(()));
    }
}
