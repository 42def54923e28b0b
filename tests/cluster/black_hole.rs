//! Packets to and from PostgreSQL vanish, and nobody is told: no reset, no end of a connection. The server lives in a network
//! of its own on this machine (`ip netns`), which only root can make.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::counts::{say, short_or};
use crate::harness::{eventually, scratch};
use crate::journal::Journal;
use crate::node::{Node, Service};
use crate::server::Server;

/// A network with one host in it, joined to this machine by a wire.
struct Network {
    name: String,
    /// This machine's end of the wire, and the other one.
    ends: [String; 2],
    _end: Child,
}

impl Network {
    /// None where that is not possible here.
    fn new() -> Option<Self> {
        let process = std::process::id();
        let name = format!("mend{process}");
        // Addresses set aside for tests of networks (RFC 2544).
        let ends = [1, 2].map(|end| format!("198.18.{}.{end}", process % 256));
        if !ip(&["netns", "add", &name]) {
            return None;
        }
        let last = ["ip", "netns", "del", &name].map(str::to_owned);
        let end = scratch::afterwards(&scratch::temporary_folder(), &last).expect("a shell that removes the network");
        let (here, there) = (format!("mh{process}"), format!("mn{process}"));
        let joined = ip(&["link", "add", &here, "type", "veth", "peer", "name", &there, "netns", &name])
            && ip(&["addr", "add", &format!("{}/30", ends[0]), "dev", &here])
            && ip(&["link", "set", &here, "up"])
            && ip(&["-n", &name, "addr", "add", &format!("{}/30", ends[1]), "dev", &there])
            && ip(&["-n", &name, "link", "set", &there, "up"]);
        joined.then_some(Self { name, ends, _end: end })
    }

    /// From now on what the server sends goes nowhere.
    fn swallows(&self) {
        assert!(ip(&["-n", &self.name, "route", "add", "blackhole", &self.ends[0]]));
    }

    fn delivers(&self) {
        assert!(ip(&["-n", &self.name, "route", "del", "blackhole", &self.ends[0]]));
    }
}

fn ip(words: &[&str]) -> bool {
    Command::new("ip").args(words).output().is_ok_and(|done| done.status.success())
}

/// How long the node takes to say that it is not ready; none when it says that it is.
fn not_ready_after(node: &Node) -> Option<Duration> {
    let asked = Instant::now();
    (!node.is_ready()).then(|| asked.elapsed())
}

#[test]
fn a_silent_network_is_noticed_and_left_behind() {
    let Some(network) = Network::new() else {
        say("black hole: skipped, since no network of its own can be made here (needs root and iproute2)");
        return;
    };
    let entrance = ["ip", "netns", "exec", &network.name].map(str::to_owned);
    let Some(server) = Server::start_at("far", &network.ends[1], &entrance) else { return };
    server.run("CREATE DATABASE mend");
    server.run("CREATE DATABASE keys");
    let mut service = Service::new(&server.url("mend"), &server.url("keys"));
    service.settings.push(("MEND_DATABASE_ALLOW_INSECURE_POSTGRES", "true".to_owned()));
    let node = service.start("a");
    let people = [node.sign_up("asha"), node.sign_up("bela")];
    let calm = Duration::from_secs(short_or(1, 5));
    let (journal, (noticed, healed)) = Journal::of(&[&node.base], &people, 8, || {
        std::thread::sleep(calm);
        network.swallows();
        let vanished = Instant::now();
        let prompt = |took: Duration| took < Duration::from_secs(1);
        // Until the dead connections are given up, answers take as long as a handler may.
        let noticed = std::iter::from_fn(|| Some(not_ready_after(&node)))
            .take_while(|_| vanished.elapsed() < Duration::from_secs(40))
            .find(|took| took.is_some_and(prompt))
            .map(|_| vanished.elapsed())
            .expect("the node to notice that nobody is there");
        std::thread::sleep(calm);
        network.delivers();
        let delivered = Instant::now();
        eventually("the node to be ready again", || node.is_ready().then_some(()));
        (noticed, delivered.elapsed())
    });
    journal.hold(&node.base, &people);
    say(&format!(
        "black hole: every packet of the server lost: noticed after {:.1} s, healed {:.1} s after packets flowed: {}",
        noticed.as_secs_f64(),
        healed.as_secs_f64(),
        journal.counts()
    ));
}
