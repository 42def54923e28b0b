//! Question set responses: one's own answers, kept as they were given, whatever becomes of the questions.

use crate::harness::*;

const PATH: &str = "/v1/question-set-responses";
/// Shown to everybody who is in no crisis: a list, two texts and a choice of several.
const SET: &str = "/v1/question-sets/what-i-hold-against-her";
/// Withheld from people who were harmed.
const TENDER: &str = "/v1/question-sets/good-memories";

fn thanks(text: &str) -> Value {
    json!({"question": "thanks", "text": text})
}

fn body(set: &Value) -> Value {
    json!({"question_set_id": set["id"], "day": "2026-10-30", "answers": [thanks("The bread.")]})
}

#[apply(on_both_databases)]
fn answers_come_in_pieces_and_from_several_devices(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let set = asha.reads(SET);
    let open = json!({"question_set_id": set["id"], "day": "2026-10-30"});
    let begun = asha.writes(PATH, &open);
    assert_eq!((&begun.body["answers"], &begun.body["question_set_revision"]), (&json!([]), &set["revision"]));

    let phone = asha.on_another_device();
    let some = phone.changes(&begun, &json!({"answers": [thanks("The bread.")]}));
    asha.patch(&begun.path, &begun.etag, &json!({"answers": []})).problem(412, "version_mismatch");
    let list = json!({"question": "what", "items": ["The summer of 1998"], "chosen": []});
    let all = asha.changes(&some, &json!({"answers": [thanks("The bread."), list], "note": "Enough for today."}));
    assert_eq!(all.body["answers"][1]["items"], json!(["The summer of 1998"]));
    assert_eq!(phone.reads(&begun.path), all.body);
}

#[apply(on_both_databases)]
fn an_edit_of_the_set_rewrites_no_answer(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, cleo) = (world.sign_up("asha"), world.curator("cleo"));
    let before = asha.reads(SET);
    let response = asha.writes(PATH, &body(&before));

    // The curator takes the question out that was answered, and asks another one.
    let path = format!("/v1/admin/question-sets/{}", before["id"].as_str().unwrap());
    let item = Record::at(&path, &cleo.get(&path).expect(200));
    let mut questions = item.body["questions"].as_array().unwrap().clone();
    questions.retain(|question| question["key"] != "thanks");
    questions.push(json!({"key": "hope", "form": "rating", "prompt": "How much hope is left?", "options": [],
        "scale": {"lowest": 1, "highest": 5, "lowest_means": "none", "highest_means": "much"}, "columns": []}));
    let edited = cleo.changes(&item, &json!({"questions": questions}));
    let publish = cleo.request(Method::POST, &format!("{path}/transitions")).header("if-match", &edited.etag);
    publish.json(&json!({"to": "published"})).send().expect(200);
    assert_ne!(asha.reads(SET)["questions"], before["questions"]);

    assert_eq!(asha.reads(&response.path), response.body);
    let again = with(&body(&before), &json!({"id": response.id}));
    assert_eq!(asha.post(PATH, &again).expect(200).json(), response.body, "a device sends it once more");
    asha.post(PATH, &with(&again, &json!({"answers": []}))).problem(409, "id_taken");
    let kept = asha.changes(&response, &json!({"answers": [thanks("The bread, every Friday.")]}));
    assert_eq!(kept.body["question_set_revision"], before["revision"], "it goes on with the questions as they were");
    let hope = json!({"question": "hope", "rating": 2});
    let mixed = asha.patch(&kept.path, &kept.etag, &json!({"answers": [hope]}));
    mixed.fault(422, "/answers/0/question", "unknown_question");
    let pinned = asha.reads(&format!("{SET}?revision={}", before["revision"]));
    assert_eq!(pinned["questions"], before["questions"]);

    let fresh = json!({"question_set_id": before["id"], "day": "2026-11-01", "answers": [hope]});
    assert_ne!(asha.writes(PATH, &fresh).body["question_set_revision"], before["revision"]);
}

