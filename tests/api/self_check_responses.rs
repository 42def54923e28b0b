//! Self-check responses: the text that answers what was answered, in the words that were published; never a score.

use crate::harness::*;

const PATH: &str = "/v1/self-check-responses";
/// Seven lines to choose from, and a text.
const KIND: &str = "/v1/self-checks/the-kind-voice";
/// Three choices; withheld from people who were harmed.
const WILLING: &str = "/v1/self-checks/are-we-both-willing";

fn lines(chosen: &[&str]) -> Value {
    json!([{"question": "lines", "chosen": chosen}])
}

fn body(check: &Value, answers: &Value) -> Value {
    json!({"self_check_id": check["id"], "day": "2026-10-30", "answers": answers})
}

/// The text of that key as curators published it.
#[track_caller]
fn result(check: &Value, key: &str) -> Value {
    let results = check["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["key"] == key).expect("the check has such a text");
    json!({"key": key, "text": result["text"]})
}

fn marks_harm(actor: &Actor) {
    let harm = json!({"kinds": ["emotional"], "when": "past"});
    actor.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "low", "harm": harm}));
}

#[apply(on_both_databases)]
fn the_text_follows_from_what_was_answered(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let check = asha.reads(KIND);
    let begun = asha.writes(PATH, &body(&check, &json!([])));
    assert_eq!(begun.body["result"], Value::Null, "nothing answers nothing");
    for member in ["edition", "not_a_diagnosis"] {
        assert_eq!(begun.body[member], check[member], "{member}");
    }
    let all = ["worth", "others", "close", "calm", "bend"];
    let mut response = begun;
    for (count, key) in [(5, "many"), (4, "some"), (2, "some"), (1, "else")] {
        response = asha.changes(&response, &json!({"answers": lines(&all[..count])}));
        assert_eq!(response.body["result"], result(&check, key), "{count} lines");
    }
    let told = response.body.to_string();
    for number in ["score", "count", "percent", "rank"] {
        assert!(!told.contains(&format!("{number}\"")), "{number} in {told}");
    }

    let check = asha.reads(WILLING);
    let says = |work: &str, answer: &str| {
        let answers = json!([{"question": "work", "chosen": [work]}, {"question": "answer", "chosen": [answer]}]);
        asha.writes(PATH, &body(&check, &answers)).body["result"].clone()
    };
    assert_eq!(says("yes", "yes"), result(&check, "both"), "all conditions hold");
    assert_eq!(says("yes", "unsure"), result(&check, "else"));
    assert_eq!(says("no", "blame"), result(&check, "blame"), "the first that fits");
}

#[apply(on_both_databases)]
fn a_response_keeps_the_text_and_the_edition_of_its_day(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, cleo) = (world.sign_up("asha"), world.curator("cleo"));
    let before = asha.reads(KIND);
    let response = asha.writes(PATH, &body(&before, &lines(&["worth", "calm"])));

    let path = format!("/v1/admin/self-checks/{}", before["id"].as_str().unwrap());
    let item = Record::at(&path, &cleo.get(&path).expect(200));
    let mut results = item.body["results"].as_array().unwrap().clone();
    results[0]["when"][0]["at_least"] = json!(1);
    results[0]["text"] = json!("Other words.");
    let edited = cleo.changes(&item, &json!({"results": results, "edition": 2}));
    let publish = cleo.request(Method::POST, &format!("{path}/transitions")).header("if-match", &edited.etag);
    publish.json(&json!({"to": "published"})).send().expect(200);

    assert_eq!(asha.reads(&response.path), response.body);
    let noted = asha.changes(&response, &json!({"note": "On a Friday.", "answers": lines(&["calm", "bend"])}));
    assert_eq!(noted.body["result"], result(&before, "some"), "an old response is answered by the old texts");
    let today = asha.writes(PATH, &body(&before, &lines(&["worth"])));
    assert_eq!((&today.body["edition"], &noted.body["edition"]), (&json!(2), &json!(1)));
    assert_eq!(today.body["result"], json!({"key": "many", "text": "Other words."}));
    let history = asha.lists(&format!("{PATH}?self_check_id={}", before["id"].as_str().unwrap()));
    assert_eq!(history, vec![today.body, noted.body], "the list is the history");
}

