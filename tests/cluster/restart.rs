//! The server is restarted under load, in order and by a crash.

use std::time::Duration;

use crate::counts::{say, short_or};
use crate::harness::eventually;
use crate::journal::Journal;
use crate::node::Service;
use crate::server::{Server, Stop};

#[test]
fn a_restart_under_load_loses_nothing_and_heals() {
    let Some(server) = Server::start("database") else { return };
    server.run("CREATE DATABASE mend");
    server.run("CREATE DATABASE keys");
    let service = Service::new(&server.url("mend"), &server.url("keys"));
    let nodes = [service.start("a"), service.start("b")];
    let bases = [nodes[0].base.as_str(), nodes[1].base.as_str()];
    let people: Vec<_> = (0..4).map(|number| nodes[0].sign_up(&format!("person-{number}"))).collect();
    let rounds = short_or(2, 20);
    let pause = Duration::from_millis(short_or(700, 1500));
    let (journal, ()) = Journal::of(&bases, &people, short_or(16, 32), || {
        for round in 0..rounds {
            std::thread::sleep(pause);
            let stop = if round % 2 == 0 { Stop::Fast } else { Stop::Immediate };
            server.restart(stop);
        }
        std::thread::sleep(pause);
        server.down(Stop::Fast);
        for node in &nodes {
            eventually("a node to say that it is not ready", || (!node.is_ready()).then_some(()));
        }
        server.up();
        for node in &nodes {
            eventually("a node to be ready again", || node.is_ready().then_some(()));
        }
        std::thread::sleep(pause);
    });
    for base in bases {
        journal.hold(base, &people);
    }
    say(&format!("restart: {rounds} restarts (fast and immediate in turn) and one stop: {}", journal.counts()));
}
