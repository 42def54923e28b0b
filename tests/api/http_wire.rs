//! What badly behaved clients get, told over bare connections. None of it reaches a database, so one engine will do.

use std::time::{Duration, Instant};

use crate::harness::*;

const TENTH: Duration = Duration::from_millis(100);

fn world() -> World {
    World::with(Engine::Sqlite, |config| {
        config.limits.header_seconds = 1;
        config.limits.body_seconds = 1;
    })
}

fn base(world: &World) -> &str {
    &world.node(0).base
}

#[test]
fn a_header_that_drips_in_is_cut_off_and_nobody_waits_for_it() {
    let world = world();
    let mut slow: Vec<_> = (0..20).map(|_| Socket::to(base(&world))).collect();
    for socket in &mut slow {
        socket.send("GET /livez HTTP/1.1\r\n");
    }
    let begun = Instant::now();
    world.anonymous().get("/livez").expect(200);
    assert!(begun.elapsed() < Duration::from_millis(500), "others waited {:?}", begun.elapsed());
    let mut last = slow.pop().unwrap();
    last.drip("X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaa", TENTH);
    let heard = last.hear().expect("an answer");
    assert_eq!(heard.status, 408);
    assert!(last.is_closed());
}

#[test]
fn a_body_that_drips_in_is_cut_off() {
    let world = world();
    let mut socket = Socket::to(base(&world));
    socket.send(
        "POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n",
    );
    let begun = Instant::now();
    socket.drip("{\"email\": \"a@b.c\"", TENTH);
    let heard = socket.hear().expect("an answer");
    assert_eq!((heard.status, heard.code().as_str()), (408, "request_timeout"));
    assert!(begun.elapsed() < Duration::from_secs(4), "cut off only after {:?}", begun.elapsed());
    assert!(socket.is_closed());
}

#[test]
fn a_body_larger_than_it_said_or_said_larger_is_refused() {
    let world = world();
    let login = "POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    let mut said = Socket::to(base(&world));
    said.send(format!("{login}Content-Length: 8193\r\n\r\n"));
    assert_eq!(said.hear().expect("an answer").code(), "body_too_large");
    let mut chunked = Socket::to(base(&world));
    chunked.send(format!("{login}Transfer-Encoding: chunked\r\n\r\n"));
    for _ in 0..9 {
        chunked.send(format!("400\r\n{}\r\n", "a".repeat(1024)));
    }
    assert_eq!(chunked.hear().expect("an answer").code(), "body_too_large");
    world.anonymous().get("/livez").expect(200);
}

#[test]
fn a_head_beyond_its_bounds_is_refused() {
    let world = world();
    let ask = |head: String| Socket::to(base(&world)).send(head).hear().expect("an answer");
    let large = ask(format!("GET /livez HTTP/1.1\r\nHost: a\r\nX-Large: {}\r\n\r\n", "a".repeat(20_000)));
    assert_eq!((large.status, large.code().as_str()), (431, "headers_too_large"));
    let vast = ask(format!("GET /livez HTTP/1.1\r\nHost: a\r\nX-Vast: {}\r\n\r\n", "a".repeat(200_000)));
    assert_eq!(vast.status, 431);
    let long = ask(format!("GET /v1/tips?{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(4_096)));
    assert_eq!((long.status, long.code().as_str()), (414, "uri_too_long"));
    assert_eq!(ask("GET /livez HTTP/1.1\r\nno colon\r\n\r\n".into()).status, 400);
    assert_eq!(ask("Guten Tag\r\n\r\n".into()).status, 400);
}

#[test]
fn a_compressed_body_is_refused_unread() {
    let world = world();
    let mut socket = Socket::to(base(&world));
    socket.send("POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 5000\r\n\r\n");
    let heard = socket.hear().expect("an answer");
    assert_eq!((heard.status, heard.code().as_str()), (415, "unsupported_encoding"));
    assert_eq!(heard.header("accept-encoding"), Some("identity"));
}

#[test]
fn several_requests_on_one_connection_are_answered_in_order() {
    let world = world();
    let mut socket = Socket::to(base(&world));
    let ask = |id: &str| format!("GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: {id}\r\n\r\n");
    socket.send(format!("{}{}{}", ask("one"), ask("two"), ask("three")));
    for id in ["one", "two", "three"] {
        assert_eq!(socket.hear().expect("an answer").header("x-request-id"), Some(id));
    }
}
