//! Creating a record: once, whatever the network does, and never over somebody's id.

use crate::harness::*;

const LISTS: &str = "/v1/boundary-lists";
const KEY: &str = "0b6f0f4e-8a3e-4c8e-9a57-0c1f6f2b7d11";

fn create(actor: &Actor, key: &str, body: &Value) -> Answer {
    actor.request(Method::POST, LISTS).header("idempotency-key", key).json(body).send()
}

#[apply(on_both_databases)]
fn a_lost_answer_is_repeated_word_for_word(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let body = json!({"title": "Sundays"});
    let first = create(&asha, KEY, &body).expect(201);
    let again = create(&asha, KEY, &body).expect(201);
    assert_eq!(again.text, first.text);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!((again.header("etag"), again.header("location")), (first.header("etag"), first.header("location")));
    assert_eq!(asha.lists(LISTS).len(), 1);
}

#[apply(on_both_databases)]
fn a_key_belongs_to_one_request_of_one_person(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    create(&asha, KEY, &json!({"title": "Sundays"})).expect(201);
    create(&asha, KEY, &json!({"title": "Mondays"})).problem(422, "idempotency_key_reused");
    let other = create(&bela, KEY, &json!({"title": "Sundays"})).expect(201);
    assert_eq!(other.header("idempotency-replayed"), None, "another person's key is another key");
    assert_eq!(asha.lists(LISTS).len(), 1);
}

#[apply(on_both_databases)]
fn the_same_request_at_once_has_one_effect(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let elsewhere = asha.on(world.node(1));
    let bodies: Vec<String> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..8)
            .map(|number| {
                let actor = if number % 2 == 0 { &asha } else { &elsewhere };
                scope.spawn(move || create(actor, KEY, &json!({"title": "Sundays"})).expect(201).text)
            })
            .collect();
        sent.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    assert_eq!(asha.lists(LISTS).len(), 1);
}

#[apply(on_both_databases)]
fn a_refused_request_leaves_its_key_free(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    create(&asha, KEY, &json!({"title": ""})).problem(422, "invalid_content");
    create(&asha, KEY, &json!({"title": "Sundays"})).expect(201);
}

#[apply(on_both_databases)]
fn an_id_of_the_clients_own_makes_creation_repeatable(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let body = json!({"id": "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f", "title": "Sundays"});
    let first = asha.post(LISTS, &body).expect(201);
    assert_eq!(first.json()["id"], body["id"]);
    assert_eq!(asha.post(LISTS, &body).expect(200).text, first.text);
    let other = json!({"id": body["id"], "title": "Mondays"});
    asha.post(LISTS, &other).problem(409, "id_taken");
    bela.post(LISTS, &other).expect(201);
    assert_eq!(asha.lists(LISTS).len(), 1, "ids are unique per owner, and owners do not meet");
    asha.post(LISTS, &json!({"id": "not-an-id", "title": "Sundays"})).fault(422, "/id", "wrong_format");
}

#[apply(on_both_databases)]
fn an_account_that_is_full_says_so_and_can_make_room(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.limits.records_per_owner = 2);
    let asha = world.sign_up("asha");
    let first = asha.writes(LISTS, &json!({"title": "One"}));
    asha.writes(LISTS, &json!({"title": "Two"}));
    asha.post(LISTS, &json!({"title": "Three"})).problem(409, "quota_reached");
    asha.deletes(&first);
    asha.post(LISTS, &json!({"title": "Three"})).problem(409, "quota_reached");
    asha.delete(&format!("/v1/trash/{}", first.id), "\"2\"").expect(204);
    asha.writes(LISTS, &json!({"title": "Three"}));
}
