//! What curators do with what people hand over, and what its writers are told.

use crate::harness::*;
use crate::submissions::{SUBMISSIONS, TO_DECIDE, accepted, hands_over, open, published, shown_at, story};

fn decide(curator: &Actor, id: &str, act: &str, etag: &str, body: &Value) -> Answer {
    let path = format!("{TO_DECIDE}/{id}/{act}");
    curator.request(Method::POST, &path).header("if-match", etag).json(body).send()
}

#[apply(on_both_databases)]
fn curators_never_learn_whose_it_is(#[case] engine: Engine) {
    let world = open(engine);
    let (asha, cleo, caro) = (world.sign_up("asha"), world.curator("cleo"), world.curator("caro"));
    let account = asha.reads("/v1/me")["id"].as_str().unwrap().to_owned();
    let handed = hands_over(&asha, &story("letters"));
    let draft = accepted(&cleo, &handed.id, "letters-in-a-drawer");
    published(&cleo, &caro, &draft, &json!([]));
    let one = format!("{TO_DECIDE}/{}", handed.id);
    let after = || {
        let history = ["revisions", "transitions", "diff"].map(|past| format!("{}/{past}", draft.path));
        let all = [TO_DECIDE, &one, "/v1/admin/stories", &draft.path, "/v1/admin/exports?kind=stories"];
        let texts = all.into_iter().map(str::to_owned).chain(history).map(|path| caro.get(&path).text);
        texts.collect::<String>()
    };
    let mut told = after();
    told.push_str(&world.sign_up("bela").get("/v1/stories/letters-in-a-drawer").expect(200).text);
    asha.request(Method::DELETE, &handed.path).send().expect(204);
    told.push_str(&after());
    assert!(told.contains(&handed.id) && told.contains("R."), "{told}");
    for secret in [account.as_str(), "asha", "example.org", "2026-11-02T"] {
        let is_an_item = secret == "2026-11-02T";
        let looked_at = if is_an_item { caro.get(&one).text + &caro.get(TO_DECIDE).text } else { told.clone() };
        assert!(!looked_at.contains(secret), "{secret} in {looked_at}");
    }
}

#[apply(on_both_databases)]
fn nobody_else_gets_at_it(#[case] engine: Engine) {
    let world = open(engine);
    let asha = world.sign_up("asha");
    let handed = hands_over(&asha, &story("letters"));
    for other in [world.sign_up("bela"), world.curator("cleo"), world.admin("alma")] {
        other.get(&handed.path).problem(404, "not_found");
        other.request(Method::DELETE, &handed.path).send().problem(404, "not_found");
        assert_eq!(other.lists(SUBMISSIONS), Vec::<Value>::new());
    }
    assert_eq!(asha.reads(&handed.path), handed.body);
    asha.get(TO_DECIDE).problem(403, "not_allowed");
    asha.get(&format!("{TO_DECIDE}/{}", handed.id)).problem(403, "not_allowed");
}

#[apply(on_both_databases)]
fn a_writer_reads_why_it_was_declined(#[case] engine: Engine) {
    let world = open(engine);
    let (asha, cleo, caro) = (world.sign_up("asha"), world.curator("cleo"), world.curator("caro"));
    let handed = hands_over(&asha, &story("letters"));
    decide(&cleo, &handed.id, "decline", "\"1\"", &json!({"reason": "other"})).fault(422, "/note", "missing_member");
    decide(&cleo, &handed.id, "decline", "\"1\"", &json!({"reason": "boring"})).fault(422, "/reason", "unknown_value");
    let because = json!({"reason": "names_somebody", "note": "Thank you. Without the two names we would read it again."});
    let declined = decide(&cleo, &handed.id, "decline", "\"1\"", &because).expect(200);
    let told = asha.reads(&handed.path);
    assert_eq!((&told["status"], &told["reason"], &told["note"]), (&json!("declined"), &because["reason"], &because["note"]));
    assert!(told["kept_until"].is_string() && !told.to_string().contains("cleo"));
    // The other curator decided by what they saw before.
    let called = json!({"slug": "a-story", "title": "A story"});
    let late = decide(&caro, &handed.id, "accept", "\"1\"", &called);
    assert_eq!((late.status, late.etag()), (412, declined.etag()));
    decide(&caro, &handed.id, "accept", &declined.etag(), &called).problem(409, "conflict");
    asha.get("/v1/stories/a-story").problem(404, "not_found");
    let waiting = hands_over(&asha, &story("more"));
    let ids = |status: &str| {
        let listed = caro.lists(&format!("{TO_DECIDE}?limit=1&{status}"));
        listed.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("status=waiting"), std::slice::from_ref(&waiting.id));
    assert_eq!(ids("status=declined"), std::slice::from_ref(&handed.id));
    assert_eq!(ids("status=declined&status=waiting"), [handed.id, waiting.id]);
}

