//! The primary dies under load and its synchronous standby takes over.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::counts::{say, short_or};
use crate::harness::{Method, eventually};
use crate::journal::{Journal, LISTS};
use crate::node::Service;
use crate::server::{Server, Stop};

/// Both servers in one URL, the way libpq wants it.
fn either(one: &Server, other: &Server, database: &str) -> String {
    format!(
        "postgres://mend@127.0.0.1:{},127.0.0.1:{}/{database}?target_session_attrs=read-write",
        one.port, other.port
    )
}

#[test]
fn a_killed_primary_loses_nothing_that_was_acknowledged() {
    let Some(primary) = Server::start("primary") else { return };
    for database in ["mend", "keys"] {
        primary.run(&format!("CREATE DATABASE {database}"));
    }
    let standby = primary.with_synchronous_standby();
    let service = Service::new(&either(&primary, &standby, "mend"), &either(&primary, &standby, "keys"));
    let nodes = [service.start("a"), service.start("b")];
    let bases = [nodes[0].base.as_str(), nodes[1].base.as_str()];
    let people: Vec<_> = (0..4).map(|number| nodes[0].sign_up(&format!("person-{number}"))).collect();
    let calm = Duration::from_secs(short_or(2, 8));
    let (journal, promoted_after) = Journal::of(&bases, &people, 32, || {
        std::thread::sleep(calm);
        primary.kill();
        let killed = Instant::now();
        for node in &nodes {
            eventually("a node to say that it is not ready", || (!node.is_ready()).then_some(()));
        }
        standby.promote();
        let promoted_after = killed.elapsed();
        for node in &nodes {
            eventually("a node to be ready again", || node.is_ready().then_some(()));
        }
        std::thread::sleep(calm);
        promoted_after
    });
    for base in bases {
        journal.hold(base, &people);
    }
    // The keystore was in the same cluster: a key made after the failover is of the new primary.
    nodes[1].sign_up("somebody-new").writes(LISTS, &json!({"title": "After it"}));
    say(&format!(
        "failover: primary killed under 32 writers on two nodes, database and keystore in one cluster, standby promoted \
         {:.1} s later: {}",
        promoted_after.as_secs_f64(),
        journal.counts()
    ));
}

#[test]
fn nothing_is_acknowledged_while_the_standby_is_gone() {
    let Some(primary) = Server::start("primary") else { return };
    for database in ["mend", "keys"] {
        primary.run(&format!("CREATE DATABASE {database}"));
    }
    let mut service = Service::new(&primary.url("mend"), &primary.url("keys"));
    // Longer than any time limit of a statement, so that one which ended the wait would show.
    service.settings.push(("MEND_LIMITS_HANDLER_SECONDS", "20".to_owned()));
    let node = service.start("a");
    let asha = node.sign_up("asha");
    asha.writes(LISTS, &json!({"title": "Before"}));
    let standby = primary.with_synchronous_standby();
    standby.down(Stop::Fast);
    let create = || {
        let request = asha.request(Method::POST, LISTS).header("idempotency-key", "waits-for-its-standby");
        request.json(&json!({"title": "Meanwhile"})).send()
    };
    let asked = Instant::now();
    create().problem(503, "timed_out");
    let waited = asked.elapsed();
    assert_eq!(asha.lists(LISTS).len(), 1, "reads go on, and what is not replicated is not shown");
    standby.up();
    primary.wait_for_the_standby();
    let settled = eventually("the write to be settled", || Some(create()).filter(|answer| answer.status == 201));
    assert_eq!(settled.header("idempotency-replayed"), Some("true"));
    assert_eq!(asha.lists(LISTS).len(), 2);
    say(&format!(
        "standby gone: a write waited {:.0} s unacknowledged, and was kept when it was back",
        waited.as_secs_f64()
    ));
}

#[test]
fn a_server_that_turns_read_only_is_left_and_found_again() {
    let Some(server) = Server::start("database") else { return };
    for database in ["mend", "keys"] {
        server.run(&format!("CREATE DATABASE {database}"));
    }
    let node = Service::new(&server.url("mend"), &server.url("keys")).start("a");
    let asha = node.sign_up("asha");
    asha.writes(LISTS, &json!({"title": "Before"}));
    let read_only = |on: &str| {
        server.run(&format!("ALTER SYSTEM SET default_transaction_read_only = {on}"));
        server.run("SELECT pg_reload_conf()");
    };
    read_only("on");
    let create = || asha.post(LISTS, &json!({"title": "Meanwhile"}));
    let refused = eventually("the server to refuse writes", || Some(create()).filter(|answer| answer.status != 201));
    refused.problem(503, "unavailable");
    create().problem(503, "unavailable");
    assert!(!node.is_ready());
    read_only("off");
    eventually("writes to be taken again", || (create().status == 201).then_some(()));
    assert!(node.is_ready());
}
