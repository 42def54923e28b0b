//! Program runs: pinned to a revision, any state after any other, and nothing counted.

use crate::harness::*;

const PATH: &str = "/v1/program-runs";

fn program(actor: &Actor, slug: &str) -> Value {
    actor.reads(&format!("/v1/programs/{slug}"))
}

fn start(actor: &Actor, slug: &str) -> Record {
    actor.writes(PATH, &json!({"program_id": program(actor, slug)["id"]}))
}

/// Sets the step of that number and gives the run as it is then.
#[track_caller]
fn set(actor: &Actor, run: &Record, number: usize, step: &Value) -> Record {
    let path = step_path(run, number);
    Record::at(&run.path, &actor.put(&path, &run.etag, step).expect(200))
}

fn step_path(run: &Record, number: usize) -> String {
    format!("{}/steps/{}", run.path, run.body["steps"][number]["step_id"].as_str().unwrap())
}

#[apply(on_both_databases)]
fn a_run_begins_with_every_step_open(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let program = program(&asha, "five-steps-to-a-better-footing");
    let run = start(&asha, "five-steps-to-a-better-footing");
    assert_eq!(run.body["program_revision"], program["revision"]);
    assert_eq!((&run.body["state"], &run.body["ending"]), (&json!("active"), &Value::Null));
    let ids = |value: &Value, name: &str| -> Vec<Value> {
        value["steps"].as_array().unwrap().iter().map(|step| step[name].clone()).collect()
    };
    assert_eq!(ids(&run.body, "step_id"), ids(&program, "id"));
    assert_eq!(ids(&run.body, "state"), vec![json!("open"); 5]);
    assert_eq!(asha.reads(&run.path), run.body);
}

#[apply(on_both_databases)]
fn every_state_of_a_step_follows_every_other(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let states = ["open", "done", "skipped", "revisit"];
    let mut run = start(&asha, "five-steps-to-a-better-footing");
    for from in states {
        for to in states {
            run = set(&asha, &run, 2, &json!({"state": from}));
            run = set(&asha, &run, 2, &json!({"state": to}));
            assert_eq!(run.body["steps"][2]["state"], to);
        }
    }
    assert_eq!(run.body["steps"][1]["updated_at"], Value::Null);
    let text = run.body.to_string();
    for counted in ["streak", "missed", "overdue", "days_"] {
        assert!(!text.contains(counted), "{counted} is counted against nobody");
    }
}

#[apply(on_both_databases)]
fn a_step_keeps_its_note_and_its_answer(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let run = start(&asha, "seven-ways-to-repair");
    let answer = json!({"text": "She moved house four times.", "items": ["1962", "1968"], "answers": []});
    let run = set(&asha, &run, 0, &json!({"state": "done", "note": "Easier in the morning.", "answer": answer}));
    let done = run.body["steps"][0].clone();
    assert_eq!((&done["note"], &done["answer"]), (&json!("Easier in the morning."), &answer));
    assert!(done["completed_at"].is_string());

    world.clock.advance(std::time::Duration::from_secs(90));
    let again = set(&asha, &run, 0, &json!({"state": "done", "note": "Easier in the morning.", "answer": answer}));
    assert_eq!(again.version, run.version, "the same once more is no new version");
    let run = set(&asha, &run, 0, &json!({"state": "revisit", "answer": answer}));
    assert_eq!(run.body["steps"][0]["completed_at"], done["completed_at"]);
    assert_eq!(run.body["steps"][0]["note"], Value::Null);
    let run = set(&asha, &run, 0, &json!({"state": "open"}));
    assert_eq!((&run.body["steps"][0]["completed_at"], &run.body["steps"][0]["answer"]), (&Value::Null, &Value::Null));
    let versions = asha.lists(&format!("{}/revisions", run.path));
    assert!(versions.iter().any(|version| version["content"]["steps"][0] == done), "history keeps what was written");
}

