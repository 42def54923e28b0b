//! The main job in one story: from registering to publishing, as the README tells it, on both databases.

use crate::harness::*;

#[apply(on_both_databases)]
fn somebody_works_through_a_program_and_keeps_what_is_theirs(#[case] engine: Engine) {
    let world = World::start(engine);
    let noor = world.sign_up("noor");
    assert_eq!(noor.reads("/v1/me")["role"], "user");

    reads_tips(&noor);
    let mum = json!({"figure": "mother", "name": "Mum", "contact": "low", "goal": "keep_peace"});
    let mum = noor.writes("/v1/relationships", &mum);
    let (run, step) = starts_a_program(&noor);
    // Whom it is about can be said later, too.
    let run = noor.changes(&run, &json!({"relationship_id": mum.id}));
    assert_eq!(run.body["steps"][0]["state"], "done");

    let entry = writes_about_the_step(&noor, &mum, &step);
    let boundary = draws_a_boundary(&noor, &mum);
    edits_and_looks_back(&noor, &entry);
    pages_deletes_and_restores(&noor, &entry);
    publishes_a_tip(&world, &noor);

    let sam = world.sign_up("sam");
    for collection in
        ["relationships", "program-runs", "journal-entries", "boundary-lists", "boundaries", "boundary-events"]
    {
        assert_eq!(sam.lists(&format!("/v1/{collection}")), Vec::<Value>::new());
    }
    for record in [&mum, &run, &entry, &boundary] {
        sam.get(&record.path).problem(404, "not_found");
    }
}

fn reads_tips(noor: &Actor) {
    let tips = noor.lists("/v1/tips?limit=20");
    assert!(tips.len() >= 24, "the starter catalogue holds {} tips", tips.len());
    let some = noor.lists("/v1/tips?topics=boundaries&stance=keep_peace");
    assert!(!some.is_empty() && some.len() < tips.len());
    for tip in &some {
        assert_eq!(tip["stance"], "keep_peace");
        assert!(tip["topics"].as_array().unwrap().contains(&json!("boundaries")));
    }
    let slug = some[0]["slug"].as_str().unwrap();
    let tip = noor.reads(&format!("/v1/tips/{slug}"));
    for member in ["action", "guard", "not_for"] {
        assert!(tip[member].is_string(), "{member} of {slug}");
    }
    assert!(tip["sources"][0]["line"].is_number());
    assert_eq!(noor.reads(&format!("/v1/tips/{}", tip["id"].as_str().unwrap())), tip);
}

/// Gives the run with its first step done, and that step's id.
fn starts_a_program(noor: &Actor) -> (Record, String) {
    let program = noor.reads("/v1/programs/five-steps-to-a-better-footing");
    let step = program["steps"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(noor.reads(&format!("/v1/steps/{step}"))["id"], program["steps"][0]["id"]);
    let run = noor.writes("/v1/program-runs", &json!({"program_id": program["id"]}));
    let done = json!({"state": "done", "note": "I wrote down three things that set us off."});
    let answer = noor.put(&format!("{}/steps/{step}", run.path), &run.etag, &done).expect(200);
    let run = Record::at(&run.path, &answer);
    assert_eq!(run.body["steps"][0]["note"], done["note"]);
    (run, step)
}

fn writes_about_the_step(noor: &Actor, mum: &Record, step: &str) -> Record {
    let entry = json!({
        "text": "She asked about my work, and for once I told her.",
        "day": "2026-05-10", "time_zone": "Europe/Berlin",
        "feelings": [{"name": "relief"}, {"name": "sadness"}],
        "relationship_id": mum.id,
        "links": [{"kind": "step", "id": step}],
    });
    let entry = noor.writes("/v1/journal-entries", &entry);
    assert_eq!(noor.lists(&format!("/v1/journal-entries?linked_id={step}")), vec![entry.body.clone()]);
    entry
}

fn draws_a_boundary(noor: &Actor, mum: &Record) -> Record {
    let list = noor.writes("/v1/boundary-lists", &json!({"title": "Phone calls", "relationship_id": mum.id}));
    let boundary = |statement: &str, action: &str| {
        let body = json!({
            "list_id": list.id, "statement": statement, "category": "time", "what_i_will_do": action, "status": "active",
        });
        noor.writes("/v1/boundaries", &body)
    };
    boundary("One call a week.", "I say when the next one is.");
    let boundary = boundary("No calls after nine in the evening.", "I let it ring and call back the next day.");
    assert_eq!(noor.lists(&format!("/v1/boundaries?list_id={}", list.id)).len(), 2);
    for kind in ["tested", "kept"] {
        noor.writes("/v1/boundary-events", &json!({"boundary_id": boundary.id, "kind": kind}));
    }
    let events = noor.lists(&format!("/v1/boundary-events?boundary_id={}&sort=created_at", boundary.id));
    let mut kinds: Vec<_> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["kept", "tested"]);
    boundary
}

