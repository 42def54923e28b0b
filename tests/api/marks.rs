//! Marks: favourites, what is hidden, what helped and what hurt. What somebody hid leaves everything they are shown, at once.

use std::time::Duration;

use crate::harness::*;

const PATH: &str = "/v1/marks";

/// Two tips, and the id of the first.
fn first_tips(actor: &Actor) -> (Value, Value) {
    let tips = actor.lists("/v1/tips?limit=100");
    (tips[0].clone(), tips[1].clone())
}

fn ids(items: &[Value]) -> Vec<&Value> {
    items.iter().map(|item| &item["id"]).collect()
}

#[apply(on_both_databases)]
fn what_hurt_is_gone_at_once_for_who_said_so(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let before = asha.get("/v1/tips?limit=100").expect(200);
    let (tip, other) = first_tips(&asha);
    let mark = asha.writes(PATH, &json!({"kind": "hurt", "item_id": tip["id"], "note": "It blamed me."}));
    assert_eq!(mark.body["item_kind"], "tips");

    let after = asha.get("/v1/tips?limit=100").expect(200);
    assert_ne!(after.etag(), before.etag());
    assert!(!ids(after.json()["items"].as_array().unwrap()).contains(&&tip["id"]));
    for key in [&tip["id"], &tip["slug"]] {
        asha.get(&format!("/v1/tips/{}", key.as_str().unwrap())).problem(404, "not_found");
    }
    assert_eq!(asha.lists(&format!("/v1/tips?id={}", tip["id"].as_str().unwrap())), Vec::<Value>::new());
    asha.get(&format!("/v1/tips/{}", other["slug"].as_str().unwrap())).expect(200);
    let everyone = bela.get("/v1/tips?limit=100").expect(200);
    assert_eq!(everyone.etag(), before.etag(), "nobody else sees a difference");

    asha.deletes(&mark);
    assert_eq!(asha.get("/v1/tips?limit=100").expect(200).etag(), before.etag(), "taken back");
    asha.restores(&mark);
    asha.get(&format!("/v1/tips/{}", tip["slug"].as_str().unwrap())).problem(404, "not_found");
}

#[apply(on_both_databases)]
fn pages_stay_full_and_whole_without_what_is_hidden(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let all = asha.lists("/v1/tips?limit=100&sort=-published_at");
    for tip in all.iter().step_by(3) {
        asha.writes(PATH, &json!({"kind": "hidden", "item_id": tip["id"]}));
    }
    let left: Vec<_> = all.iter().enumerate().filter(|(index, _)| index % 3 != 0).map(|(_, tip)| tip.clone()).collect();
    assert_eq!(ids(&asha.lists("/v1/tips?limit=7&sort=-published_at")), ids(&left));
    assert_eq!(asha.reads("/v1/tips?limit=7&sort=-published_at")["items"].as_array().unwrap().len(), 7);
}

#[apply(on_both_databases)]
fn a_hidden_topic_leaves_every_list_and_is_read_by_its_address(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let about = |tip: &Value| tip["topics"].as_array().unwrap().contains(&json!("forgiveness"));
    let tips = asha.lists("/v1/tips?limit=100");
    let tip = tips.iter().find(|tip| about(tip)).expect("the starter content is also about forgiveness");
    let mark = asha.writes(PATH, &json!({"kind": "hidden", "topic": "forgiveness"}));
    assert!(!asha.lists("/v1/tips?limit=100").iter().any(about));
    assert_eq!(asha.lists("/v1/tips?topics=forgiveness"), Vec::<Value>::new());
    let hidden: Vec<_> = asha.lists("/v1/programs").iter().chain(&asha.lists("/v1/steps?limit=100")).cloned().collect();
    assert!(
        !hidden
            .iter()
            .any(|item| item["topics"].as_array().is_some_and(|topics| topics.contains(&json!("forgiveness"))))
    );
    asha.get(&format!("/v1/tips/{}", tip["slug"].as_str().unwrap())).expect(200);
    asha.deletes(&mark);
    assert_eq!(asha.lists("/v1/tips?limit=100"), tips);
}

#[apply(on_both_databases)]
fn a_hidden_step_leaves_its_program_and_a_hidden_program_takes_its_steps(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let program = asha.reads("/v1/programs/accepting-the-limits");
    let step = &program["steps"][1]["id"];
    let mark = asha.writes(PATH, &json!({"kind": "hurt", "item_id": step}));
    assert_eq!(mark.body["item_kind"], "steps");
    let narrowed = asha.reads("/v1/programs/accepting-the-limits");
    assert_eq!(narrowed["steps"].as_array().unwrap().len(), program["steps"].as_array().unwrap().len() - 1);
    assert!(!narrowed.to_string().contains(step.as_str().unwrap()));
    asha.get(&format!("/v1/steps/{}", step.as_str().unwrap())).problem(404, "not_found");
    let pinned = asha.reads("/v1/programs/accepting-the-limits?revision=1");
    assert_eq!(pinned["steps"], narrowed["steps"]);

    asha.writes(PATH, &json!({"kind": "hidden", "item_id": program["id"]}));
    asha.get("/v1/programs/accepting-the-limits").problem(404, "not_found");
    assert_eq!(asha.lists("/v1/steps?program=accepting-the-limits"), Vec::<Value>::new());
}

