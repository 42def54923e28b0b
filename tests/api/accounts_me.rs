//! One's own account: reading it, the display name, the password, the security events, the safety flag's plain face.

use std::time::Duration;

use crate::harness::*;

const NEW: &str = "eleven kites over the salt marsh";

fn change(actor: &Actor, current: &str, new: &str) -> Answer {
    let body = json!({"current_password": current, "new_password": new});
    actor.request(Method::PUT, "/v1/me/password").json(&body).send()
}

#[apply(on_both_databases)]
fn the_account_shows_what_it_is(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let answer = asha.get("/v1/me").expect(200);
    let me = answer.json();
    assert_eq!((&me["email"], &me["name"]), (&json!("asha@example.org"), &json!("asha")));
    assert_eq!((&me["role"], &me["outreach_content"]), (&json!("user"), &json!("shown")));
    assert_eq!((&me["version"], answer.etag()), (&json!(1), "\"1\"".to_owned()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    asha.request(Method::GET, "/v1/me").header("if-none-match", &answer.etag()).send().expect(304);
    asha.head("/v1/me").expect(200);
    assert_eq!(world.curator("cleo").reads("/v1/me")["role"], "curator");
}

#[apply(on_both_databases)]
fn the_name_can_be_changed_and_cleared(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let named = asha.patch("/v1/me", "\"1\"", &json!({"name": "Asha O."})).expect(200);
    assert_eq!((&named.json()["name"], named.etag()), (&json!("Asha O."), "\"2\"".to_owned()));
    let cleared = asha.patch("/v1/me", "\"2\"", &json!({"name": null})).expect(200);
    assert_eq!(cleared.json()["name"], Value::Null);
    assert_eq!(asha.reads("/v1/me"), cleared.json());
}

#[apply(on_both_databases)]
fn a_change_that_cannot_be_changes_nothing(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let before = asha.reads("/v1/me");
    let patch = |body: Value| asha.patch("/v1/me", "\"1\"", &body);
    let stale = asha.patch("/v1/me", "\"7\"", &json!({"name": "Asha"}));
    stale.problem(412, "version_mismatch");
    assert_eq!(stale.etag(), "\"1\"");
    let without = asha.request(Method::PATCH, "/v1/me").json(&json!({"name": "Asha"})).send();
    without.problem(428, "precondition_required");
    patch(json!({"role": "admin"})).fault(422, "/role", "unknown_member");
    patch(json!({"email": "ben@example.org"})).fault(422, "/email", "unknown_member");
    patch(json!({"name": 7})).fault(422, "/name", "wrong_type");
    patch(json!({"name": "n".repeat(101)})).fault(422, "/name", "too_long");
    assert_eq!(patch(json!({})).status, 422);
    assert_eq!(asha.reads("/v1/me"), before);
}

#[apply(on_both_databases)]
fn changing_the_password_ends_every_session_but_a_new_one(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let other = asha.on_another_device();
    let before = asha.tokens();
    let changed = change(&asha, &asha.password, NEW).expect(200);
    asha.get("/v1/me").problem(401, "not_signed_in");
    other.get("/v1/me").problem(401, "not_signed_in");
    asha.post("/v1/auth/refresh", &json!({"refresh_token": before.refresh})).problem(401, "refresh_refused");
    asha.keeps(&changed);
    assert_eq!(asha.lists("/v1/me/sessions").len(), 1);
    assert_eq!(asha.lists("/v1/me/security-events")[0]["kind"], "password_changed");
    let login = |password: &str| asha.post("/v1/auth/login", &json!({"email": asha.email, "password": password}));
    login(&asha.password).problem(401, "wrong_credentials");
    login(NEW).expect(200);
}

#[apply(on_both_databases)]
fn a_password_is_changed_by_whoever_knows_it_and_to_a_good_one(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    change(&asha, "not the password", NEW).fault(422, "/current_password", "wrong_password");
    change(&asha, &asha.password, "passwordpassword").fault(422, "/new_password", "too_common");
    change(&asha, &asha.password, "short").fault(422, "/new_password", "too_short");
    change(&asha, &asha.password, &asha.password).fault(422, "/new_password", "unchanged");
    asha.reads("/v1/me");
    asha.signs_in();
}

#[apply(on_both_databases)]
fn guessing_the_current_password_is_slowed_down(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for _ in 0..6 {
        change(&asha, "not the password", NEW).fault(422, "/current_password", "wrong_password");
    }
    let slowed = change(&asha, &asha.password, NEW);
    slowed.problem(429, "too_many_requests");
    assert_eq!(slowed.header("retry-after"), Some("2"));
    // Whoever holds a stolen session cannot lock its owner out by this.
    asha.signs_in();
    world.clock.advance(Duration::from_secs(2));
    change(&asha, &asha.password, NEW).expect(200);
}

#[apply(on_both_databases)]
fn security_events_tell_their_owner_what_happened(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let soon = || world.clock.advance(Duration::from_secs(1));
    soon();
    asha.post("/v1/auth/login", &json!({"email": asha.email, "password": "not the password"})).expect(401);
    soon();
    let again = json!({"email": asha.email, "password": NEW});
    world.anonymous().post("/v1/auth/register", &again).expect(202);
    soon();
    let other = asha.on_another_device();
    soon();
    other.request(Method::POST, "/v1/auth/logout").send().expect(204);
    let events = asha.lists("/v1/me/security-events?limit=2");
    let kinds: Vec<_> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["signed_out", "signed_in", "registration_repeated", "sign_in_failed", "signed_in", "registered"]
    );
    assert_eq!(events[0]["session_id"], events[1]["session_id"]);
    assert!(world.sign_up("ben").lists("/v1/me/security-events").len() == 2);
}
