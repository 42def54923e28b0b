//! Becoming somebody: registering alike for everyone, weak passwords, signing in, and what slows guessing down.

use std::time::Duration;

use crate::harness::*;

const GOOD: &str = "kettle harbour seven violet";

fn registration(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "name": "Asha Okonkwo"})
}

fn credentials(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

#[apply(on_both_databases)]
fn a_known_address_is_answered_like_an_unknown_one(#[case] engine: Engine) {
    let world = World::start(engine);
    let nobody = world.anonymous();
    let unknown = nobody.post("/v1/auth/register", &registration("asha@example.org", GOOD)).expect(202);
    let known =
        nobody.post("/v1/auth/register", &registration("ASHA@Example.org", "other violet kettles swim")).expect(202);
    assert_eq!(unknown.text, known.text);
    let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&unknown), names(&known));
    // The second registration changed nothing: the first password holds.
    nobody.post("/v1/auth/login", &credentials("asha@example.org", GOOD)).expect(200);
    nobody.post("/v1/auth/login", &credentials("asha@example.org", "other violet kettles swim")).expect(401);
}

#[apply(on_both_databases)]
fn a_weak_password_is_refused_for_everyone_alike(#[case] engine: Engine) {
    let world = World::start(engine);
    world.sign_up("asha");
    let nobody = world.anonymous();
    let long = "kettle harbour ".repeat(70);
    let cases = [
        ("kettle kettle", "too_short"),
        (long.as_str(), "too_long"),
        ("passwordpassword", "too_common"),
        ("mend mend mend 12", "product_name"),
        ("asha okonkwo 2026", "own_name"),
    ];
    for (password, code) in cases {
        let known = nobody.post("/v1/auth/register", &registration("asha@example.org", password));
        let unknown = nobody.post("/v1/auth/register", &registration("ben@example.org", password));
        known.fault(422, "/password", code);
        unknown.fault(422, "/password", code);
        assert!(!known.text.contains(password), "{known}");
    }
    let own = nobody.post("/v1/auth/register", &registration("evergreen.walker@example.org", "evergreenwalker1"));
    own.fault(422, "/password", "own_email");
    nobody
        .post("/v1/auth/login", &credentials("ben@example.org", "passwordpassword"))
        .problem(401, "wrong_credentials");
}

#[apply(on_both_databases)]
fn a_body_that_is_no_registration_is_refused_with_its_place(#[case] engine: Engine) {
    let world = World::start(engine);
    let nobody = world.anonymous();
    let sent = |body: Value| nobody.post("/v1/auth/register", &body);
    sent(json!({"email": "asha@example.org"})).fault(422, "/password", "missing_member");
    sent(registration("nobody", GOOD)).fault(422, "/email", "wrong_format");
    sent(json!({"email": "a@example.org", "password": GOOD, "role": "admin"})).fault(422, "/role", "unknown_member");
    sent(json!({"email": "a@example.org", "password": 123_456_789_012_345_u64})).fault(422, "/password", "wrong_type");
    let mut large = registration("asha@example.org", GOOD);
    large["name"] = json!("n".repeat(9000));
    sent(large).problem(413, "body_too_large");
}

#[apply(on_both_databases)]
fn signing_in_gives_tokens_that_open_the_account(#[case] engine: Engine) {
    let world = World::start(engine);
    world.sign_up_with("asha", "zo\u{e9}@example.org", "caf\u{e9} kettle harbour seven");
    let nobody = world.anonymous();
    // Decomposed and in capitals: the same address and the same password.
    let answer = nobody
        .post("/v1/auth/login", &credentials("ZOE\u{301}@EXAMPLE.org", "cafe\u{301} kettle harbour seven"))
        .expect(200);
    let tokens = answer.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let me = nobody.request(Method::GET, "/v1/me").header("authorization", &bearer).send().expect(200).json();
    assert_eq!((&me["email"], &me["role"]), (&json!("zo\u{e9}@example.org"), &json!("user")));
}