#[apply(on_both_databases)]
fn a_step_is_set_on_the_version_that_was_seen(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, noor) = (world.sign_up("asha"), world.sign_up("noor"));
    let run = start(&asha, "seven-ways-to-repair");
    let (path, done) = (step_path(&run, 0), json!({"state": "done"}));
    let later = set(&asha, &run, 1, &done);
    let stale = asha.put(&path, &run.etag, &done);
    stale.problem(412, "version_mismatch");
    assert_eq!(stale.etag(), later.etag);
    asha.request(Method::PUT, &path).json(&done).send().problem(428, "precondition_required");

    noor.put(&path, &later.etag, &done).problem(404, "not_found");
    let elsewhere = start(&asha, "accepting-the-limits");
    let other = format!("{}/steps/{}", run.path, elsewhere.body["steps"][0]["step_id"].as_str().unwrap());
    asha.put(&other, &later.etag, &done).problem(404, "not_found");
    asha.put(&format!("{}/steps/first", run.path), &later.etag, &done).problem(404, "not_found");

    for (body, pointer, code) in [
        (json!({}), "/state", "missing_member"),
        (json!({"state": "failed"}), "/state", "unknown_value"),
        (json!({"state": "done", "answer": {}}), "/answer", "invalid_combination"),
        (json!({"state": "done", "answer": {"score": 3}}), "/answer/score", "unknown_member"),
        (json!({"state": "done", "note": "a".repeat(4001)}), "/note", "too_long"),
    ] {
        asha.put(&path, &later.etag, &body).fault(422, pointer, code);
    }
    assert_eq!(asha.reads(&run.path), later.body);
}

#[apply(on_both_databases)]
fn every_state_of_a_run_follows_every_other_and_all_endings_are_equal(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let mut run = start(&asha, "seven-ways-to-repair");
    for from in ["active", "paused", "completed", "left"] {
        for to in ["active", "paused", "completed", "left"] {
            run = asha.changes(&run, &json!({"state": from}));
            run = asha.changes(&run, &json!({"state": to}));
        }
    }
    for ending in ["repair", "keep_peace", "accept_limits", "distance", "leave", "grieve"] {
        for state in ["completed", "left"] {
            run = asha.changes(&run, &json!({"state": state, "ending": ending}));
            assert_eq!(run.body["ending"], ending);
        }
    }
    asha.patch(&run.path, &run.etag, &json!({"state": "active"})).fault(422, "/ending", "invalid_combination");
    let run = asha.changes(&run, &json!({"state": "active", "ending": null}));
    assert_eq!(run.body["state"], "active");
}

#[apply(on_both_databases)]
fn what_only_the_service_sets_is_not_taken_from_a_request(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let run = start(&asha, "seven-ways-to-repair");
    let run = set(&asha, &run, 0, &json!({"state": "done"}));
    let mut sent = run.body.clone();
    sent["program_revision"] = json!(99);
    sent["steps"] = json!([]);
    sent["intention"] = json!("To hear her out.");
    let after = Record::at(&run.path, &asha.put(&run.path, &run.etag, &sent).expect(200));
    assert_eq!(after.body["intention"], "To hear her out.");
    assert_eq!(
        (&after.body["steps"], &after.body["program_revision"]),
        (&run.body["steps"], &run.body["program_revision"])
    );

    let other = program(&asha, "accepting-the-limits");
    asha.patch(&after.path, &after.etag, &json!({"program_id": other["id"]})).fault(422, "/program_id", "immutable");
    let tip = &asha.reads("/v1/tips?limit=1")["items"][0];
    refused(
        &asha,
        PATH,
        &json!({"program_id": other["id"]}),
        &[
            (json!({"program_id": tip["id"]}), "/program_id", "unknown_reference"),
            (json!({"relationship_id": run.id}), "/relationship_id", "unknown_reference"),
            (json!({"ending": "repair"}), "/ending", "invalid_combination"),
            (json!({"state": "failed"}), "/state", "unknown_value"),
            (json!({"started_on": "2036-01-01"}), "/started_on", "in_future"),
        ],
    );
}