#[apply(on_both_databases)]
fn an_answer_has_its_questions_form(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (set, tip) = (asha.reads(SET), asha.reads("/v1/tips?limit=1")["items"][0].clone());
    let many: Vec<String> = (0..16).map(|number| format!("Summer {number}")).collect();
    refused(
        &asha,
        PATH,
        &body(&set),
        &[
            (json!({"answers": [{"question": "thanks", "items": ["Bread"]}]}), "/answers/0/items", "wrong_form"),
            (json!({"answers": [thanks("One."), thanks("Two.")]}), "/answers/1/question", "repeated"),
            (json!({"answers": [{"question": "mood", "text": "Calm."}]}), "/answers/0/question", "unknown_question"),
            (json!({"answers": [{"question": "wants", "chosen": ["sue"]}]}), "/answers/0/chosen/0", "unknown_option"),
            (json!({"answers": [{"question": "what", "items": many}]}), "/answers/0/items", "too_many"),
            (json!({"answers": [{"question": "thanks"}]}), "/answers/0", "no_answer"),
            (json!({"answers": [{"question": "thanks", "score": 3}]}), "/answers/0/score", "unknown_member"),
            (json!({"day": "2036-01-01"}), "/day", "in_future"),
            (json!({"day": null}), "/day", "missing_member"),
            (json!({"question_set_id": tip["id"]}), "/question_set_id", "unknown_reference"),
            (json!({"relationship_id": set["id"]}), "/relationship_id", "unknown_reference"),
        ],
    );
    let response = asha.writes(PATH, &body(&set));
    let other = asha.reads(TENDER);
    let moved = asha.patch(&response.path, &response.etag, &json!({"question_set_id": other["id"]}));
    moved.fault(422, "/question_set_id", "immutable");
    let sent = with(&response.body, &json!({"question_set_revision": 99, "note": "Mine."}));
    let after = asha.put(&response.path, &response.etag, &sent).expect(200).json();
    assert_eq!((&after["question_set_revision"], &after["note"]), (&set["revision"], &json!("Mine.")));
}

/// P3: what is withheld answers like what is not there; what was written before stays its writer's.
#[apply(on_both_databases)]
fn a_withheld_set_is_not_begun_and_old_answers_stay(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (tender, set) = (asha.reads(TENDER), asha.reads(SET));
    let scene = json!({"question_set_id": tender["id"], "day": "2026-10-30",
        "answers": [{"question": "scene", "text": "An orange, peeled for me."}]});
    let response = asha.writes(PATH, &scene);
    let harm = json!({"kinds": ["emotional"], "when": "past"});
    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "low", "harm": harm}));

    let unknown = with(&scene, &json!({"question_set_id": "01980a5c-0000-7000-8000-00000000dead"}));
    let told = |body: &Value| {
        let mut problem = asha.post(PATH, body).problem(422, "invalid_content");
        problem["request_id"] = Value::Null;
        problem
    };
    assert_eq!(told(&scene), told(&unknown));
    asha.post(PATH, &scene).fault(422, "/question_set_id", "unknown_reference");
    assert_eq!(asha.reads(&response.path), response.body);
    let kept = asha.changes(&response, &json!({"answers": [{"question": "scene", "text": "It was mine."}]}));
    assert_eq!(kept.body["answers"][0]["text"], "It was mine.");

    // What somebody hid for themselves is not begun either.
    asha.writes("/v1/marks", &json!({"kind": "hidden", "item_id": set["id"]}));
    asha.post(PATH, &body(&set)).fault(422, "/question_set_id", "unknown_reference");
}

#[apply(on_both_databases)]
fn they_are_found_by_set_person_and_day_by_nobody_else(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let mum = asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "Mum", "contact": "low"}));
    let (set, tender) = (asha.reads(SET), asha.reads(TENDER));
    let about = asha.writes(PATH, &with(&body(&set), &json!({"relationship_id": mum.id})));
    let scene = json!({"question_set_id": tender["id"], "day": "2026-11-01"});
    let other = asha.writes(PATH, &scene);
    let found = |query: &str| asha.lists(&format!("{PATH}?{query}"));
    assert_eq!(found(&format!("relationship_id={}", mum.id)), vec![about.body.clone()]);
    assert_eq!(found(&format!("question_set_id={}", tender["id"].as_str().unwrap())), vec![other.body.clone()]);
    assert_eq!(found("from=2026-10-31"), vec![other.body]);
    assert_eq!(found("to=2026-10-31"), vec![about.body.clone()]);

    bela.get(&about.path).problem(404, "not_found");
    bela.patch(&about.path, &about.etag, &json!({"note": "Mine?"})).problem(404, "not_found");
    assert_eq!(bela.lists(PATH), Vec::<Value>::new());
    let foreign = bela.post(PATH, &with(&body(&set), &json!({"relationship_id": mum.id})));
    foreign.fault(422, "/relationship_id", "unknown_reference");
}
