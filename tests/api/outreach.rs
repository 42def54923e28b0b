//! Opening the safety filter: one's own act, confirmed, logged, reversible, and over once there is more to say.

use std::time::Duration;

use crate::harness::*;

const PATH: &str = "/v1/me/outreach";
const WITHHELD: &str = "/v1/programs/seven-ways-to-repair";

fn ended() -> Value {
    json!({"figure": "mother", "name": "Her", "contact": "none", "goal": "leave"})
}

/// The answer to choosing, with the account's current ETag.
#[track_caller]
fn choose(actor: &Actor, body: &Value) -> Answer {
    let etag = actor.get("/v1/me").expect(200).etag();
    actor.put(PATH, &etag, body)
}

#[track_caller]
fn opens(actor: &Actor) {
    let me = choose(actor, &json!({"outreach_content": "shown", "confirm": true})).expect(200).json();
    assert_eq!(me["outreach_content"], "shown");
}

#[apply(on_both_databases)]
fn it_opens_by_a_confirmed_act_and_closes_by_another(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    asha.writes("/v1/relationships", &ended());
    asha.get(WITHHELD).problem(404, "not_found");

    choose(&asha, &json!({"outreach_content": "shown"})).fault(422, "/confirm", "confirmation_needed");
    let no_version = json!({"outreach_content": "shown", "confirm": true});
    asha.request(Method::PUT, PATH).json(&no_version).send().problem(428, "precondition_required");
    asha.put(PATH, "\"77\"", &no_version).problem(412, "version_mismatch");
    asha.get(WITHHELD).problem(404, "not_found");

    opens(&asha);
    asha.get(WITHHELD).expect(200);
    let me = choose(&asha, &json!({"outreach_content": "hidden"})).expect(200).json();
    assert_eq!(me["outreach_content"], "hidden");
    asha.get(WITHHELD).problem(404, "not_found");
    let kinds: Vec<_> = asha.lists("/v1/me/security-events").iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds[..2], ["outreach_closed", "outreach_opened"], "each act is in the log, and no refused one");
    assert_eq!(bela.reads("/v1/me")["outreach_content"], "shown", "it is about nobody else");

    // Somebody who has written nothing can close it for themselves, and no relationship opens it.
    choose(&bela, &json!({"outreach_content": "hidden"})).expect(200);
    bela.get(WITHHELD).problem(404, "not_found");
    bela.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "in_touch"}));
    bela.get(WITHHELD).problem(404, "not_found");
    opens(&bela);
    bela.get(WITHHELD).expect(200);
}

#[apply(on_both_databases)]
fn an_opening_is_over_once_there_is_more_to_say(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let her = asha.writes("/v1/relationships", &ended());
    opens(&asha);
    let her = asha.changes(&her, &json!({"notes": "Nothing new."}));
    asha.get(WITHHELD).expect(200);
    let her = asha.changes(&her, &json!({"harm": {"kinds": ["verbal"], "when": "past"}}));
    asha.get(WITHHELD).problem(404, "not_found");
    opens(&asha);
    asha.changes(&her, &json!({"harm": {"kinds": ["verbal"], "when": "now"}}));
    asha.get(WITHHELD).problem(404, "not_found");
    opens(&asha);
    asha.writes("/v1/relationships", &ended());
    asha.get(WITHHELD).problem(404, "not_found");
}

/// What was swept can no longer be taken back by its record; the act does it.
#[apply(on_both_databases)]
fn it_opens_what_a_swept_record_left_closed(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let her = asha.writes("/v1/relationships", &ended());
    asha.deletes(&her);
    world.clock.advance(Duration::from_hours(31 * 24));
    asha.signs_in();
    let house = &world.node(0).running.house;
    let (records, now) = (house.records.clone(), world.clock.now());
    let swept = house.database.write_now(move |conn| records.sweep_trash(conn, now, 100)).unwrap();
    assert_eq!(swept, 1);
    asha.get(WITHHELD).problem(404, "not_found");
    opens(&asha);
    asha.get(WITHHELD).expect(200);
}

#[apply(on_both_databases)]
fn it_bites_on_the_other_node_within_a_second(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let elsewhere = asha.on(world.node(1));
    asha.writes("/v1/relationships", &ended());
    world.clock.advance(Duration::from_millis(1001));
    elsewhere.get(WITHHELD).problem(404, "not_found");
    opens(&asha);
    asha.get(WITHHELD).expect(200);
    world.clock.advance(Duration::from_millis(1001));
    elsewhere.get(WITHHELD).expect(200);
    choose(&elsewhere, &json!({"outreach_content": "hidden"})).expect(200);
    elsewhere.get(WITHHELD).problem(404, "not_found");
    world.clock.advance(Duration::from_millis(1001));
    asha.get(WITHHELD).problem(404, "not_found");
}
