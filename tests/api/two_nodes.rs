//! Two nodes on one database behave as one: what one of them did counts on the other. On SQLite one node plays both parts.

use std::time::Duration;

use crate::harness::ground::Ground;
use crate::harness::*;

const LISTS: &str = "/v1/boundary-lists";

/// Runs `ask` so many times at once, on the nodes in turn.
fn at_once<T: Send>(world: &World, actor: &Actor, times: usize, ask: impl Fn(&Actor, usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let ask = &ask;
        let asked: Vec<_> = (0..times)
            .map(|number| {
                let here = actor.on(world.node(number % 2));
                scope.spawn(move || ask(&here, number))
            })
            .collect();
        asked.into_iter().map(|answer| answer.join().unwrap()).collect()
    })
}

#[apply(on_both_databases)]
fn of_edits_at_once_one_wins_and_the_others_learn_of_it(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let mut list = asha.writes(LISTS, &json!({"title": "Sundays"}));
    for round in 0..5 {
        let answers = at_once(&world, &asha, 8, |here, number| {
            here.patch(&list.path, &list.etag, &json!({"title": format!("Round {round} by {number}")}))
        });
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1, "{answers:?}");
        for answer in lost {
            answer.problem(412, "version_mismatch");
            assert_eq!(answer.etag(), won[0].etag());
        }
        let elsewhere = asha.on(world.node(1)).get(&list.path).expect(200);
        assert_eq!(elsewhere.json()["title"], won[0].json()["title"]);
        list = Record::at(&list.path, &elsewhere);
    }
    assert_eq!(list.version, 6);
}

#[apply(on_both_databases)]
fn a_quota_is_one_for_both(#[case] engine: Engine) {
    let ground = Ground::prepared(engine);
    let nodes = if ground.engine == Engine::Postgres { 2 } else { 1 };
    let world = World::on(ground, nodes, |config| config.limits.records_per_owner = 5);
    let asha = world.sign_up("asha");
    let answers =
        at_once(&world, &asha, 12, |here, number| here.post(LISTS, &json!({"title": format!("List {number}")})));
    let (kept, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!((kept.len(), asha.lists(LISTS).len()), (5, 5));
    for answer in refused {
        answer.problem(409, "quota_reached");
    }
}

#[apply(on_both_databases)]
fn guesses_are_counted_together(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let stranger = world.anonymous();
    let guess = |node: usize, password: &str| {
        let credentials = json!({"email": asha.email, "password": password});
        stranger.on(world.node(node)).post("/v1/auth/login", &credentials)
    };
    for number in 0..6 {
        guess(number % 2, "not the password").problem(401, "wrong_credentials");
    }
    for node in [0, 1] {
        guess(node, &asha.password).problem(429, "too_many_requests");
    }
}

#[apply(on_both_databases)]
fn a_new_password_ends_sessions_on_the_other_node_within_a_second(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let phone = asha.on_another_device().on(world.node(1));
    phone.reads("/v1/me");
    let change = json!({"current_password": asha.password, "new_password": "a quiet orchard after rain"});
    asha.request(Method::PUT, "/v1/me/password").json(&change).send().expect(200);
    world.clock.advance(Duration::from_millis(1001));
    phone.get("/v1/me").problem(401, "not_signed_in");
    phone.post("/v1/auth/refresh", &json!({"refresh_token": phone.tokens().refresh})).problem(401, "refresh_refused");
}

#[apply(on_both_databases)]
fn what_withholds_bites_on_the_other_node_within_a_second(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let elsewhere = asha.on(world.node(1));
    elsewhere.get("/v1/programs/seven-ways-to-repair").expect(200);
    let mother = json!({"figure": "mother", "name": "Mother", "contact": "none", "goal": "leave"});
    asha.writes("/v1/relationships", &mother);
    world.clock.advance(Duration::from_millis(1001));
    elsewhere.get("/v1/programs/seven-ways-to-repair").problem(404, "not_found");
    let pushing = |tip: &Value| !tip["nudges"].as_array().unwrap().is_empty();
    assert!(!elsewhere.lists("/v1/tips?limit=100").iter().any(pushing));
}

#[apply(on_both_databases)]
fn the_first_words_of_a_person_on_both_nodes_at_once_are_readable_on_both(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    for name in ["asha", "bela", "cleo", "dora"] {
        let person = world.sign_up(name);
        at_once(&world, &person, 4, |here, number| here.writes(LISTS, &json!({"title": format!("First {number}")})));
        for node in [0, 1] {
            let mut titles: Vec<_> = person.on(world.node(node)).lists(LISTS).iter().map(|list| list["title"].clone()).collect();
            titles.sort_by_key(Value::to_string);
            assert_eq!(titles, ["First 0", "First 1", "First 2", "First 3"]);
        }
    }
}