fn edits_and_looks_back(noor: &Actor, entry: &Record) {
    let first = noor.get(&entry.path).expect(200);
    let unchanged = noor.request(Method::GET, &entry.path).header("if-none-match", &first.etag()).send();
    assert_eq!(unchanged.status, 304);
    let edited = noor.patch(&entry.path, &first.etag(), &json!({"title": "A first"})).expect(200);
    let overtaken = noor.patch(&entry.path, &first.etag(), &json!({"title": "Overtaken"}));
    overtaken.problem(412, "version_mismatch");
    assert_eq!(overtaken.etag(), edited.etag());
    let blind = noor.request(Method::PATCH, &entry.path).json(&json!({"title": "Blind"})).send();
    blind.problem(428, "precondition_required");

    let versions = noor.lists(&format!("{}/revisions", entry.path));
    let titles: Vec<_> = versions.iter().map(|version| (&version["version"], &version["content"]["title"])).collect();
    assert_eq!(titles, [(&json!(2), &json!("A first")), (&json!(1), &Value::Null)]);
}

fn pages_deletes_and_restores(noor: &Actor, entry: &Record) {
    for day in ["2026-05-11", "2026-05-12", "2026-05-13"] {
        let short = json!({"text": "A short note.", "day": day, "time_zone": "Europe/Berlin"});
        noor.writes("/v1/journal-entries", &short);
    }
    let days = |path: &str| -> Vec<String> {
        noor.lists(path).iter().map(|entry| entry["day"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(noor.reads("/v1/journal-entries?limit=3")["items"].as_array().unwrap().len(), 3);
    let all = ["2026-05-10", "2026-05-11", "2026-05-12", "2026-05-13"];
    assert_eq!(days("/v1/journal-entries?limit=3&sort=day"), all);

    noor.delete(&entry.path, "\"2\"").expect(204);
    noor.get(&entry.path).problem(404, "not_found");
    assert_eq!(days("/v1/journal-entries?sort=day"), all[1..]);
    let trash = noor.lists("/v1/trash");
    assert_eq!((trash.len(), &trash[0]["id"]), (1, &entry.body["id"]));
    assert_eq!(noor.restores(entry).body["title"], "A first");
    assert_eq!(days("/v1/journal-entries?sort=day"), all);
}

fn publishes_a_tip(world: &World, noor: &Actor) {
    let cleo = world.curator("cleo");
    let tip = json!({
        "slug": "one-breath-before-answering", "locale": "en", "title": "One breath before the answer",
        "summary": "A pause is enough to choose the answer instead of giving the old one.",
        "stance": "keep_peace", "nudges": [], "topics": ["talking"], "situations": [], "audience": ["everyone"],
        "contact": ["in_touch", "low"], "effort": "small", "minutes": 1, "evidence": "expert_opinion",
        "content_warnings": [], "contraindications": ["harm"],
        "not_for": "Whoever is afraid of her: getting away safely comes before answering well.",
        "guard": "You may also end the talk.", "action": "Breathe in once before each answer today.",
        "body": "Old quarrels have quick answers. One breath is often the whole difference.",
        "sources": [{
            "title": "House notes of the curators", "author": "The curators", "published_on": "2026-11-01", "line": 1,
        }],
        "links": [], "review": {"status": "unreviewed"},
    });
    noor.post("/v1/admin/tips", &tip).problem(403, "not_allowed");
    let draft = Record::of("/v1/admin/tips", &cleo.post("/v1/admin/tips", &tip).expect(201));
    noor.get("/v1/tips/one-breath-before-answering").problem(404, "not_found");
    let publish = cleo.request(Method::POST, &format!("{}/transitions", draft.path)).header("if-match", &draft.etag);
    publish.json(&json!({"to": "published"})).send().expect(200);
    assert_eq!(noor.reads("/v1/tips/one-breath-before-answering")["title"], tip["title"]);
}
