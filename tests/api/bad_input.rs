//! Bad input: each kind gets its problem with a code and a pointer, and nothing of it is stored.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::harness::examples::Examples;
use crate::harness::*;

const ENTRIES: &str = "/v1/journal-entries";

/// A person with one entry, and what must still be so after everything that was refused.
struct Desk {
    asha: Actor,
    entry: Record,
    body: Value,
    _world: World,
}

impl Desk {
    fn start(engine: Engine) -> Self {
        let world = World::start(engine);
        let asha = world.sign_up("asha");
        let body = Examples::of(&asha).body("journal-entries");
        let entry = asha.writes(ENTRIES, &body);
        Self { asha, entry, body, _world: world }
    }

    /// The faultless body with one member changed.
    fn with(&self, member: &str, value: Value) -> Value {
        let mut body = self.body.clone();
        body[member] = value;
        body
    }

    /// What POST, PUT and PATCH answer to a body.
    fn sent(&self, body: &str) -> [Answer; 3] {
        let sent = |method, path: &str| {
            let request = self.asha.request(method, path).header("if-match", &self.entry.etag);
            request.bytes("application/json", body).send()
        };
        [sent(Method::POST, ENTRIES), sent(Method::PUT, &self.entry.path), sent(Method::PATCH, &self.entry.path)]
    }

    #[track_caller]
    fn holds_nothing_new(&self) {
        assert_eq!(self.asha.lists(ENTRIES), std::slice::from_ref(&self.entry.body));
        assert_eq!(self.asha.lists(&format!("{}/revisions", self.entry.path)).len(), 1);
    }
}

#[apply(on_both_databases)]
fn what_is_not_json_is_refused(#[case] engine: Engine) {
    let desk = Desk::start(engine);
    for body in ["", "{", "{\"text\": \"half", "[1,]", "{'text': 1}", "nul", "{} {}", "\u{feff}{}", "{\"value\": NaN}"]
    {
        for answer in desk.sent(body) {
            answer.problem(400, "malformed_json");
        }
    }
    let latin = desk.asha.request(Method::POST, ENTRIES).bytes("application/json", b"{\"text\": \"caf\xe9\"}".to_vec());
    latin.send().problem(400, "malformed_json");
    desk.holds_nothing_new();
}

#[apply(on_both_databases)]
fn what_breaks_the_schema_is_named_by_its_place(#[case] engine: Engine) {
    let desk = Desk::start(engine);
    let long = "a".repeat(20_001);
    let cases = [
        ("mood_of_the_moon", json!("full"), "/mood_of_the_moon", "unknown_member"),
        ("text", json!(7), "/text", "wrong_type"),
        ("text", json!(long), "/text", "too_long"),
        ("text", json!(""), "/text", "too_short"),
        ("draft", json!("yes"), "/draft", "wrong_type"),
        ("day", json!("2026-02-30"), "/day", "wrong_format"),
        ("feelings", json!([{"name": "relief", "colour": "blue"}]), "/feelings/0/colour", "unknown_member"),
        ("needs", json!(["rest", 5]), "/needs/1", "wrong_type"),
        ("needs", json!(vec!["rest"; 21]), "/needs", "too_many"),
        ("links", json!([{"kind": "no such kind", "id": desk.entry.id}]), "/links/0/kind", "unknown_value"),
    ];
    for (member, value, pointer, code) in cases {
        for answer in desk.sent(&desk.with(member, value.clone()).to_string()) {
            answer.problem(422, "invalid_content");
            answer.fault(422, pointer, code);
            let echoed = value.as_str().is_some_and(|value| value.len() > 3 && answer.text.contains(value));
            assert!(!echoed, "a problem repeats what was sent: {answer}");
        }
    }
    desk.holds_nothing_new();
}

#[apply(on_both_databases)]
fn every_fault_is_told_at_once(#[case] engine: Engine) {
    let desk = Desk::start(engine);
    let body = json!({"text": 7, "day": "someday", "weather": "rain"});
    let answer = desk.asha.post(ENTRIES, &body);
    answer.fault(422, "/text", "wrong_type");
    answer.fault(422, "/day", "wrong_format");
    answer.fault(422, "/weather", "unknown_member");
    answer.fault(422, "/time_zone", "missing_member");
    desk.holds_nothing_new();
}

