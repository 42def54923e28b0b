//! Starting: before PostgreSQL does, without it, with a wrong address, and several nodes at once on an empty database.

use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::counts::say;
use crate::journal::LISTS;
use crate::node::{Begun, Node, Service};
use crate::proxy::Proxy;
use crate::server::{Server, Stop};

fn service() -> Option<(Server, Service)> {
    let server = Server::start("database")?;
    server.run("CREATE DATABASE mend");
    server.run("CREATE DATABASE keys");
    let service = Service::new(&server.url("mend"), &server.url("keys"));
    Some((server, service))
}

/// A start that is refused: how long it took, and what the operator reads.
fn refused(service: &Service) -> (Duration, String) {
    let begun = Instant::now();
    let Output { status, stderr, .. } = service.command("refused", &["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!status.success(), "{said}");
    (begun.elapsed(), said)
}

#[test]
fn a_node_that_starts_first_waits_for_its_database() {
    let Some((server, service)) = service() else { return };
    server.down(Stop::Fast);
    let node = std::thread::scope(|scope| {
        let server = &server;
        scope.spawn(move || {
            std::thread::sleep(Duration::from_secs(2));
            server.up();
        });
        // On this thread, since the node ends with the one that started it.
        service.start("a")
    });
    assert!(node.is_ready());
}

#[test]
fn a_node_without_a_database_says_so_and_gives_up() {
    let Some((server, mut service)) = service() else { return };
    server.down(Stop::Fast);
    service.settings.push(("MEND_DATABASE_START_SECONDS", "2".to_owned()));
    let (took, said) = refused(&service);
    assert!((2..20).contains(&took.as_secs()), "{took:?}");
    assert!(said.contains("cannot reach the PostgreSQL of the database URL"), "{said}");
    assert!(said.contains("waiting for PostgreSQL"), "{said}");
}

#[test]
fn a_node_starts_although_each_connection_takes_longer_than_a_request_would_wait() {
    let Some((server, mut service)) = service() else { return };
    let wire = Proxy::slow(server.port, Duration::from_secs(4));
    service.database = format!("postgres://mend@127.0.0.1:{}/mend", wire.port);
    assert!(service.start("a").is_ready());
}

#[test]
fn a_wrong_address_is_refused_at_once() {
    let Some((server, mut service)) = service() else { return };
    service.settings.push(("MEND_DATABASE_START_SECONDS", "600".to_owned()));
    service.database = server.url("no_such_database");
    let (_, said) = refused(&service);
    assert!(said.contains("\"no_such_database\" does not exist"), "{said}");
    assert!(!said.contains("waiting for PostgreSQL"), "{said}");
}

#[test]
fn nodes_that_start_at_once_on_nothing_set_it_up_together() {
    let Some((server, mut service)) = service() else { return };
    service.settings.push(("MEND_CATALOGUE_STARTER", "true".to_owned()));
    let names = ["a", "b", "c"];
    let nodes = names.map(|name| service.begin(name)).map(Begun::wait);
    assert!(nodes.iter().all(Node::is_ready));
    let count = |table: &str| server.number("mend", &format!("SELECT count(*) AS number FROM {table}"));
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres")).unwrap();
    assert_eq!(count("__diesel_schema_migrations"), i64::try_from(folder.count()).unwrap());
    let (items, once) =
        (count("catalogue_items"), count("(SELECT DISTINCT kind, slug, locale FROM catalogue_items) AS once"));
    assert!(items > 0 && items == once, "{items} items, {once} addresses");
    // One key ring and one keystore: what one seals the other opens.
    let asha = nodes[0].sign_up("asha");
    asha.writes(LISTS, &json!({"title": "Mine"}));
    assert_eq!(asha.at(&nodes[2].base).lists(LISTS)[0]["title"], "Mine");
    say(&format!("start: {} nodes at once on an empty database, {items} starter items, each once", names.len()));
}
