//! Curators at work: drafts, edits, histories, and what is refused.

use crate::harness::*;

const TIPS: &str = "/v1/admin/tips";

/// A tip that may be published.
pub fn tip(slug: &str) -> Value {
    json!({
        "slug": slug, "title": "One breath before the answer", "summary": "A pause is enough to choose the answer.",
        "stance": "keep_peace", "evidence": "expert_opinion", "not_for": "Whoever is afraid of her.",
        "guard": "You may also end the talk.", "action": "Breathe in once before each answer today.",
        "body": "Old quarrels have quick answers.", "sources": [{"title": "House notes"}],
    })
}

/// The state that an item's path answers, as a record with its ETag.
fn state(actor: &Actor, path: &str) -> Record {
    Record::at(path, &actor.get(path).expect(200))
}

#[apply(on_both_databases)]
fn a_draft_may_be_incomplete_and_grows(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let draft = cleo.writes(TIPS, &json!({"slug": "a-first-thought", "title": "A first thought"}));
    assert_eq!((draft.version, &draft.body["status"], &draft.body["latest_revision"]), (1, &json!("draft"), &json!(1)));
    assert!(draft.body["stance"].is_null() && draft.body["published_revision"].is_null());

    let grown = cleo.changes(&draft, &json!({"stance": "self_care", "topics": ["self_care"]}));
    assert_eq!((grown.version, &grown.body["latest_revision"]), (2, &json!(2)));
    let same = cleo.changes(&grown, &json!({"stance": "self_care"}));
    assert_eq!(same.version, 2, "what changes nothing leaves no revision");
    let cleared = cleo.changes(&grown, &json!({"stance": null}));
    assert!(cleared.body["stance"].is_null());

    // What was read can be sent back as it is, envelope and all.
    let put = cleo.put(&draft.path, &cleared.etag, &cleared.body).expect(200);
    assert_eq!(put.json(), cleared.body);
    let replaced = cleo.put(&draft.path, &cleared.etag, &tip("a-first-thought")).expect(200).json();
    assert_eq!((&replaced["topics"], &replaced["version"]), (&json!([]), &json!(4)));

    let history = cleo.lists(&format!("{}/revisions?limit=2", draft.path));
    let numbers: Vec<_> = history.iter().map(|revision| revision["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [4, 3, 2, 1]);
    let second = cleo.reads(&format!("{}/revisions/2", draft.path));
    assert_eq!(second["document"]["stance"], "self_care");
    cleo.get(&format!("{}/revisions/9", draft.path)).problem(404, "not_found");
}

#[apply(on_both_databases)]
fn a_change_names_the_version_it_changes(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, caro) = (world.curator("cleo"), world.curator("caro"));
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    let newer = caro.changes(&draft, &json!({"title": "Two breaths"}));
    for answer in [
        cleo.put(&draft.path, &draft.etag, &tip("one-breath")),
        cleo.patch(&draft.path, &draft.etag, &json!({"title": "Three"})),
        cleo.delete(&draft.path, &draft.etag),
        publish(&cleo, &draft),
    ] {
        answer.problem(412, "version_mismatch");
        assert_eq!(answer.etag(), newer.etag);
    }
    let path = draft.path.as_str();
    for request in [
        cleo.request(Method::PUT, path).json(&tip("one-breath")),
        cleo.request(Method::PATCH, path).json(&json!({"title": "Blind"})),
        cleo.request(Method::DELETE, path),
        cleo.request(Method::POST, &format!("{path}/transitions")).json(&json!({"to": "published"})),
    ] {
        request.send().problem(428, "precondition_required");
    }
    // The version may stand in the body of a PUT instead.
    let mut body = tip("one-breath");
    body["version"] = json!(newer.version);
    cleo.request(Method::PUT, path).json(&body).send().expect(200);
}

fn publish(actor: &Actor, item: &Record) -> Answer {
    let path = format!("{}/transitions", item.path);
    actor.request(Method::POST, &path).header("if-match", &item.etag).json(&json!({"to": "published"})).send()
}

#[apply(on_both_databases)]
fn a_create_that_comes_twice_happens_once(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let create =
        |key: &str, body: &Value| cleo.request(Method::POST, TIPS).header("idempotency-key", key).json(body).send();
    let first = create("once", &tip("one-breath")).expect(201);
    let again = create("once", &tip("one-breath")).expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.json()), (Some("true"), first.json()));
    create("once", &tip("two-breaths")).problem(422, "idempotency_key_reused");

    let mut chosen = tip("three-breaths");
    chosen["id"] = json!("01980a5c-7e1b-7a44-9d3e-00000000cafe");
    cleo.post(TIPS, &chosen).expect(201);
    assert_eq!(cleo.post(TIPS, &chosen).expect(200).json()["id"], chosen["id"]);
    chosen["title"] = json!("Another");
    cleo.post(TIPS, &chosen).problem(409, "id_taken");
    cleo.post(TIPS, &tip("one-breath")).fault(409, "/slug", "taken");
    assert_eq!(cleo.reads(&format!("{TIPS}?status=draft"))["total"], 2);
}

