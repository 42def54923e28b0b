//! Reading what is published: lists by facet and page, single items, and answers that need not be sent again.

use crate::harness::*;

#[apply(on_both_databases)]
fn tips_are_found_by_every_facet(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let tips = asha.lists("/v1/tips?limit=100");
    let has = |tip: &Value, member: &str, word: &str| match &tip[member] {
        Value::Array(words) => words.contains(&json!(word)),
        one => one == word,
    };
    for (facet, word) in [
        ("stance", "leave"),
        ("nudges", "contact"),
        ("topics", "boundaries"),
        ("situations", "criticism"),
        ("contact", "none"),
        ("effort", "small"),
        ("evidence", "personal_opinion"),
        ("content_warnings", "death"),
        ("contraindications", "harm"),
    ] {
        let found = asha.lists(&format!("/v1/tips?{facet}={word}"));
        assert!(!found.is_empty() && found.len() < tips.len(), "{facet}={word}: {}", found.len());
        assert!(found.iter().all(|tip| has(tip, facet, word)), "{facet}={word}");
        let expected = tips.iter().filter(|tip| has(tip, facet, word)).count();
        assert_eq!(found.len(), expected, "{facet}={word}");
    }
    let either = asha.lists("/v1/tips?stance=leave&stance=grieve");
    assert!(either.iter().all(|tip| has(tip, "stance", "leave") || has(tip, "stance", "grieve")));
    let both = asha.lists("/v1/tips?stance=grieve&effort=small");
    assert!(both.iter().all(|tip| has(tip, "stance", "grieve") && has(tip, "effort", "small")));
    // What speaks to everyone speaks to sons.
    let sons = asha.lists("/v1/tips?audience=sons");
    assert!(sons.iter().all(|tip| has(tip, "audience", "sons") || has(tip, "audience", "everyone")) && sons.len() > 10);
    assert_eq!(asha.lists("/v1/tips?review_status=reviewed"), Vec::<Value>::new());
}

#[apply(on_both_databases)]
fn pages_of_any_size_are_the_same_list(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let slugs = |path: &str| asha.lists(path).iter().map(|tip| tip["slug"].clone()).collect::<Vec<_>>();
    let whole = slugs("/v1/tips?limit=100&sort=-minutes");
    assert_eq!(slugs("/v1/tips?limit=7&sort=-minutes"), whole);
    let mut ascending = slugs("/v1/tips?limit=9&sort=minutes");
    ascending.reverse();
    assert_eq!(ascending, whole);
    let minutes = |tip: &Value| tip["minutes"].as_i64().unwrap();
    assert!(asha.lists("/v1/tips?sort=minutes").is_sorted_by_key(minutes));

    let first = asha.get("/v1/tips?limit=2").expect(200);
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let link = first.header("link").unwrap().to_owned();
    assert!(link.contains(&cursor) && link.contains("rel=\"next\""), "{link}");
    for path in [
        format!("/v1/tips?limit=2&stance=leave&cursor={cursor}"),
        format!("/v1/programs?limit=2&cursor={cursor}"),
        "/v1/tips?cursor=nonsense".to_owned(),
        format!("/v1/tips?cursor={}", &cursor[2..]),
    ] {
        asha.get(&path).problem(400, "invalid_cursor");
    }
}

#[apply(on_both_databases)]
fn a_batch_of_ids_is_one_request(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let tips = asha.reads("/v1/tips?limit=3");
    let ids: Vec<_> = tips["items"].as_array().unwrap().iter().map(|tip| tip["id"].as_str().unwrap()).collect();
    let batch = asha.lists(&format!("/v1/tips?id={}&id={}&id=01980a5c-0000-7000-8000-00000000dead", ids[0], ids[2]));
    assert_eq!(batch.len(), 2);
}

