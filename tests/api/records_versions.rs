//! Versions of a record: no update is lost, a repetition is no second edit, and what was said before stays readable.

use crate::harness::*;

const LISTS: &str = "/v1/boundary-lists";

fn list(title: &str) -> Value {
    json!({"title": title})
}

#[apply(on_both_databases)]
fn an_edit_names_the_version_that_it_changes(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let first = asha.writes(LISTS, &list("Sundays"));
    assert_eq!((first.version, first.etag.as_str()), (1, "\"1\""));

    let unguarded = asha.request(Method::PATCH, &first.path).json(&list("Saturdays")).send();
    unguarded.problem(428, "precondition_required");
    asha.request(Method::DELETE, &first.path).send().problem(428, "precondition_required");
    asha.request(Method::PUT, &first.path).json(&list("Saturdays")).send().problem(428, "precondition_required");

    let second = asha.changes(&first, &list("Saturdays"));
    assert_eq!(second.version, 2);
    let stale = asha.patch(&first.path, &first.etag, &list("Fridays"));
    stale.problem(412, "version_mismatch");
    assert_eq!(stale.etag(), second.etag, "a stale edit learns the current version");
    asha.delete(&first.path, &first.etag).problem(412, "version_mismatch");
    assert_eq!(asha.reads(&first.path)["title"], "Saturdays");
}

#[apply(on_both_databases)]
fn a_proxy_that_weakens_etags_breaks_nothing(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let record = asha.writes(LISTS, &list("Sundays"));
    asha.patch(&record.path, "W/\"1\"", &list("Saturdays")).expect(200);
    let unchanged = asha.request(Method::GET, &record.path).header("if-none-match", "W/\"2\"").send();
    assert_eq!(unchanged.expect(304).text, "");
}

#[apply(on_both_databases)]
fn of_two_edits_at_once_one_wins_and_the_other_learns_of_it(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let record = asha.writes(LISTS, &list("Sundays"));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let edits: Vec<_> = (0..8)
            .map(|number| {
                let (asha, record) = (&asha, &record);
                scope.spawn(move || asha.patch(&record.path, &record.etag, &list(&format!("Plan {number}"))).status)
            })
            .collect();
        edits.into_iter().map(|edit| edit.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{statuses:?}");
    assert_eq!(asha.reads(&record.path)["version"], 2);
}

#[apply(on_both_databases)]
fn replacing_clears_what_is_absent_and_takes_the_version_from_the_body(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let record = asha.writes(LISTS, &json!({"title": "Sundays", "note": "Only by phone."}));
    let whole = json!({"title": "Sundays", "version": 1, "created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z"});
    let answer = asha.request(Method::PUT, &record.path).json(&whole).send().expect(200);
    assert_eq!(answer.json()["note"], Value::Null);
    assert_eq!(answer.json()["created_at"], record.body["created_at"], "the envelope is the server's");
    asha.request(Method::PUT, &record.path).json(&whole).send().problem(412, "version_mismatch");
    // Null says the same as leaving the member out, also where the member itself is never null.
    let nulls = json!({"title": "Sundays", "note": null, "archived": null, "position": null});
    assert_eq!(asha.put(&record.path, "\"2\"", &nulls).expect(200).etag(), "\"2\"", "nothing has changed");
}

#[apply(on_both_databases)]
fn the_same_content_again_is_no_new_version(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let record = asha.writes(LISTS, &list("Sundays"));
    let same = asha.changes(&record, &list("Sundays"));
    assert_eq!(same.body, record.body);
}

#[apply(on_both_databases)]
fn history_keeps_every_version_and_pages(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let mut record = asha.writes(LISTS, &list("Version 1"));
    for number in 2..=7 {
        record = asha.changes(&record, &list(&format!("Version {number}")));
    }
    let versions = asha.lists(&format!("{}/revisions?limit=3", record.path));
    let titles: Vec<_> = versions.iter().map(|version| version["content"]["title"].clone()).collect();
    let expected: Vec<_> = (1..=7).rev().map(|number| json!(format!("Version {number}"))).collect();
    assert_eq!(titles, expected, "the current version first, none missing, none twice");
    assert_eq!(asha.reads(&format!("{}/revisions/4", record.path))["content"]["title"], "Version 4");
    asha.get(&format!("{}/revisions/8", record.path)).problem(404, "not_found");
    asha.get(&format!("{}/revisions/x", record.path)).problem(404, "not_found");
    let page = asha.reads(&format!("{}/revisions?limit=3", record.path));
    let other = asha.writes(LISTS, &list("Another"));
    let cursor = page["next_cursor"].as_str().unwrap();
    asha.get(&format!("{}/revisions?cursor={cursor}", other.path)).problem(400, "invalid_cursor");
}
