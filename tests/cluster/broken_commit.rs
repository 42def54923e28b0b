//! The connection breaks around a COMMIT: nobody knows whether it happened, until the same request is sent again.

use std::time::Instant;

use serde_json::{Value, json};

use crate::counts::{say, short_or};
use crate::harness::{Actor, Answer, Method};
use crate::journal::{LISTS, LONGEST_ANSWER};
use crate::node::{Node, Service};
use crate::proxy::{Fault, Proxy};
use crate::server::Server;

/// A node whose way to its database can be broken; the keystore has a way of its own.
struct Ground {
    _server: Server,
    proxy: Proxy,
    _node: Node,
    asha: Actor,
}

impl Ground {
    fn start() -> Option<Self> {
        let server = Server::start("database")?;
        server.run("CREATE DATABASE mend");
        server.run("CREATE DATABASE keys");
        let proxy = Proxy::to(server.port);
        let through = format!("postgres://mend@127.0.0.1:{}/mend", proxy.port);
        let node = Service::new(&through, &server.url("keys")).start("a");
        let asha = node.sign_up("asha");
        asha.writes(LISTS, &json!({"title": "Before"}));
        Some(Self { _server: server, proxy, _node: node, asha })
    }

    /// The titles that begin with this word.
    fn titled(&self, word: &str) -> Vec<Value> {
        let lists = self.asha.lists(&format!("{LISTS}?limit=100"));
        lists.into_iter().filter(|list| list["title"].as_str().unwrap().starts_with(word)).collect()
    }

    /// Creates a list while the wire breaks like that; holds the answer to a prompt 503.
    fn creates_over_a_broken_wire(&self, fault: Fault, title: &str, key: Option<&str>) -> Answer {
        let cuts = self.proxy.cuts();
        self.proxy.breaks(fault);
        let asked = Instant::now();
        let answer = self.creates(title, key);
        assert_eq!(self.proxy.cuts(), cuts + 1, "the wire was not cut: {answer}");
        assert!(asked.elapsed() < LONGEST_ANSWER, "{:?}", asked.elapsed());
        assert!(answer.header("retry-after").is_some(), "{answer}");
        answer
    }

    fn creates(&self, title: &str, key: Option<&str>) -> Answer {
        let request = self.asha.request(Method::POST, LISTS).json(&json!({"title": title}));
        match key {
            Some(key) => request.header("idempotency-key", key).send(),
            None => request.send(),
        }
    }
}

#[test]
fn a_retry_with_the_same_key_settles_a_broken_commit() {
    let Some(ground) = Ground::start() else { return };
    let rounds = short_or(5, 200);
    for round in 0..rounds {
        for (fault, happened) in [(Fault::AfterCommit, true), (Fault::BeforeCommit, false)] {
            let title = format!("{fault:?} {round}");
            let key = format!("{fault:?}-{round}");
            ground.creates_over_a_broken_wire(fault, &title, Some(&key)).problem(503, "outcome_unknown");
            let settled = ground.creates(&title, Some(&key)).expect(201);
            assert_eq!(settled.header("idempotency-replayed").is_some(), happened, "{fault:?}: {settled}");
            let again = ground.creates(&title, Some(&key)).expect(201);
            assert_eq!(again.text, settled.text);
        }
    }
    for fault in [Fault::AfterCommit, Fault::BeforeCommit] {
        assert_eq!(ground.titled(&format!("{fault:?}")).len(), rounds, "one effect each");
    }
    say(&format!(
        "broken commit: {} commits cut off ({rounds} after, {rounds} before the server had them), each 503 outcome_unknown, \
         each with one effect after a retry",
        rounds * 2
    ));
}

#[test]
fn without_a_key_the_list_tells_what_happened() {
    let Some(ground) = Ground::start() else { return };
    for (fault, stored) in [(Fault::AfterCommit, 1), (Fault::BeforeCommit, 0)] {
        let title = format!("{fault:?}");
        ground.creates_over_a_broken_wire(fault, &title, None).problem(503, "outcome_unknown");
        assert_eq!(ground.titled(&title).len(), stored, "{fault:?}");
    }
}

#[test]
fn a_wire_cut_inside_a_transaction_leaves_nothing() {
    let Some(ground) = Ground::start() else { return };
    ground.creates_over_a_broken_wire(Fault::InTransaction, "Half", Some("half")).problem(503, "unavailable");
    assert_eq!(ground.titled("Half"), Vec::<Value>::new());
    ground.creates("Half", Some("half")).expect(201);
    assert_eq!(ground.titled("Half").len(), 1);
}
