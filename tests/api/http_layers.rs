//! What stands around every handler: request ids, problems, panics, time, load, rates, headers, browsers, stopping.

use std::time::Duration;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, rt};
use mend::config::Config;
use mend::database::Clock;

use crate::harness::ground::Ground;
use crate::harness::*;

async fn panic_now() -> HttpResponse {
    panic!("private words")
}

/// Handlers that no product has.
fn mishaps(config: &mut ServiceConfig) {
    config
        .route("/test/panic", web::get().to(panic_now))
        .route("/test/panic-later", web::get().to(panic_later))
        .route("/test/slow", web::get().to(slow));
}

async fn panic_later() -> HttpResponse {
    rt::time::sleep(Duration::from_millis(10)).await;
    panic!("private words")
}

async fn slow() -> HttpResponse {
    rt::time::sleep(Duration::from_millis(1500)).await;
    HttpResponse::Ok().finish()
}

fn node(change: impl Fn(&mut Config)) -> (Ground, Node) {
    let ground = Ground::prepared(Engine::Sqlite);
    let mut config = ground.config(0);
    change(&mut config);
    let node = Node::start_beside(config, Clock::system(), mishaps);
    (ground, node)
}

fn get(node: &Node, path: &str) -> Heard {
    let ask = format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
    Socket::to(&node.base).send(ask).hear().expect("an answer")
}

#[test]
fn a_panic_is_a_problem_and_the_worker_lives() {
    let (_ground, node) = node(|config| config.server.workers = 1);
    let mut socket = Socket::to(&node.base);
    for path in ["/test/panic", "/test/panic-later", "/test/panic"] {
        socket.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\nX-Request-Id: mishap\r\n\r\n"));
        let heard = socket.hear().expect("an answer");
        assert_eq!((heard.status, heard.code().as_str()), (500, "internal"));
        assert_eq!(heard.header("x-request-id"), Some("mishap"));
        assert_eq!(heard.header("cache-control"), Some("no-store"));
        assert!(heard.body.contains("\"request_id\":\"mishap\"") && !heard.body.contains("private words"));
        socket = Socket::to(&node.base);
    }
    assert_eq!(get(&node, "/livez").status, 200);
}

#[test]
fn a_handler_that_takes_too_long_is_given_up() {
    let (_ground, node) = node(|config| config.limits.handler_seconds = 1);
    let heard = get(&node, "/test/slow");
    assert_eq!((heard.status, heard.code().as_str()), (503, "timed_out"));
    assert_eq!(get(&node, "/livez").status, 200);
}

#[test]
fn more_requests_than_there_are_places_for_are_refused_at_once() {
    let (_ground, node) = node(|config| config.limits.requests_in_flight = 1);
    let mut first = Socket::to(&node.base);
    first.send("GET /test/slow HTTP/1.1\r\nHost: a\r\n\r\n");
    let refused =
        eventually("the place to be taken", || Some(get(&node, "/version")).filter(|heard| heard.status == 503));
    assert_eq!(refused.code(), "overloaded");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(get(&node, "/livez").status, 200);
    assert_eq!(first.hear().expect("an answer").status, 200);
    assert_eq!(get(&node, "/version").status, 200);
}

#[test]
fn bodies_in_flight_have_a_budget() {
    let (_ground, node) = node(|config| {
        config.limits.body_bytes_in_flight = 12_000;
        config.limits.body_seconds = 2;
    });
    let half = |bytes: usize| {
        let head =
            "POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 8192\r\n\r\n";
        let mut socket = Socket::to(&node.base);
        socket.send(head).send("a".repeat(bytes));
        socket
    };
    let mut first = half(8000);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(half(8000).hear().expect("an answer").code(), "overloaded");
    assert_eq!(first.hear().expect("an answer").code(), "request_timeout");
    assert_eq!(half(8000).hear().expect("an answer").code(), "request_timeout");
}

#[test]
fn a_stop_lets_requests_in_flight_finish() {
    let (_ground, node) = node(|_| {});
    let mut first = Socket::to(&node.base);
    first.send("GET /test/slow HTTP/1.1\r\nHost: a\r\n\r\n");
    std::thread::sleep(Duration::from_millis(200));
    node.running.house.draining.begin();
    let ready = get(&node, "/readyz");
    assert_eq!((ready.status, ready.header("connection")), (503, Some("close")));
    let base = node.base.clone();
    node.running.stop();
    assert_eq!(first.hear().expect("the answer that was under way").status, 200);
    assert!(std::net::TcpStream::connect(base.strip_prefix("http://").unwrap()).is_err(), "still listening");
}

#[apply(on_both_databases)]
fn a_request_has_an_id(#[case] engine: Engine) {
    let world = World::start(engine);
    let ask = |id: &str| world.anonymous().request(Method::GET, "/v1/me").header("x-request-id", id).send();
    let answer = ask("app-7.2_b");
    assert_eq!(answer.header("x-request-id"), Some("app-7.2_b"));
    assert_eq!(answer.problem(401, "not_signed_in")["request_id"], "app-7.2_b");
    for id in ["two words", "", "a\tb", &"a".repeat(129), "<script>"] {
        let made = ask(id).header("x-request-id").unwrap().to_owned();
        assert!(made.len() == 36 && made != id, "{made}");
    }
}