#[apply(on_both_databases)]
fn it_counts_on_the_other_node_within_a_second(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let elsewhere = asha.on(world.node(1));
    let (tip, other) = first_tips(&elsewhere);
    let path = |tip: &Value| format!("/v1/tips/{}", tip["slug"].as_str().unwrap());
    for tip in [&tip, &other] {
        asha.writes(PATH, &json!({"kind": "hidden", "item_id": tip["id"]}));
        asha.get(&path(tip)).problem(404, "not_found");
        world.clock.advance(Duration::from_millis(1001));
        elsewhere.get(&path(tip)).problem(404, "not_found");
    }
}

#[apply(on_both_databases)]
fn favourites_hide_nothing_and_are_found_again(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let before = asha.get("/v1/tips?limit=100").expect(200);
    let (tip, other) = first_tips(&asha);
    asha.writes(PATH, &json!({"kind": "favourite", "item_id": tip["id"]}));
    asha.writes(PATH, &json!({"kind": "helpful", "item_id": other["id"]}));
    let favourites = asha.lists(&format!("{PATH}?kind=favourite"));
    assert_eq!(favourites.iter().map(|mark| &mark["item_id"]).collect::<Vec<_>>(), [&tip["id"]]);
    assert_eq!(asha.get("/v1/tips?limit=100").expect(200).etag(), before.etag());
}

#[apply(on_both_databases)]
fn marks_that_make_no_sense_are_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (tip, other) = first_tips(&asha);
    let body = json!({"kind": "hidden", "topic": "anger"});
    refused(
        &asha,
        PATH,
        &body,
        &[
            (json!({"item_id": tip["id"]}), "/topic", "invalid_combination"),
            (json!({"topic": null}), "/item_id", "invalid_combination"),
            (json!({"kind": "favourite"}), "/topic", "invalid_combination"),
            (json!({"kind": "shown", "topic": null, "item_id": tip["id"]}), "/day", "invalid_combination"),
            (json!({"day": "2026-11-02"}), "/day", "invalid_combination"),
            (
                json!({"topic": null, "item_id": "01980a5c-0000-7000-8000-00000000dead"}),
                "/item_id",
                "unknown_reference",
            ),
        ],
    );
    let mark = asha.writes(PATH, &json!({"kind": "favourite", "item_id": tip["id"]}));
    asha.patch(&mark.path, &mark.etag, &json!({"item_id": other["id"]})).fault(422, "/kind", "immutable");
    asha.changes(&mark, &json!({"note": "for bad days"}));
}

/// What is withheld cannot be told from what is not there, not even by marking it.
#[apply(on_both_databases)]
fn what_is_withheld_cannot_be_marked(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none"}));
    let program = bela.reads("/v1/programs/seven-ways-to-repair");
    let withheld = asha.post(PATH, &json!({"kind": "favourite", "item_id": program["id"]}));
    withheld.fault(422, "/item_id", "unknown_reference");
}

/// G3: who has nobody to call is not told to call.
#[apply(on_both_databases)]
fn nobody_is_told_to_call_someone_who_died_or_whom_nobody_knows(#[case] engine: Engine) {
    let world = World::start(engine);
    for (name, contact, word) in [("asha", "deceased", "deceased"), ("bela", "unknown", "unknown_mother")] {
        let person = world.sign_up(name);
        let calls = |item: &Value| {
            item["nudges"].as_array().unwrap().contains(&json!("contact"))
                || item["contraindications"].as_array().unwrap().contains(&json!(word))
        };
        let everything = |person: &Actor| {
            let lists = ["/v1/tips?limit=100", "/v1/programs?limit=100", "/v1/steps?limit=100"];
            lists.iter().flat_map(|list| person.lists(list)).collect::<Vec<_>>()
        };
        let before = everything(&person);
        let withheld: Vec<_> = before.iter().filter(|item| calls(item)).collect();
        assert!(!withheld.is_empty());
        let her = json!({"figure": "mother", "name": "Her", "contact": contact, "goal": "grieve"});
        person.writes("/v1/relationships", &her);
        let after = everything(&person);
        assert!(!after.is_empty() && !after.iter().any(calls));
        assert_eq!(person.reads("/v1/me")["outreach_content"], "shown", "this is not the flag");
        let step = withheld.iter().find(|item| item["kind"] == "tip").expect("a tip calls");
        person.get(&format!("/v1/tips/{}", step["slug"].as_str().unwrap())).problem(404, "not_found");
        // Somebody else who can be reached: what is about her is for her.
        person.writes("/v1/relationships", &json!({"figure": "stepmother", "name": "S", "contact": "in_touch"}));
        assert_eq!(everything(&person).len(), before.len());
    }
}