#[apply(on_both_databases)]
fn wrong_and_unknown_are_one_answer(#[case] engine: Engine) {
    let world = World::start(engine);
    world.sign_up("asha");
    let nobody = world.anonymous();
    let without_id = |answer: Answer| {
        let mut problem = answer.problem(401, "wrong_credentials");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        problem["request_id"].take();
        problem
    };
    let wrong = nobody.post("/v1/auth/login", &credentials("asha@example.org", "not the password"));
    let unknown = nobody.post("/v1/auth/login", &credentials("nobody@example.org", "not the password"));
    assert_eq!(without_id(wrong), without_id(unknown));
}

#[apply(on_both_databases)]
fn a_request_without_a_good_token_is_told_how_to_sign_in(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let with = |value: &str| world.anonymous().request(Method::GET, "/v1/me").header("authorization", value).send();
    let missing = world.anonymous().get("/v1/me");
    missing.problem(401, "not_signed_in");
    assert_eq!(missing.header("www-authenticate"), Some("Bearer"));
    let access = asha.tokens().access;
    let (head, signature) = access.rsplit_once('.').unwrap();
    let huge = "a".repeat(5000);
    let none = format!(
        "eyJhbGciOiJub25lIiwidHlwIjoibWVuZC1hY2Nlc3Mrand0Iiwia2lkIjoiMSJ9.{}.",
        head.split_once('.').unwrap().1
    );
    for token in ["", "garbage", head, none.as_str(), huge.as_str(), &asha.tokens().refresh] {
        let answer = with(&format!("Bearer {token}"));
        answer.problem(401, "not_signed_in");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer error=\"invalid_token\""), "{answer}");
    }
    with(&format!("Basic {signature}")).problem(401, "not_signed_in");
    with(&format!("bearer {access}")).expect(200);
    world.clock.advance(Duration::from_secs(611));
    with(&format!("Bearer {access}")).problem(401, "not_signed_in");
}

#[apply(on_both_databases)]
fn guessing_is_slowed_down_and_a_known_device_is_not(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let nobody = world.anonymous();
    let right = credentials(&asha.email, &asha.password);
    let device = nobody.post("/v1/auth/login", &right).expect(200).json()["device_token"].clone();
    for address in [&asha.email, "nobody@example.org"] {
        for _ in 0..6 {
            nobody.post("/v1/auth/login", &credentials(address, "not the password")).problem(401, "wrong_credentials");
        }
        let slowed = nobody.post("/v1/auth/login", &credentials(address, &asha.password));
        slowed.problem(429, "too_many_requests");
        assert_eq!(slowed.header("retry-after"), Some("2"));
    }
    let mut from_device = right.clone();
    from_device["device_token"] = device;
    nobody.post("/v1/auth/login", &from_device).expect(200);
    world.clock.advance(Duration::from_secs(2));
    nobody.post("/v1/auth/login", &right).expect(200);
}

#[apply(on_both_databases)]
fn an_address_on_the_network_has_its_own_pace(#[case] engine: Engine) {
    let world = World::start(engine);
    let nobody = world.anonymous();
    let attempt = |number| nobody.post("/v1/auth/login", &credentials(&format!("n{number}@example.org"), GOOD)).status;
    let statuses: Vec<u16> = (0..22).map(attempt).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 20, "{statuses:?}");
    assert_eq!(attempt(30), 429);
    world.clock.advance(Duration::from_secs(6));
    assert_eq!((attempt(31), attempt(32)), (401, 429));
}

#[apply(on_both_databases)]
fn the_throttle_can_be_lifted(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.auth.throttle = false);
    let nobody = world.anonymous();
    for _ in 0..25 {
        nobody.post("/v1/auth/login", &credentials("nobody@example.org", GOOD)).problem(401, "wrong_credentials");
    }
}
