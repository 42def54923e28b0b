//! Owners do not meet: another person's record is not there, in no list, by no id, in no reference.

use crate::harness::*;

/// A problem without what differs from request to request.
fn without_request_id(answer: &Answer) -> String {
    let body = answer.json();
    answer.text.replace(body["request_id"].as_str().unwrap(), "")
}

#[apply(on_both_databases)]
fn anothers_record_and_no_record_are_the_same_answer(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let list = asha.writes("/v1/boundary-lists", &json!({"title": "Calls"}));
    let nothing = "/v1/boundary-lists/01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f";
    let title = json!({"title": "Mine now"});
    for path in [list.path.as_str(), nothing, "/v1/boundary-lists/not-an-id"] {
        let answers = [
            bela.get(path),
            bela.put(path, "\"1\"", &title),
            bela.patch(path, "\"1\"", &title),
            bela.delete(path, "\"1\""),
            bela.request(Method::POST, &format!("{path}/restore")).send(),
            bela.get(&format!("{path}/revisions")),
            bela.get(&format!("{path}/revisions/1")),
        ];
        let unknown = without_request_id(&bela.get(nothing));
        for answer in answers {
            answer.problem(404, "not_found");
            assert_eq!(without_request_id(&answer), unknown, "{answer}");
        }
    }
    assert!(bela.lists("/v1/boundary-lists").is_empty());
    assert!(bela.lists(&format!("/v1/boundary-lists?id={}", list.id)).is_empty());
    assert_eq!(asha.reads(&list.path)["title"], "Calls");
}

#[apply(on_both_databases)]
fn no_reference_reaches_another_persons_record(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let hers = asha.writes("/v1/boundary-lists", &json!({"title": "Calls"}));
    let nobodys = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f";
    let boundary = |list: &str| json!({"list_id": list, "statement": "No calls after nine.", "category": "time"});
    let foreign = bela.post("/v1/boundaries", &boundary(&hers.id));
    let unknown = bela.post("/v1/boundaries", &boundary(nobodys));
    foreign.fault(422, "/list_id", "unknown_reference");
    assert_eq!(without_request_id(&foreign), without_request_id(&unknown));
}

#[apply(on_both_databases)]
fn a_cursor_is_its_owners_and_its_lists(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    for person in [&asha, &bela] {
        for number in 0..3 {
            person.writes("/v1/boundary-lists", &json!({"title": format!("List {number}")}));
        }
    }
    let page = asha.reads("/v1/boundary-lists?limit=2");
    let cursor = page["next_cursor"].as_str().unwrap();
    asha.get(&format!("/v1/boundary-lists?limit=1&cursor={cursor}")).expect(200);
    let elsewhere = [
        bela.get(&format!("/v1/boundary-lists?cursor={cursor}")),
        asha.get(&format!("/v1/journal-entries?cursor={cursor}")),
        asha.get(&format!("/v1/boundary-lists?sort=created_at&cursor={cursor}")),
        asha.get(&format!("/v1/trash?cursor={cursor}")),
        asha.get("/v1/boundary-lists?cursor=damaged"),
    ];
    let first = without_request_id(&elsewhere[0]);
    for answer in elsewhere {
        answer.problem(400, "invalid_cursor");
        assert_eq!(without_request_id(&answer), first, "whatever is wrong with a cursor, the answer is one");
    }
    world.clock.advance(std::time::Duration::from_secs(24 * 60 * 60 + 1));
    asha.signs_in();
    asha.get(&format!("/v1/boundary-lists?cursor={cursor}")).problem(400, "invalid_cursor");
}