#[apply(on_both_databases)]
fn runs_are_found_by_program_person_and_state(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let mum = asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "Mum", "contact": "low"}));
    let (seven, five) = (start(&asha, "seven-ways-to-repair"), start(&asha, "five-steps-to-a-better-footing"));
    let five = asha.changes(&five, &json!({"relationship_id": mum.id, "state": "paused", "started_on": "2026-10-01"}));
    let found = |query: &str| asha.lists(&format!("{PATH}?{query}"));
    assert_eq!(found(&format!("relationship_id={}", mum.id)), vec![five.body.clone()]);
    assert_eq!(found("state=active"), vec![seven.body.clone()]);
    assert_eq!(found("state=active&state=paused").len(), 2);
    assert_eq!(found(&format!("program_id={}", seven.body["program_id"].as_str().unwrap())), vec![seven.body]);
    assert_eq!(found("from=2026-10-01"), vec![five.body]);
}

#[apply(on_both_databases)]
fn a_run_stays_with_the_revision_that_it_began_with(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, cleo) = (world.sign_up("asha"), world.curator("cleo"));
    let slug = "five-steps-to-a-better-footing";
    let (before, run) = (program(&asha, slug), start(&asha, slug));

    // The curator takes the first step out and gives the program another title.
    let path = format!("/v1/admin/programs/{}", before["id"].as_str().unwrap());
    let item = Record::at(&path, &cleo.get(&path).expect(200));
    let mut steps = item.body["steps"].as_array().unwrap().clone();
    steps.remove(0);
    let edited = cleo.changes(&item, &json!({"title": "Four steps", "steps": steps}));
    assert_eq!(program(&asha, slug), before, "readers see nothing of a draft");
    let publish = cleo.request(Method::POST, &format!("{path}/transitions")).header("if-match", &edited.etag);
    publish.json(&json!({"to": "published"})).send().expect(200);

    let after = program(&asha, slug);
    assert_eq!((&after["title"], after["steps"].as_array().unwrap().len()), (&json!("Four steps"), 4));
    assert_eq!(asha.reads(&run.path), run.body);
    let run = set(&asha, &run, 0, &json!({"state": "done", "note": "The step that is gone."}));
    assert_eq!(run.body["program_revision"], before["revision"]);
    let pinned = asha.reads(&format!("/v1/programs/{slug}?revision={}", run.body["program_revision"]));
    assert_eq!((&pinned["title"], &pinned["steps"]), (&before["title"], &before["steps"]));

    let fresh = start(&asha, slug);
    assert_eq!(fresh.body["program_revision"], after["revision"]);
    assert_eq!(fresh.body["steps"].as_array().unwrap().len(), 4);
}

#[apply(on_both_databases)]
fn an_answer_has_the_form_of_its_question(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let run = start(&asha, "seven-ways-to-repair");
    let path = step_path(&run, 3);
    let step = |answers: Value| json!({"state": "done", "answer": {"answers": answers}});
    let present = |rating: i64| json!({"question": "present", "rating": rating});
    for (answers, pointer, code) in [
        (json!([present(6)]), "/answer/answers/0/rating", "off_the_scale"),
        (json!([present(3), present(4)]), "/answer/answers/1/question", "repeated"),
        (json!([{"question": "mood", "text": "Calm."}]), "/answer/answers/0/question", "unknown_question"),
        (json!([{"question": "present", "text": "Very."}]), "/answer/answers/0/text", "wrong_form"),
        (json!([{"question": "first"}]), "/answer/answers/0", "no_answer"),
        (json!([{"question": "how", "chosen": ["dance"]}]), "/answer/answers/0/chosen/0", "unknown_option"),
        (json!([{"question": "how", "chosen": ["talk", "fine"]}]), "/answer/answers/0/chosen", "too_many"),
    ] {
        asha.put(&path, &run.etag, &step(answers)).fault(422, pointer, code);
    }
    assert_eq!(asha.reads(&run.path), run.body, "what was refused changed nothing");
    let fitting = json!([
        present(4), {"question": "how", "chosen": ["talk"]},
        {"question": "first", "text": "She was afraid of the dark as well."},
    ]);
    let run = set(&asha, &run, 3, &step(fitting));
    let kept = &run.body["steps"][3]["answer"]["answers"];
    assert_eq!((&kept[0]["rating"], &kept[1]["chosen"]), (&json!(4), &json!(["talk"])));
    assert_eq!(asha.reads(&run.path), run.body);
}