#[apply(on_both_databases)]
fn what_no_database_can_hold_or_nobody_needs_is_refused(#[case] engine: Engine) {
    let desk = Desk::start(engine);
    let deep = format!("{}1{}", "[".repeat(33), "]".repeat(33));
    let texts = [
        ("\"a\\u0000b\"".to_owned(), "/text", "forbidden_character"),
        ("\"a\\ud800b\"".to_owned(), "/text", "forbidden_character"),
        ("\"a\\udc00\\ud800b\"".to_owned(), "/text", "forbidden_character"),
    ];
    for (text, pointer, code) in texts {
        for answer in desk.sent(&format!("{{\"text\": {text}}}")) {
            answer.fault(422, pointer, code);
        }
    }
    for answer in desk.sent(&format!("{{\"text\": {deep}}}")) {
        answer.problem(422, "invalid_content");
        assert_eq!(answer.json()["errors"][0]["code"], "too_deep", "{answer}");
    }
    for answer in desk.sent(&json!({"links": vec![0; 1001]}).to_string()) {
        answer.fault(422, "/links", "too_many");
    }
    for answer in desk.sent("{\"text\": \"a\", \"text\": \"b\"}") {
        answer.problem(422, "invalid_content");
    }
    desk.holds_nothing_new();
}

#[apply(on_both_databases)]
fn a_patch_that_names_nothing_is_refused(#[case] engine: Engine) {
    let Desk { asha, entry, .. } = &Desk::start(engine);
    asha.patch(&entry.path, &entry.etag, &json!({})).fault(422, "", "empty_patch");
    asha.patch(&entry.path, &entry.etag, &json!(["text"])).fault(422, "", "wrong_type");
    let masked = format!("{}?update_mask=", entry.path);
    asha.patch(&masked, &entry.etag, &json!({"title": "New"})).problem(422, "invalid_content");
    assert_eq!(asha.reads(&entry.path), entry.body);
}

#[apply(on_both_databases)]
fn an_edit_without_or_with_a_stale_version_is_refused(#[case] engine: Engine) {
    let desk = Desk::start(engine);
    let title = json!({"title": "New"});
    for (method, body) in [(Method::PATCH, &title), (Method::PUT, &desk.body), (Method::DELETE, &Value::Null)] {
        let ask = |etag: Option<&str>| {
            let request = desk.asha.request(method.clone(), &desk.entry.path);
            let request = if body.is_null() { request } else { request.json(body) };
            etag.map_or(request.clone(), |etag| request.header("if-match", etag)).send()
        };
        ask(None).problem(428, "precondition_required");
        let stale = ask(Some("\"7\""));
        stale.problem(412, "version_mismatch");
        assert_eq!(stale.etag(), desk.entry.etag);
        ask(Some("seven")).problem(400, "invalid_header");
    }
    desk.holds_nothing_new();
}

#[apply(on_both_databases)]
fn a_body_of_another_kind_or_size_is_refused(#[case] engine: Engine) {
    let desk = Desk::start(engine);
    let post = |content_type: &str, body: Vec<u8>| desk.asha.request(Method::POST, ENTRIES).bytes(content_type, body);
    let plain = desk.body.to_string().into_bytes();
    for content_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data"] {
        post(content_type, plain.clone()).send().problem(415, "unsupported_media_type");
    }
    for encoding in ["gzip", "br", "deflate", "zstd", "identity, gzip"] {
        let squeezed = post("application/json", plain.clone()).header("content-encoding", encoding);
        squeezed.send().problem(415, "unsupported_encoding");
    }
    let large = json!({"text": "a".repeat(262_144)}).to_string();
    post("application/json", large.into_bytes()).send().problem(413, "body_too_large");
    desk.holds_nothing_new();
    post("application/json", plain).header("content-encoding", "identity").send().expect(201);
}

