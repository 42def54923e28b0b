//! Programs that branch: by answers, goal and safety; every ending counts the same, and no step is out of reach.

use crate::harness::*;

const PROGRAM: &str = "/v1/programs/seven-ways-to-repair";

/// A run through the starter program, and the program.
fn starts(asha: &Actor) -> (Record, Value) {
    let program = asha.reads(PROGRAM);
    let run = asha.writes("/v1/program-runs", &json!({"program_id": program["id"]}));
    (run, program)
}

/// Sets a step of the run.
fn sets(asha: &Actor, run: &Record, program: &Value, step: usize, body: &Value) -> Record {
    let path = format!("{}/steps/{}", run.path, program["steps"][step]["id"].as_str().unwrap());
    Record::at(&run.path, &asha.put(&path, &run.etag, body).expect(200))
}

fn answers(question: &str, chosen: &str) -> Value {
    json!({"state": "done", "answer": {"answers": [{"question": question, "chosen": [chosen]}]}})
}

#[apply(on_both_databases)]
fn only_blame_and_attack_leads_to_accepting_and_never_to_trying_again(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (mut run, program) = starts(&asha);
    let next = |run: &Record| asha.reads(&format!("{}/next", run.path));
    let done = json!({"state": "done"});
    assert_eq!(next(&run)["step"]["id"], program["steps"][0]["id"]);
    for step in 0..2 {
        run = sets(&asha, &run, &program, step, &done);
    }
    run = sets(&asha, &run, &program, 2, &answers("ready", "heard"));
    assert_eq!(next(&run)["step"]["slug"], "listen-all-the-way");
    run = sets(&asha, &run, &program, 2, &answers("ready", "blame"));
    let after = next(&run);
    assert_eq!(after["step"]["slug"], "see-what-cannot-be-mended");
    assert_eq!(after["step"]["nudges"], json!([]));
    run = sets(&asha, &run, &program, 6, &done);
    let over = next(&run);
    assert_eq!((&over["is_over"], &over["step"]), (&json!(true), &Value::Null), "nothing sends back to trying");
    // An answer may be changed, and with it the way.
    run = sets(&asha, &run, &program, 2, &answers("ready", "curious"));
    assert_eq!(next(&run)["step"]["slug"], "listen-all-the-way");
    assert_eq!(run.body["steps"].as_array().unwrap().len(), 7);
}

#[apply(on_both_databases)]
fn every_ending_is_told_in_the_same_way(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (mut run, program) = starts(&asha);
    for step in 0..6 {
        run = sets(&asha, &run, &program, step, &json!({"state": if step % 2 == 0 { "done" } else { "skipped" }}));
    }
    for (chosen, ending) in
        [("closer", "repair"), ("calmer", "keep_peace"), ("farther", "distance"), ("finished", "leave")]
    {
        run = sets(&asha, &run, &program, 6, &answers("choose", chosen));
        let told = asha.reads(&format!("{}/next", run.path));
        assert_eq!(told, json!({"step": null, "again": false, "is_over": true, "ending": ending}));
    }
    let mut shapes = Vec::new();
    for (state, ending) in [("completed", "repair"), ("completed", "leave"), ("left", "grieve"), ("left", "distance")] {
        run = asha.changes(&run, &json!({"state": state, "ending": ending}));
        shapes.push(run.body.as_object().unwrap().keys().cloned().collect::<Vec<_>>());
        run = asha.changes(&run, &json!({"state": "active", "ending": null}));
    }
    shapes.dedup();
    assert_eq!(shapes.len(), 1, "no ending has a member that another has not");
    assert!(!run.body.to_string().contains("streak"));
}

#[apply(on_both_databases)]
fn what_leads_nowhere_is_not_published(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let step = |slug: &str, next: Value| {
        json!({
            "slug": slug, "title": slug, "summary": "A step.", "nudges": [], "contraindications": [],
            "content_warnings": [], "minutes": 5, "action": "Do it.", "guard": "You may stop.", "body": "Words.",
            "sources": [], "next": next, "exercise": {"kind": "reflection", "prompt": "How is it?", "questions": [{
                "key": "how", "form": "choice", "prompt": "How?",
                "options": [{"value": "well", "label": "Well"}, {"value": "badly", "label": "Badly"}],
            }]},
        })
    };
    let to = |slug: &str| json!({"when": [], "to": slug, "withholds": false});
    let cases = [
        (json!([to("step-c")]), json!([]), json!([]), "/steps/1", "unreachable"),
        (json!([]), json!([to("step-a")]), json!([]), "/steps/2", "unreachable"),
        (json!([]), json!([]), json!([to("step-b")]), "/steps/0/next", "dead_end"),
        (json!([to("step-x")]), json!([]), json!([]), "/steps/0/next/0/to", "unknown_step"),
        (
            json!([{"when": [{"kind": "answer", "question": "why", "any_of": ["well"]}], "to": "step-c", "withholds": false}]),
            json!([]),
            json!([]),
            "/steps/0/next/0/when/0/question",
            "cannot_hold",
        ),
    ];
    let example = crate::harness::examples::Examples::of(&cleo).curated("programs", "branches");
    let path = format!("/v1/admin/programs/{}", example["id"].as_str().unwrap());
    for (a, b, c, pointer, code) in cases {
        let etag = cleo.get(&path).expect(200).etag();
        let steps = json!({"steps": [step("step-a", a), step("step-b", b), step("step-c", c)]});
        let changed = cleo.patch(&path, &etag, &steps).expect(200);
        let publish = cleo.request(Method::POST, &format!("{path}/transitions")).header("if-match", &changed.etag());
        publish.json(&json!({"to": "published"})).send().fault(422, pointer, code);
    }
}
