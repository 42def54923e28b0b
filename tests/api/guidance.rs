//! What may help now: relations and guards that travel, the tip of the day, the next few things with their reasons.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::harness::*;

const FORGIVE: &str = "/v1/tips/forgive-for-your-own-sake";

#[apply(on_both_databases)]
fn guards_travel_with_what_they_guard(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let whole = asha.reads(FORGIVE);
    let guard = &whole["guards"][0];
    assert_eq!(guard["slug"], "no-one-may-go-on-hurting-you");
    assert!(guard["text"].as_str().is_some_and(|text| !text.is_empty()));
    let listed = asha.lists("/v1/tips?limit=100");
    let listed = listed.iter().find(|tip| tip["id"] == whole["id"]).unwrap();
    assert_eq!(listed["guards"], whole["guards"], "in lists too");
    assert_eq!(asha.reads(&format!("{FORGIVE}?revision={}", whole["revision"]))["guards"], whole["guards"]);

    asha.writes("/v1/marks", &json!({"kind": "hidden", "item_id": guard["id"]}));
    assert!(!asha.reads(FORGIVE).to_string().contains("no-one-may-go-on-hurting-you"), "what is hidden is not named");
}

#[apply(on_both_databases)]
fn relations_are_seen_from_both_ends_and_only_in_sight(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let ends = |path: &str| -> Vec<(String, String, String)> {
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let page = asha.reads(&format!("{path}/related"));
        let found = page["items"].as_array().unwrap().clone();
        found.iter().map(|one| (word(&one["type"]), word(&one["direction"]), word(&one["item"]["slug"]))).collect()
    };
    let guards = |direction: &str, slug: &str| ("guards".to_owned(), direction.to_owned(), slug.to_owned());
    assert_eq!(ends(FORGIVE)[0], guards("from", "no-one-may-go-on-hurting-you"), "what must be known comes first");
    let guard = "/v1/tips/no-one-may-go-on-hurting-you";
    assert!(ends(guard).contains(&guards("to", "forgive-for-your-own-sake")));

    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none"}));
    asha.get(&format!("{FORGIVE}/related")).problem(404, "not_found");
    assert!(!ends(guard).iter().any(|(_, _, slug)| slug == "forgive-for-your-own-sake"));
}

#[apply(on_both_databases)]
fn no_tip_has_a_second_day_before_all_had_one(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    // A short round: everything else is hidden.
    let tips = asha.lists("/v1/tips?limit=100");
    for tip in tips.iter().skip(4) {
        asha.writes("/v1/marks", &json!({"kind": "hidden", "item_id": tip["id"]}));
    }
    let left: BTreeSet<String> = tips.iter().take(4).map(|tip| tip["id"].to_string()).collect();
    for round in 0..2 {
        let mut seen = BTreeSet::new();
        for _ in 0..left.len() {
            let day = asha.reads("/v1/day");
            assert_eq!(asha.reads("/v1/day"), day, "one tip all day long");
            seen.insert(day["tip"]["id"].to_string());
            world.clock.advance(Duration::from_hours(24));
            asha.signs_in();
        }
        assert_eq!(seen, left, "round {round}");
    }
}

#[apply(on_both_databases)]
fn the_day_is_the_persons_own_and_hides_what_is_hidden(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    // It is 09:00 in UTC: in Auckland it is the same day, in Honolulu the day before.
    assert_eq!(asha.reads("/v1/day?time_zone=Pacific/Auckland")["day"], "2026-11-02");
    assert_eq!(asha.reads("/v1/day?time_zone=Pacific/Honolulu")["day"], "2026-11-01");
    asha.get("/v1/day?time_zone=Mars").fault(400, "?time_zone", "wrong_value");
    let first = asha.reads("/v1/day")["tip"].clone();
    asha.writes("/v1/marks", &json!({"kind": "hurt", "item_id": first["id"]}));
    let second = asha.reads("/v1/day")["tip"].clone();
    assert_ne!(second["id"], first["id"]);
    assert_eq!(asha.reads("/v1/day")["tip"]["id"], second["id"]);
    assert!(asha.lists("/v1/marks?kind=shown").iter().any(|mark| mark["item_id"] == second["id"]));
}

#[apply(on_both_databases)]
fn next_says_why(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let codes = |answer: &Value| -> BTreeSet<String> {
        let items = answer["items"].as_array().unwrap();
        let reasons = items.iter().flat_map(|item| item["reasons"].as_array().unwrap().clone());
        reasons.map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
    };
    let nothing = asha.reads("/v1/next");
    assert_eq!((&nothing["relationship_id"], &nothing["help_first"]), (&Value::Null, &json!(false)));
    assert_eq!(codes(&nothing), BTreeSet::from(["beginning".to_owned()]));

    let her = asha.writes(
        "/v1/relationships",
        &json!({
            "figure": "mother", "name": "Mum", "contact": "low", "goal": "keep_peace", "situations": ["guilt_trips"],
        }),
    );
    let next = asha.reads("/v1/next");
    assert_eq!(next["relationship_id"], json!(her.id));
    assert!(codes(&next).contains("fits_goal") || codes(&next).contains("fits_situation"), "{next}");
    let program = asha.reads("/v1/programs/five-steps-to-a-better-footing");
    let run = asha.writes("/v1/program-runs", &json!({"program_id": program["id"], "relationship_id": her.id}));
    let next = asha.reads("/v1/next");
    assert_eq!(next["items"][0]["run_id"], json!(run.id));
    assert_eq!(next["items"][0]["item"]["id"], program["steps"][0]["id"]);
    assert_eq!(next["items"][0]["reasons"][0]["code"], "continues_run");

    asha.changes(&her, &json!({"goal": "distance", "harm": {"kinds": ["control"], "when": "now"}}));
    let next = asha.reads("/v1/next");
    assert_eq!(next["help_first"], true);
    for item in next["items"].as_array().unwrap() {
        assert_eq!(item["item"]["nudges"], json!([]), "{item}");
        assert_eq!(item["run_id"], Value::Null, "a program that is withheld by now leads nowhere");
    }
    let unknown = asha.get("/v1/next?relationship_id=01980a5c-0000-7000-8000-00000000dead");
    unknown.fault(400, "?relationship_id", "unknown_reference");
}

#[apply(on_both_databases)]
fn what_was_answered_steps_back_behind_what_is_new(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let set = asha.reads("/v1/question-sets/good-memories");
    asha.writes("/v1/marks", &json!({"kind": "favourite", "item_id": set["id"]}));
    let first = || asha.reads("/v1/next")["items"][0]["item"]["id"].clone();
    assert_eq!(first(), set["id"], "a favourite comes first");
    asha.writes("/v1/question-set-responses", &json!({"question_set_id": set["id"], "day": "2026-11-02"}));
    assert_ne!(first(), set["id"]);
}