#[apply(on_both_databases)]
fn a_list_for_curators_shows_drafts_and_counts(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let published = cleo.reads(TIPS)["total"].as_u64().unwrap();
    for number in 1..=5 {
        cleo.writes(TIPS, &tip(&format!("thought-{number}")));
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    let page = cleo.reads(&format!("{TIPS}?limit=2"));
    assert_eq!((&page["total"], &page["items"][0]["slug"]), (&json!(published + 5), &json!("thought-5")));
    let slugs = |path: &str| -> Vec<String> {
        cleo.lists(path).iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
    };
    let newest_first = ["thought-5", "thought-4", "thought-3", "thought-2", "thought-1"];
    assert_eq!(slugs(&format!("{TIPS}?status=draft&limit=2")), newest_first);
    let skipped = cleo.reads(&format!("{TIPS}?status=draft&offset=3"));
    assert_eq!(skipped["items"].as_array().unwrap().len(), 2);
    let cursor = page["next_cursor"].as_str().unwrap();
    cleo.get(&format!("{TIPS}?limit=2&offset=2&cursor={cursor}")).fault(400, "?offset", "wrong_value");
    cleo.get(&format!("{TIPS}?limit=2&status=draft&cursor={cursor}")).problem(400, "invalid_cursor");
    cleo.get(&format!("{TIPS}?status=lost")).fault(400, "?status", "wrong_value");
    cleo.get(&format!("{TIPS}?colour=red")).fault(400, "?colour", "unknown_parameter");
}

#[apply(on_both_databases)]
fn a_draft_that_nobody_saw_can_be_deleted(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    let draft = cleo.changes(&draft, &json!({"title": "Two breaths"}));
    cleo.deletes(&draft);
    cleo.get(&draft.path).problem(404, "not_found");
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    publish(&cleo, &draft).expect(200);
    let item = state(&cleo, &draft.path);
    cleo.delete(&item.path, &item.etag).problem(409, "conflict");
}

#[apply(on_both_databases)]
fn what_breaks_a_rule_is_named_and_nothing_is_stored(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let before = cleo.reads(TIPS)["total"].clone();
    let cases = [
        (json!({"slug": "0198ac5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"}), "/slug", "looks_like_an_id"),
        (json!({"slug": "Not A Slug"}), "/slug", "wrong_format"),
        (json!({"stance": "win"}), "/stance", "unknown_value"),
        (json!({"topics": ["anger", "anger"]}), "/topics/1", "repeated"),
        (json!({"title": "x".repeat(121)}), "/title", "too_long"),
        (json!({"minutes": 0}), "/minutes", "too_small"),
        (json!({"body": "<script>alert(1)</script>"}), "/body", "raw_html"),
        (json!({"body": "![pixel](https://example.org/p.png)"}), "/body", "image"),
        (json!({"body": "[here](javascript:alert(1))"}), "/body", "link_scheme"),
        (json!({"review": {"status": "reviewed"}}), "/review/reviewer", "review_incomplete"),
        (json!({"review": {"status": "unreviewed", "reviewer": "Dr. X"}}), "/review/reviewer", "not_reviewed"),
        (json!({"colour": "red"}), "/colour", "unknown_member"),
        (json!({"sources": [{"line": 3}]}), "/sources/0/title", "missing_member"),
    ];
    for (changes, pointer, code) in cases {
        cleo.post(TIPS, &with(&tip("one-breath"), &changes)).fault(422, pointer, code);
    }
    assert_eq!(cleo.reads(TIPS)["total"], before);
    cleo.get(&format!("{TIPS}/one-breath")).problem(404, "not_found");
    cleo.get(&format!("{TIPS}/01980a5c-0000-7000-8000-00000000dead")).problem(404, "not_found");
}