#[apply(on_both_databases)]
fn an_accepted_draft_goes_with_a_late_no_and_with_its_writers(#[case] engine: Engine) {
    let world = open(engine);
    let (asha, cleo, caro) = (world.sign_up("asha"), world.curator("cleo"), world.curator("caro"));
    let [first, second, third] = ["one", "two", "three"].map(|word| hands_over(&asha, &story(word)));
    let draft = accepted(&cleo, &first.id, "a-first-story");
    let taken = json!({"slug": "a-first-story", "title": "Another"});
    decide(&caro, &second.id, "accept", "\"1\"", &taken).fault(409, "/slug", "taken");
    assert_eq!(asha.reads(&second.path)["status"], "waiting", "a refusal leaves nothing behind");
    decide(&caro, &second.id, "accept", "\"1\"", &json!({"slug": "No Slug", "title": "A"})).fault(422, "/slug", "wrong_format");
    decide(&caro, &first.id, "decline", "\"2\"", &json!({"reason": "may_harm"})).expect(200);
    cleo.get(&draft.path).problem(404, "not_found");
    assert_eq!(asha.reads(&first.path)["reason"], "may_harm");

    let draft = accepted(&caro, &second.id, "a-second-story");
    asha.request(Method::DELETE, &second.path).send().expect(204);
    caro.get(&draft.path).problem(404, "not_found");

    let draft = accepted(&cleo, &third.id, "a-third-story");
    published(&cleo, &caro, &draft, &json!([]));
    decide(&caro, &third.id, "decline", "\"2\"", &json!({"reason": "may_harm"})).problem(409, "conflict");
}

#[apply(on_both_databases)]
fn what_breaks_a_rule_is_not_taken(#[case] engine: Engine) {
    let world = open(engine);
    let asha = world.sign_up("asha");
    let agreed = |changes: Value| json!({"consent": with(&story("x")["consent"], &changes)});
    let long = "a".repeat(12_001);
    refused(&asha, SUBMISSIONS, &story("letters"), &[
        (agreed(json!({"curators_may_read": false})), "/consent/curators_may_read", "not_agreed"),
        (agreed(json!({"may_be_published": false})), "/consent/may_be_published", "not_agreed"),
        (agreed(json!({"edition": 2})), "/consent/edition", "other_edition"),
        (json!({"consent": {"edition": 1}}), "/consent/curators_may_read", "missing_member"),
        (json!({"text": "<script>x</script>"}), "/text", "raw_html"),
        (json!({"text": "![a](https://example.org/a.png)"}), "/text", "image"),
        (json!({"text": "Write to me: asha@example.org."}), "/text", "email_address"),
        (json!({"pen_name": "asha@example.org"}), "/pen_name", "email_address"),
        (json!({"text": long}), "/text", "too_long"),
        (json!({"pen_name": "a".repeat(61)}), "/pen_name", "too_long"),
        (json!({"form": "poem"}), "/form", "unknown_value"),
        (json!({"form": "review"}), "/about_item_id", "missing_member"),
        (json!({"about_item_id": "01980a5c-0000-7000-8000-00000000dead"}), "/about_item_id", "unknown_reference"),
        (json!({"account_id": "x"}), "/account_id", "unknown_member"),
    ]);
    for number in 1..=5 {
        hands_over(&asha, &story(&number.to_string()));
    }
    asha.post(SUBMISSIONS, &story("six")).problem(409, "too_many_waiting");
    let own = asha.lists(&format!("{SUBMISSIONS}?limit=2"));
    assert_eq!(own.len(), 5);
    assert!(own[0]["text"].as_str().unwrap().contains('5'), "the newest first");
    let first = format!("{SUBMISSIONS}/{}", own[4]["id"].as_str().unwrap());
    asha.request(Method::DELETE, &first).send().expect(204);
    hands_over(&asha, &story("six"));
    hands_over(&world.sign_up("bela"), &story("her own"));
}

#[apply(on_both_databases)]
fn a_story_that_pushes_is_kept_from_whom_it_must_not_reach(#[case] engine: Engine) {
    let world = open(engine);
    let (asha, bela, dora) = (world.sign_up("asha"), world.sign_up("bela"), world.sign_up("dora"));
    let (cleo, caro) = (world.curator("cleo"), world.curator("caro"));
    let handed = hands_over(&asha, &story("quillfeather"));
    let draft = accepted(&cleo, &handed.id, "letters-in-a-drawer");
    published(&cleo, &caro, &draft, &json!(["contact"]));
    let tip = bela.reads("/v1/tips?limit=1")["items"][0]["slug"].as_str().unwrap().to_owned();
    let shown = |who: &Actor| shown_at(who, &draft.id, "letters-in-a-drawer", &tip);
    assert!(shown(&bela).len() >= 8);
    let apart = json!({"figure": "mother", "name": "M", "contact": "none", "goal": "leave"});
    for somebody in [&dora, &asha] {
        somebody.writes("/v1/relationships", &apart);
        assert_eq!(shown(somebody), Vec::<String>::new());
    }
    let own = asha.reads(&handed.path);
    assert_eq!((&own["is_published"], &own["item"]), (&json!(true), &Value::Null), "neither is the writer pushed");
}

#[test]
fn the_manifest_says_that_it_is_handed_over() {
    let world = open(Engine::Sqlite);
    let asha = world.sign_up("asha");
    let manifest = world.anonymous().get("/v1/privacy/manifest").expect(200).json();
    let declared = &manifest["handed_over"][0];
    assert_eq!(declared["name"], "submissions");
    assert!(declared["purpose"].as_str().unwrap().contains("curators"));
    let fields: Vec<_> = declared["fields"].as_array().unwrap().iter().map(|field| field["path"].as_str().unwrap()).collect();
    let answer = hands_over(&asha, &story("letters")).body;
    for member in answer.as_object().unwrap().keys() {
        assert!(fields.contains(&member.as_str()), "{member} is not declared");
    }
    for field in declared["fields"].as_array().unwrap() {
        assert!(field["purpose"].as_str().unwrap().len() > 10, "{field}");
    }
}
