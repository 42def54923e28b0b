//! A node that is started while its PostgreSQL is down: it gives help at once, and everything once the server is there.

use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::counts::say;
use crate::harness::{Actor, Method, Value, eventually, json, postgres};
use crate::journal::LISTS;
use crate::node::Service;
use crate::server::{Server, Stop};

const CONTACTS: &str = "/v1/help-contacts";
/// Nobody goes on asking for longer, should the story fail.
const PATIENCE: Duration = Duration::from_mins(1);

fn slugs(contacts: &[Value]) -> Vec<Value> {
    contacts.iter().map(|contact| contact["slug"].clone()).collect()
}

/// What the directory promises, held against a node without a database; the cursor to its second page.
fn gives_help(anyone: &Actor) -> String {
    let first = anyone.get(CONTACTS).expect(200);
    assert_eq!(first.header("cache-control"), Some("public, max-age=60"));
    assert_eq!(first.header("connection"), Some("close"), "nobody stays with the server that is about to go");
    assert!(
        first.header("x-request-id").is_some() && first.header("ratelimit").is_some() && first.header("link").is_some()
    );
    let again = anyone.request(Method::GET, CONTACTS).header("if-none-match", &first.etag()).send();
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    assert_eq!(anyone.head(CONTACTS).expect(200).text, "");
    let british = anyone.lists(&format!("{CONTACTS}?country=GB&topic=crisis"));
    assert!(!british.is_empty() && british.len() < anyone.lists(CONTACTS).len());
    let path = format!("{CONTACTS}/emergency-112");
    assert!(anyone.reads(&path)["lines"].as_array().is_some_and(|lines| !lines.is_empty()));
    assert_eq!(anyone.get(&format!("{path}?lang=de")).expect(200).header("content-language"), Some("de"));
    // A token cannot be looked at, and keeps nobody out.
    anyone.request(Method::GET, &path).header("authorization", "Bearer of-nobody").send().expect(200);
    anyone.get(&format!("{CONTACTS}?country=gb")).fault(400, "?country", "wrong_value");
    anyone.get(&format!("{CONTACTS}/nobody-at-all")).problem(404, "not_found");
    anyone.get(&format!("{path}?revision=7")).problem(503, "unavailable");
    anyone.post(CONTACTS, &json!({})).problem(405, "method_not_allowed");
    anyone.reads(&format!("{CONTACTS}?limit=5"))["next_cursor"].as_str().expect("more than a page").to_owned()
}

/// That everything else says when to come back, and nothing is pretended.
fn refuses_the_rest(anyone: &Actor) {
    anyone.get("/livez").expect(200);
    for path in ["/readyz", "/version", "/v1/tips", "/v1/tips/one-breath", "/v1/search?q=a", "/v1/me", LISTS] {
        let answer = anyone.get(path);
        answer.problem(503, "unavailable");
        assert!(answer.header("retry-after").is_some(), "{answer}");
    }
    anyone
        .post("/v1/auth/login", &json!({"email": "a@example.org", "password": "of nobody"}))
        .problem(503, "unavailable");
}

#[test]
fn a_node_that_waits_for_its_database_gives_help_meanwhile() {
    let Some(server) = Server::start("database") else { return };
    server.run("CREATE DATABASE mend");
    server.run("CREATE DATABASE keys");
    let mut service = Service::new(&server.url("mend"), &server.url("keys"));
    let address = format!("127.0.0.1:{}", postgres::free_port());
    service.settings.push(("MEND_LISTEN", address.clone()));
    service.settings.push(("MEND_CATALOGUE_STARTER", "true".to_owned()));
    server.down(Stop::Fast);
    let begun = service.begin("a");
    eventually("the node to listen", || TcpStream::connect(&address).ok());
    let anyone = Actor::nobody(&format!("http://{address}"));
    let cursor = gives_help(&anyone);
    refuses_the_rest(&anyone);
    let before = slugs(&anyone.lists(CONTACTS));

    // People who ask without a pause, each time on a new connection: not one is refused or cut off.
    let (over, asked, begun_at) = (AtomicBool::new(false), AtomicU64::new(0), Instant::now());
    let node = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(Ordering::Acquire) && begun_at.elapsed() < PATIENCE {
                    anyone.get(CONTACTS).expect(200);
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        server.up();
        let node = begun.wait();
        assert!(node.is_ready());
        let after = asked.load(Ordering::Relaxed) + 40;
        eventually("people to go on asking", || (asked.load(Ordering::Relaxed) > after).then_some(()));
        over.store(true, Ordering::Release);
        node
    });
    assert_eq!(slugs(&anyone.lists(CONTACTS)), before);
    let page = anyone.reads(&format!("{CONTACTS}?limit=5&cursor={cursor}"));
    assert_eq!(slugs(page["items"].as_array().unwrap()), before[5..10], "a cursor from before goes on");
    let asha = node.sign_up("asha");
    asha.writes(LISTS, &json!({"title": "Mine"}));
    asha.get("/v1/tips").expect(200);
    let asked = asked.load(Ordering::Relaxed);
    say(&format!("start without a database: {asked} reads of the help directory while it came, each answered"));
}

#[test]
fn an_operator_without_the_starter_catalogue_gives_none_of_it() {
    let Some(server) = Server::start("database") else { return };
    let mut service = Service::new(&server.url("mend"), &server.url("keys"));
    let address = format!("127.0.0.1:{}", postgres::free_port());
    service.settings.push(("MEND_LISTEN", address.clone()));
    server.down(Stop::Fast);
    let _begun = service.begin("a");
    eventually("the node to listen", || TcpStream::connect(&address).ok());
    let anyone = Actor::nobody(&format!("http://{address}"));
    anyone.get("/livez").expect(200);
    anyone.get(CONTACTS).problem(503, "unavailable");
}
