//! The primary dies under load and its synchronous standby takes over.

use std::time::{Duration, Instant};

use crate::counts::{say, short_or};
use crate::harness::eventually;
use crate::journal::Journal;
use crate::node::Service;
use crate::server::Server;

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
    nodes[1].sign_up("somebody-new").writes("/v1/boundary-lists", &serde_json::json!({"title": "After it"}));
    say(&format!(
        "failover: primary killed under 32 writers on two nodes, database and keystore in one cluster, standby promoted \
         {:.1} s later: {}",
        promoted_after.as_secs_f64(),
        journal.counts()
    ));
}
