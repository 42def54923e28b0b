//! The trash: what goes there comes back as it was, and what is removed from there is gone.

use std::time::Duration;

use crate::harness::*;

const LISTS: &str = "/v1/boundary-lists";
const BOUNDARIES: &str = "/v1/boundaries";

fn boundary(list: &Record, statement: &str) -> Value {
    json!({"list_id": list.id, "statement": statement, "category": "time", "what_i_will_do": "I say good night and hang up."})
}

#[apply(on_both_databases)]
fn a_deleted_record_comes_back_with_what_belongs_to_it(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let list = asha.writes(LISTS, &json!({"title": "Calls"}));
    let kept = asha.writes(BOUNDARIES, &boundary(&list, "No calls after nine."));
    let gone = asha.writes(BOUNDARIES, &boundary(&list, "No calls at work."));
    asha.deletes(&gone);
    world.clock.advance(Duration::from_secs(1));
    asha.deletes(&list);
    asha.get(&list.path).problem(404, "not_found");
    asha.get(&kept.path).problem(404, "not_found");
    let trash = asha.lists("/v1/trash");
    let collections: Vec<_> = trash.iter().map(|item| item["collection"].as_str().unwrap()).collect();
    assert_eq!(collections, ["boundary-lists", "boundaries"], "each deletion once, the latest first");

    let alone = asha.request(Method::POST, &format!("{}/restore", gone.path)).send();
    alone.problem(409, "conflict");
    let back = asha.restores(&list);
    assert_eq!(back.version, 3);
    assert_eq!(asha.reads(&kept.path)["statement"], "No calls after nine.");
    asha.get(&gone.path).problem(404, "not_found");
    asha.restores(&gone);
    assert!(asha.lists("/v1/trash").is_empty());
}

#[apply(on_both_databases)]
fn restoring_what_is_live_changes_nothing(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let list = asha.writes(LISTS, &json!({"title": "Calls"}));
    assert_eq!(asha.restores(&list).version, 1);
}

#[apply(on_both_databases)]
fn the_trash_says_how_long_it_keeps(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for number in 0..5 {
        let list = asha.writes(LISTS, &json!({"title": format!("List {number}")}));
        world.clock.advance(Duration::from_secs(1));
        asha.deletes(&list);
    }
    let trash = asha.lists("/v1/trash?limit=2");
    assert_eq!(trash.len(), 5);
    assert_eq!(trash[4]["trashed_at"], "2026-11-02T09:00:01.000000Z");
    assert_eq!(trash[4]["kept_until"], "2026-12-02T09:00:01.000000Z");
}

#[apply(on_both_databases)]
fn what_is_removed_for_good_is_gone_with_its_history(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let list = asha.writes(LISTS, &json!({"title": "Calls"}));
    let list = asha.changes(&list, &json!({"title": "Phone calls"}));
    let child = asha.writes(BOUNDARIES, &boundary(&list, "No calls after nine."));
    let trashed = format!("/v1/trash/{}", list.id);
    asha.delete(&trashed, &list.etag).problem(404, "not_found");
    asha.deletes(&list);
    bela.delete(&trashed, "\"3\"").problem(404, "not_found");
    asha.request(Method::DELETE, &trashed).send().problem(428, "precondition_required");
    asha.delete(&trashed, "\"2\"").problem(412, "version_mismatch");
    asha.delete(&trashed, "\"3\"").expect(204);
    for record in [&list, &child] {
        asha.request(Method::POST, &format!("{}/restore", record.path)).send().problem(404, "not_found");
        asha.get(&format!("{}/revisions", record.path)).problem(404, "not_found");
    }
    asha.post(LISTS, &json!({"id": list.id, "title": "Again"})).problem(409, "id_taken");
    assert!(asha.lists("/v1/trash").is_empty());
}
