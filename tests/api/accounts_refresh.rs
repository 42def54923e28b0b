//! Refreshing: rotation, lost answers, races, stolen tokens, and how long a session lasts.

use std::time::Duration;

use crate::harness::*;

const DAY: Duration = Duration::from_hours(24);

fn refreshed(actor: &Actor, token: &str) -> Answer {
    actor.post("/v1/auth/refresh", &json!({"refresh_token": token}))
}

fn refresh_token(answer: &Answer) -> String {
    answer.json()["refresh_token"].as_str().unwrap().to_owned()
}

#[apply(on_both_databases)]
fn each_refresh_gives_the_next_token(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let first = asha.tokens();
    let answer = refreshed(&asha, &first.refresh).expect(200);
    asha.keeps(&answer);
    let second = asha.tokens();
    assert_ne!(first.refresh, second.refresh);
    assert_ne!(first.access, second.access);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    asha.reads("/v1/me");
    refreshed(&asha, &second.refresh).expect(200);
}

#[apply(on_both_databases)]
fn a_replay_after_29_seconds_is_a_lost_answer(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let first = asha.tokens().refresh;
    let second = refreshed(&asha, &first).expect(200);
    world.clock.advance(Duration::from_secs(29));
    let repeated = refreshed(&asha.on(world.node(1)), &first).expect(200);
    assert_eq!(refresh_token(&repeated), refresh_token(&second));
    asha.keeps(&repeated);
    asha.reads("/v1/me");
    refreshed(&asha, &refresh_token(&repeated)).expect(200);
}

#[apply(on_both_databases)]
fn a_replay_after_31_seconds_ends_the_session(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let witness = asha.on_another_device();
    let first = asha.tokens().refresh;
    asha.keeps(&refreshed(&asha, &first).expect(200));
    asha.on(world.node(1)).reads("/v1/me");
    world.clock.advance(Duration::from_secs(31));
    let refused = refreshed(&asha, &first);
    refused.problem(401, "refresh_refused");
    assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer"));
    refreshed(&asha.on(world.node(1)), &asha.tokens().refresh).problem(401, "refresh_refused");
    asha.get("/v1/me").problem(401, "not_signed_in");
    asha.on(world.node(1)).get("/v1/me").problem(401, "not_signed_in");
    // Other sessions live on, and their owner can see what happened.
    let events = witness.lists("/v1/me/security-events");
    assert_eq!(events[0]["kind"], "refresh_reused");
}

#[apply(on_both_databases)]
fn an_older_generation_ends_the_session_at_once(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let first = asha.tokens().refresh;
    let second = refresh_token(&refreshed(&asha, &first).expect(200));
    let third = refresh_token(&refreshed(&asha, &second).expect(200));
    refreshed(&asha, &first).problem(401, "refresh_refused");
    refreshed(&asha, &third).problem(401, "refresh_refused");
}

#[apply(on_both_databases)]
fn concurrent_refreshes_on_two_nodes_get_one_successor(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let token = asha.tokens().refresh;
    let successors: Vec<String> = std::thread::scope(|scope| {
        let ask = |node: usize| {
            let (asha, token) = (asha.on(world.node(node)), &token);
            scope.spawn(move || refresh_token(&refreshed(&asha, token).expect(200)))
        };
        let asked: Vec<_> = (0..8).map(|number| ask(number % 2)).collect();
        asked.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    assert!(successors.iter().all(|successor| *successor == successors[0]));
    refreshed(&asha, &successors[0]).expect(200);
}

#[apply(on_both_databases)]
fn what_is_no_refresh_token_ends_nothing(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let ben = world.sign_up("ben");
    let token = asha.tokens().refresh;
    let flipped = token.replace(&token[74..75], if &token[74..75] == "A" { "B" } else { "A" });
    let swapped = format!("{}{}", &ben.tokens().refresh[..32], &token[32..]);
    for forged in ["x", "AAAA", &flipped, &swapped, &asha.tokens().access[..200]] {
        refreshed(&asha, forged).problem(401, "refresh_refused");
    }
    refreshed(&asha, "").fault(422, "/refresh_token", "too_short");
    refreshed(&asha, &token).expect(200);
    ben.reads("/v1/me");
}

#[apply(on_both_databases)]
fn a_session_lasts_14_days_unused_and_30_in_all(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let unused = asha.on_another_device();
    for days in [13, 13, 3] {
        world.clock.advance(DAY * days);
        asha.keeps(&refreshed(&asha, &asha.tokens().refresh).expect(200));
    }
    refreshed(&unused, &unused.tokens().refresh).problem(401, "refresh_refused");
    world.clock.advance(DAY);
    refreshed(&asha, &asha.tokens().refresh).problem(401, "refresh_refused");
    asha.signs_in();
    asha.reads("/v1/me");
}

#[apply(on_both_databases)]
fn sessions_of_staff_are_shorter(#[case] engine: Engine) {
    let minutes = |count: u64| Duration::from_mins(count);
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let unused = cleo.on_another_device();
    for _ in 0..24 {
        world.clock.advance(minutes(29));
        cleo.keeps(&refreshed(&cleo, &cleo.tokens().refresh).expect(200));
    }
    refreshed(&unused, &unused.tokens().refresh).problem(401, "refresh_refused");
    world.clock.advance(minutes(24));
    refreshed(&cleo, &cleo.tokens().refresh).problem(401, "refresh_refused");
}
