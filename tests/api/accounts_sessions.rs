//! One's own sessions: seeing them, ending one, ending the others, signing out.

use std::time::Duration;

use crate::harness::*;

fn labelled(asha: &Actor, label: &str) -> Actor {
    let body = json!({"email": asha.email, "password": asha.password, "label": label});
    let other = asha.on_another_device();
    other.keeps(&other.post("/v1/auth/login", &body).expect(200));
    other
}

fn current(actor: &Actor) -> Value {
    actor.lists("/v1/me/sessions").into_iter().find(|session| session["current"] == true).expect("one is current")
}

#[apply(on_both_databases)]
fn sessions_are_listed_with_what_their_owner_needs(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    world.clock.advance(Duration::from_mins(1));
    let phone = labelled(&asha, "Phone in the kitchen");
    let sessions = phone.lists("/v1/me/sessions?limit=1");
    assert_eq!(sessions.len(), 3);
    let newest = &sessions.iter().find(|session| session["current"] == true).expect("one is current");
    assert_eq!((&newest["label"], &newest["amr"]), (&json!("Phone in the kitchen"), &json!(["pwd"])));
    assert_eq!(newest["authenticated_at"], "2026-11-02T09:01:00.000000Z");
    assert_eq!(newest["expires_at"], "2026-11-16T09:01:00.000000Z");
    assert_eq!(sessions[2]["label"], Value::Null);
    assert_eq!(asha.lists("/v1/me/sessions").iter().filter(|session| session["current"] == true).count(), 1);
}

#[apply(on_both_databases)]
fn ending_a_session_ends_its_tokens(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let phone = asha.on_another_device();
    phone.on(world.node(1)).reads("/v1/me");
    let path = format!("/v1/me/sessions/{}", current(&phone)["id"].as_str().unwrap());
    asha.request(Method::DELETE, &path).send().expect(204);
    phone.get("/v1/me").problem(401, "not_signed_in");
    phone.post("/v1/auth/refresh", &json!({"refresh_token": phone.tokens().refresh})).problem(401, "refresh_refused");
    world.clock.advance(Duration::from_millis(1001));
    phone.on(world.node(1)).get("/v1/me").problem(401, "not_signed_in");
    assert_eq!(asha.lists("/v1/me/sessions").len(), 1);
    asha.request(Method::DELETE, &path).send().problem(404, "not_found");
}

#[apply(on_both_databases)]
fn somebody_elses_session_was_never_there(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, ben) = (world.sign_up("asha"), world.sign_up("ben"));
    let ended = |id: &str| {
        let mut problem =
            ben.request(Method::DELETE, &format!("/v1/me/sessions/{id}")).send().problem(404, "not_found");
        problem["request_id"].take();
        problem
    };
    let foreign = ended(current(&asha)["id"].as_str().unwrap());
    assert_eq!(foreign, ended("01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"));
    assert_eq!(foreign, ended("no-id"));
    asha.reads("/v1/me");
}

#[apply(on_both_databases)]
fn ending_all_others_keeps_this_one(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let others = [asha.on_another_device(), asha.on_another_device()];
    let ben = world.sign_up("ben");
    asha.request(Method::DELETE, "/v1/me/sessions").send().expect(204);
    asha.reads("/v1/me");
    ben.reads("/v1/me");
    for other in others {
        other.get("/v1/me").problem(401, "not_signed_in");
    }
    assert_eq!(asha.lists("/v1/me/security-events")[0]["kind"], "other_sessions_revoked");
}

#[apply(on_both_databases)]
fn signing_out_ends_this_session_only(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let other = asha.on_another_device();
    asha.request(Method::POST, "/v1/auth/logout").send().expect(204);
    asha.get("/v1/me").problem(401, "not_signed_in");
    asha.request(Method::POST, "/v1/auth/logout").send().problem(401, "not_signed_in");
    other.reads("/v1/me");
}

#[apply(on_both_databases)]
fn a_cursor_of_sessions_opens_no_other_list(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let ben = world.sign_up("ben");
    let _other = asha.on_another_device();
    let page = asha.get("/v1/me/sessions?limit=1").expect(200);
    let cursor = page.json()["next_cursor"].as_str().unwrap().to_owned();
    assert!(page.header("link").unwrap().contains("rel=\"next\""));
    for (actor, path) in [(&ben, "/v1/me/sessions"), (&asha, "/v1/me/security-events")] {
        actor.get(&format!("{path}?cursor={cursor}")).problem(400, "invalid_cursor");
    }
    asha.get("/v1/me/sessions?limit=0").problem(400, "invalid_query");
    asha.get("/v1/me/sessions?colour=red").problem(400, "invalid_query");
}