/// P3: the past stays its writer's; what the check would say anew is not said while it is withheld.
#[apply(on_both_databases)]
fn a_withheld_check_keeps_its_past_and_says_nothing_new(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let check = asha.reads(WILLING);
    let answers = |work: &str| json!([{"question": "work", "chosen": [work]}]);
    let response = asha.writes(PATH, &body(&check, &answers("no")));
    assert_eq!(response.body["result"], result(&check, "no"));
    marks_harm(&asha);

    asha.get(WILLING).problem(404, "not_found");
    asha.post(PATH, &body(&check, &answers("yes"))).fault(422, "/self_check_id", "unknown_reference");
    assert_eq!(asha.reads(&response.path), response.body);
    let noted = asha.changes(&response, &json!({"note": "It was so then."}));
    assert_eq!(noted.body["result"], response.body["result"], "it stands beside the answers that it answered");
    let changed = asha.changes(&noted, &json!({"answers": answers("unsure")}));
    assert_eq!(changed.body["result"], Value::Null);
    assert_eq!(changed.body["answers"][0]["chosen"], json!(["unsure"]));

    let me = asha.get("/v1/me").expect(200);
    asha.put("/v1/me/outreach", &me.etag(), &json!({"outreach_content": "shown", "confirm": true})).expect(200);
    let opened = asha.changes(&changed, &json!({"note": "Looked at again."}));
    assert_eq!(opened.body["result"], result(&check, "else"));
    asha.writes("/v1/marks", &json!({"kind": "hurt", "item_id": check["id"]}));
    let hidden = asha.changes(&opened, &json!({"answers": answers("no")}));
    assert_eq!(hidden.body["result"], Value::Null, "what hurt says nothing more either");
}

#[apply(on_both_databases)]
fn a_wrong_answer_is_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (check, set) = (asha.reads(KIND), asha.reads("/v1/question-sets?limit=1")["items"][0].clone());
    refused(
        &asha,
        PATH,
        &body(&check, &lines(&["worth"])),
        &[
            (json!({"answers": [{"question": "lines", "text": "All."}]}), "/answers/0/text", "wrong_form"),
            (json!({"answers": lines(&["worth", "rich"])}), "/answers/0/chosen/1", "unknown_option"),
            (json!({"answers": [{"question": "mood", "rating": 3}]}), "/answers/0/question", "unknown_question"),
            (json!({"self_check_id": set["id"]}), "/self_check_id", "unknown_reference"),
            (json!({"score": 5}), "/score", "unknown_member"),
        ],
    );
    let response = asha.writes(PATH, &body(&check, &lines(&["worth"])));
    let sent = with(&response.body, &json!({"edition": 9, "result": {"key": "many", "text": "Fine."}, "note": "Mine."}));
    let after = asha.put(&response.path, &response.etag, &sent).expect(200).json();
    assert_eq!((&after["edition"], &after["result"]), (&json!(1), &result(&check, "else")));
}

/// No staff, no other person and no count learns that somebody took a check.
#[apply(on_both_databases)]
fn nobody_else_learns_of_it(#[case] engine: Engine) {
    let world = World::with(engine, |config| {
        config.catalogue.reports_to_review = 1;
        config.catalogue.smallest_count = 1;
    });
    let (asha, bela, cleo, alma) =
        (world.sign_up("asha"), world.sign_up("bela"), world.curator("cleo"), world.admin("alma"));
    let check = asha.reads(KIND);
    let response = asha.writes(PATH, &body(&check, &lines(&["worth"])));
    for other in [&bela, &cleo, &alma] {
        other.get(&response.path).problem(404, "not_found");
        assert_eq!(other.lists(PATH), Vec::<Value>::new());
    }
    assert_eq!(cleo.lists("/v1/admin/signals"), Vec::<Value>::new());
    bela.writes("/v1/marks", &json!({"kind": "helpful", "item_id": check["id"]}));
    assert_eq!(cleo.lists("/v1/admin/signals").len(), 1, "what counts is counted");
}