#[apply(on_both_databases)]
fn an_unknown_query_parameter_is_refused(#[case] engine: Engine) {
    let Desk { asha, entry, .. } = &Desk::start(engine);
    for path in [ENTRIES, entry.path.as_str(), "/v1/tips", "/v1/me", "/v1/trash"] {
        let answer = asha.get(&format!("{path}?colour=blue"));
        answer.problem(400, "invalid_query");
        answer.fault(400, "?colour", "unknown_parameter");
    }
    for (query, pointer) in
        [("limit=0", "?limit"), ("limit=101", "?limit"), ("limit=ten", "?limit"), ("draft=7", "?draft")]
    {
        asha.get(&format!("{ENTRIES}?{query}")).fault(400, pointer, "wrong_value");
    }
    asha.get(&format!("{ENTRIES}?feeling=%00")).problem(400, "invalid_query");
}

#[apply(on_both_databases)]
fn a_cursor_works_for_one_person_route_and_filter(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    for actor in [&asha, &bela] {
        let examples = Examples::of(actor);
        for _ in 0..3 {
            actor.writes(ENTRIES, &examples.body("journal-entries"));
        }
    }
    let page = asha.reads(&format!("{ENTRIES}?limit=2"));
    let cursor = page["next_cursor"].as_str().expect("a second page").to_owned();
    asha.get(&format!("{ENTRIES}?limit=2&cursor={cursor}")).expect(200);

    let mut flipped = cursor.clone().into_bytes();
    let middle = flipped.len() / 2;
    flipped[middle] = if flipped[middle] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    let short = &cursor[..cursor.len() - 1];
    let mut refused = vec![
        bela.get(&format!("{ENTRIES}?limit=2&cursor={cursor}")),
        asha.get(&format!("/v1/boundary-lists?cursor={cursor}")),
        asha.get(&format!("{ENTRIES}?draft=true&cursor={cursor}")),
        asha.get(&format!("{ENTRIES}?sort=day&cursor={cursor}")),
        asha.get(&format!("{ENTRIES}?cursor={flipped}")),
        asha.get(&format!("{ENTRIES}?cursor={short}")),
        asha.get(&format!("{ENTRIES}?cursor=7")),
    ];
    world.clock.advance(Duration::from_secs(24 * 3600 + 1));
    asha.signs_in();
    refused.push(asha.get(&format!("{ENTRIES}?limit=2&cursor={cursor}")));
    let without_id = |answer: &Answer| {
        let body = answer.problem(400, "invalid_cursor");
        answer.text.replace(body["request_id"].as_str().unwrap(), "")
    };
    for answer in &refused {
        assert_eq!(without_id(answer), without_id(&refused[0]), "{answer}");
    }
}

#[apply(on_both_databases)]
fn a_weak_password_is_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let register = |password: &str| {
        let body = json!({"email": "asha.rao@example.org", "password": password, "name": "Asha Raoul"});
        world.anonymous().post("/v1/auth/register", &body)
    };
    register("kettle harbour").fault(422, "/password", "too_short");
    register("passwordpassword").fault(422, "/password", "too_common");
    register("Asha.Rao.2024!!").fault(422, "/password", "own_email");
    let signed_in = json!({"email": "asha.rao@example.org", "password": "passwordpassword"});
    world.anonymous().post("/v1/auth/login", &signed_in).problem(401, "wrong_credentials");
}

#[apply(on_both_databases)]
fn a_reused_refresh_token_ends_the_session(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let first = asha.tokens().refresh;
    let refresh = |token: &str| world.anonymous().post("/v1/auth/refresh", &json!({"refresh_token": token}));
    asha.keeps(&refresh(&first).expect(200));
    world.clock.advance(Duration::from_secs(31));
    refresh(&first).problem(401, "refresh_refused");
    refresh(&asha.tokens().refresh).problem(401, "refresh_refused");
    eventually("the node to forget the session", || (asha.get("/v1/me").status == 401).then_some(()));
}

/// The rest of a body that never comes: the service waits its time and says so.
#[apply(on_both_databases)]
fn a_body_that_is_too_slow_is_refused(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.limits.body_seconds = 1);
    let asha = world.sign_up("asha");
    let address = asha.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let token = asha.tokens().access;
    let head = format!(
        "POST {ENTRIES} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 1000\r\n\r\n{{\"text\": \"half"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 408");
    assert_eq!(asha.lists(ENTRIES), Vec::<Value>::new());
}