#[apply(on_both_databases)]
fn paths_and_methods_are_told_apart(#[case] engine: Engine) {
    let world = World::start(engine);
    let anyone = world.anonymous();
    for path in ["/", "/v1", "/v2/tips", "/v1/tipps", "/v1/journal-entries/1/2/3/4"] {
        anyone.get(path).problem(404, "unknown_path");
    }
    let allowed = [
        ("/livez", "GET, HEAD"),
        ("/v1/journal-entries", "GET, HEAD, POST"),
        ("/v1/journal-entries/7", "GET, HEAD, PUT, PATCH, DELETE"),
        ("/v1/journal-entries/7/restore", "POST"),
        ("/v1/auth/login", "POST"),
        ("/v1/tips/walk-first", "GET, HEAD"),
    ];
    for (path, methods) in allowed {
        let answer = anyone.request("PURGE".parse().unwrap(), path).send();
        answer.problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(methods), "{path}");
    }
}

#[apply(on_both_databases)]
fn head_is_get_without_the_body(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for path in ["/livez", "/v1/me", "/v1/tips?limit=2", "/v1/journal-entries", "/no-such-path"] {
        let (get, head) = (asha.get(path), asha.request(Method::HEAD, path).send());
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
}

#[apply(on_both_databases)]
fn each_caller_has_a_rate_of_their_own(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.limits.requests_per_minute = 20);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let first = asha.get("/v1/me").expect(200);
    assert_eq!(first.header("ratelimit-policy"), Some("\"caller\";q=20;w=60"));
    let left =
        |answer: &Answer| answer.header("ratelimit").unwrap().split([';', '=']).nth(2).unwrap().parse::<u32>().unwrap();
    assert_eq!(left(&first), 19);
    let refused = (0..40).map(|_| asha.get("/v1/me")).find(|answer| answer.status != 200).expect("an end");
    refused.problem(429, "too_many_requests");
    assert_eq!(left(&refused), 0);
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    bela.get("/v1/me").expect(200);
    asha.get("/livez").expect(200);
    // A token that is none of ours buys no rate of its own: it counts for the address.
    let nobody = |token: &str| {
        let request = world.anonymous().request(Method::GET, "/v1/me");
        left(&request.header("authorization", &format!("Bearer {token}")).send())
    };
    let (one, other) = (nobody("one"), nobody("another"));
    assert!(other < one || other == 0, "{one} {other}");
}

#[apply(on_both_databases)]
fn browsers_are_told_what_not_to_do(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for answer in [asha.get("/v1/me"), asha.get("/v1/journal-entries"), asha.get("/nowhere")] {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
        for never in ["strict-transport-security", "server", "x-powered-by", "access-control-allow-origin"] {
            assert_eq!(answer.header(never), None, "{never}");
        }
    }
    let world = World::with(engine, |config| config.server.public_url = Some("https://mend.example.org".into()));
    assert!(world.anonymous().get("/livez").header("strict-transport-security").is_some());
}

#[apply(on_both_databases)]
fn only_listed_origins_may_read(#[case] engine: Engine) {
    let app = "https://app.example.org";
    let world = World::with(engine, |config| config.server.cors_origins = vec![app.into()]);
    let from = |origin: &str| world.anonymous().request(Method::GET, "/livez").header("origin", origin).send();
    assert_eq!(from(app).header("access-control-allow-origin"), Some(app));
    for other in ["https://evil.example", "https://app.example.org.evil.example", "http://app.example.org", "null"] {
        assert_eq!(from(other).header("access-control-allow-origin"), None, "{other}");
    }
    let preflight = |origin: &str| {
        let ask = world.anonymous().request(Method::OPTIONS, "/v1/journal-entries").header("origin", origin);
        let ask = ask.header("access-control-request-method", "POST");
        ask.header("access-control-request-headers", "authorization,idempotency-key,content-type").send()
    };
    let allowed = preflight(app).expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some(app));
    assert_eq!(allowed.header("access-control-allow-credentials"), None);
    assert_eq!(preflight("https://evil.example").header("access-control-allow-origin"), None);
}

#[test]
fn the_documentation_needs_no_network() {
    let world = World::start(Engine::Sqlite);
    let anyone = world.anonymous();
    assert_eq!(anyone.get("/docs").expect(308).header("location"), Some("/docs/"));
    let page = anyone.get("/docs/").expect(200);
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'; script-src 'self';"));
    let is_source = |part: &&str| matches!(part.rsplit_once('.'), Some((_, "js" | "css")));
    let sources: Vec<_> = page.text.split(['"', '\'']).filter(is_source).collect();
    assert!(sources.len() >= 4, "{sources:?}");
    for source in sources {
        assert!(!source.contains("//"), "{source} is elsewhere");
        anyone.get(&format!("/docs/{}", source.trim_start_matches("./"))).expect(200);
    }
    let start = anyone.get("/docs/swagger-initializer.js").expect(200).text;
    assert!(start.contains("../openapi.json"), "{start}");
    anyone.get("/docs/no-such-file").expect(404);
    assert_eq!(anyone.get("/openapi.json").expect(200).json(), crate::harness::document::DOCUMENT.root);
}

#[test]
fn metrics_have_a_listener_of_their_own() {
    let (_ground, node) = node(|config| config.metrics.listen = Some("127.0.0.1:0".parse().unwrap()));
    assert_eq!(get(&node, "/v1/tips/private-words").status, 401);
    assert_eq!(get(&node, "/metrics").status, 404);
    let address = node.running.metrics_address.expect("metrics");
    let ask = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
    let metrics = Socket::to(&format!("http://{address}")).send(ask).hear().expect("metrics");
    assert!(metrics.body.contains("route=\"/v1/tips/{key}\""), "{}", metrics.body);
    assert!(!metrics.body.contains("private-words"));
}