#[apply(on_both_databases)]
fn what_a_list_does_not_know_is_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for (query, pointer, code) in [
        ("colour=red", "?colour", "unknown_parameter"),
        ("topics=gardening", "?topics", "wrong_value"),
        ("sort=slug", "?sort", "wrong_value"),
        ("limit=101", "?limit", "wrong_value"),
        ("limit=1&limit=2", "?limit", "wrong_value"),
        ("id=tip", "?id", "wrong_value"),
        ("program=accepting-the-limits", "?program", "unknown_parameter"),
    ] {
        asha.get(&format!("/v1/tips?{query}")).fault(400, pointer, code);
    }
    asha.get("/v1/tips/say-nothing-ever").problem(404, "not_found");
    asha.get("/v1/tips/01980a5c-0000-7000-8000-00000000dead").problem(404, "not_found");
    let tip = asha.lists("/v1/tips")[0]["slug"].as_str().unwrap().to_owned();
    asha.get(&format!("/v1/tips/{tip}?fields=title")).fault(400, "?fields", "unknown_parameter");
    asha.post("/v1/tips", &json!({})).problem(405, "method_not_allowed");
    world.anonymous().get("/v1/tips").problem(401, "not_signed_in");
}

#[apply(on_both_databases)]
fn a_program_comes_whole_and_its_steps_have_addresses(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let program = asha.reads("/v1/programs/accepting-the-limits");
    let steps = program["steps"].as_array().unwrap();
    assert!(steps.len() >= 5 && program["guard"].is_string());
    let listed = asha.lists("/v1/steps?program=accepting-the-limits");
    assert_eq!(listed, asha.lists(&format!("/v1/steps?program={}", program["id"].as_str().unwrap())));
    let ids = |steps: &[Value]| steps.iter().map(|step| step["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&listed), ids(steps), "in order");
    for (number, step) in (1..).zip(steps) {
        assert_eq!(step["position"], number);
        let alone = asha.reads(&format!("/v1/steps/{}", step["id"].as_str().unwrap()));
        assert_eq!((&alone["program"]["id"], &alone["body"]), (&program["id"], &step["body"]));
        assert!(alone["guard"].is_string() && alone["action"].is_string());
    }
    let summary = &asha.lists("/v1/programs?stance=accept_limits")[0];
    assert_eq!(summary["step_count"], steps.len());
    assert!(summary["steps"].is_null(), "lists show summaries");
    asha.get("/v1/steps/read-the-answers-you-have").problem(404, "not_found");
}

#[apply(on_both_databases)]
fn links_lead_somewhere(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let mut seen = 0;
    for tip in asha.lists("/v1/tips?limit=100") {
        for link in asha.reads(&format!("/v1/tips/{}", tip["slug"].as_str().unwrap()))["links"].as_array().unwrap() {
            let target =
                asha.reads(&format!("/v1/{}s/{}", link["kind"].as_str().unwrap(), link["id"].as_str().unwrap()));
            assert_eq!((&target["slug"], &target["title"]), (&link["slug"], &link["title"]));
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen} links");
}

#[apply(on_both_databases)]
fn what_did_not_change_is_not_sent_again(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for path in ["/v1/tips", "/v1/tips/anger-is-allowed", "/v1/programs/when-she-is-absent"] {
        let first = asha.get(path).expect(200);
        assert_eq!(first.header("cache-control"), Some("private, no-cache"));
        let vary = first.header("vary").unwrap().to_lowercase();
        assert!(vary.contains("authorization") && vary.contains("accept-encoding"), "{vary}");
        let again = asha.request(Method::GET, path).header("if-none-match", &first.etag()).send();
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        let packed = asha.request(Method::HEAD, path).header("accept-encoding", "gzip").send().expect(200);
        assert_eq!(packed.header("content-encoding"), Some("gzip"));
        assert_ne!(packed.etag(), first.etag(), "other bytes, another tag");
        assert_eq!(asha.head(path).expect(200).text, "");
    }
}
