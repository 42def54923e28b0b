//! Boundary lists, and what goes to the trash and comes back with them.

use crate::harness::*;

const PATH: &str = "/v1/boundary-lists";

#[apply(on_both_databases)]
fn a_title_is_enough(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let list = asha.writes(PATH, &json!({"title": "Visits"}));
    assert_eq!((&list.body["position"], &list.body["archived"]), (&json!(0), &json!(false)));
    let list = asha.changes(&list, &json!({"note": "For the holidays.", "position": 3, "archived": true}));
    let list = asha.changes(&list, &json!({"note": null}));
    assert_eq!((&list.body["note"], &list.body["archived"]), (&Value::Null, &json!(true)));
    refused(
        &asha,
        PATH,
        &json!({"title": "Visits"}),
        &[
            (json!({"title": null}), "/title", "missing_member"),
            (json!({"title": ""}), "/title", "too_short"),
            (json!({"position": 10_001}), "/position", "too_large"),
            (json!({"archived": "yes"}), "/archived", "wrong_type"),
            (json!({"boundaries": []}), "/boundaries", "unknown_member"),
        ],
    );
}

#[apply(on_both_databases)]
fn a_list_is_towards_somebody_of_ones_own(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, noor) = (world.sign_up("asha"), world.sign_up("noor"));
    let mum = json!({"figure": "mother", "name": "Mum", "contact": "low"});
    let (hers, other) = (asha.writes("/v1/relationships", &mum), noor.writes("/v1/relationships", &mum));
    let list = asha.writes(PATH, &json!({"title": "Calls", "relationship_id": hers.id}));
    asha.writes(PATH, &json!({"title": "Everyone", "archived": true}));

    let foreign = asha.post(PATH, &json!({"title": "Calls", "relationship_id": other.id}));
    let nobody = asha.post(PATH, &json!({"title": "Calls", "relationship_id": "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"}));
    foreign.fault(422, "/relationship_id", "unknown_reference");
    assert_eq!(foreign.problem(422, "invalid_content")["errors"], nobody.problem(422, "invalid_content")["errors"]);

    assert_eq!(asha.lists(&format!("{PATH}?relationship_id={}", hers.id)), vec![list.body.clone()]);
    assert_eq!(asha.lists(&format!("{PATH}?archived=false")), vec![list.body.clone()]);
    assert_eq!(asha.lists(&format!("{PATH}?archived=true")).len(), 1);

    // The person may go; the list stays and still names them.
    asha.deletes(&hers);
    let list = asha.changes(&list, &json!({"title": "Phone calls"}));
    assert_eq!(list.body["relationship_id"], hers.body["id"]);
}

#[apply(on_both_databases)]
fn boundaries_go_with_their_list_and_come_back_with_it(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let list = asha.writes(PATH, &json!({"title": "Visits"}));
    let boundary = |statement: &str| {
        let body = json!({"list_id": list.id, "statement": statement, "category": "visits"});
        asha.writes("/v1/boundaries", &body)
    };
    let (dropped, kept) = (boundary("Visits end at six."), boundary("A call before each visit."));
    let event = asha.writes("/v1/boundary-events", &json!({"boundary_id": kept.id, "kind": "kept"}));
    asha.deletes(&dropped);

    asha.deletes(&list);
    for gone in [&kept.path, &event.path] {
        asha.get(gone).problem(404, "not_found");
    }
    let late = json!({"list_id": list.id, "statement": "Too late.", "category": "other"});
    asha.post("/v1/boundaries", &late).fault(422, "/list_id", "unknown_reference");

    asha.restores(&list);
    assert_eq!(asha.reads(&kept.path)["statement"], kept.body["statement"]);
    assert_eq!(asha.reads(&event.path)["kind"], event.body["kind"]);
    asha.get(&dropped.path).problem(404, "not_found");
}
