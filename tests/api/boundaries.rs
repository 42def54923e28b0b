//! Boundaries: what each status asks for, how they change, and how they are found.

use crate::harness::*;

const PATH: &str = "/v1/boundaries";

fn list(actor: &Actor, title: &str) -> Record {
    actor.writes("/v1/boundary-lists", &json!({"title": title}))
}

#[apply(on_both_databases)]
fn it_begins_as_a_draft_and_comes_into_force(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let body = json!({"list_id": list(&asha, "Calls").id, "statement": "No calls after nine.", "category": "time"});
    let draft = asha.writes(PATH, &body);
    assert_eq!(draft.body["status"], "draft");

    asha.patch(&draft.path, &draft.etag, &json!({"status": "active"})).fault(
        422,
        "/what_i_will_do",
        "invalid_combination",
    );
    let said = json!({"status": "active", "since": "2026-10-01", "what_i_will_do": "I let it ring.", "review_on": "2027-01-01"});
    let active = asha.changes(&draft, &said);

    let gentler = with(
        &body,
        &json!({"statement": "No calls after ten.", "status": "active", "what_i_will_do": "I let it ring."}),
    );
    let gentler = asha.writes(PATH, &gentler);
    let old = asha.changes(&active, &json!({"status": "renegotiated", "renegotiated_to_id": gentler.id}));
    assert_eq!(old.body["renegotiated_to_id"], gentler.body["id"]);

    let statuses: Vec<Value> =
        asha.lists(&format!("{}/revisions", old.path)).iter().map(|it| it["content"]["status"].clone()).collect();
    assert!(statuses.contains(&json!("draft")) && statuses.contains(&json!("active")), "{statuses:?}");
}

#[apply(on_both_databases)]
fn combinations_that_make_no_sense_are_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, noor) = (world.sign_up("asha"), world.sign_up("noor"));
    let body = json!({"list_id": list(&asha, "Calls").id, "statement": "No calls after nine.", "category": "time"});
    let other = asha.writes(PATH, &body);
    let clash = "invalid_combination";
    refused(
        &asha,
        PATH,
        &body,
        &[
            (json!({"status": "active"}), "/what_i_will_do", clash),
            (json!({"since": "2026-10-01"}), "/since", clash),
            (json!({"status": "retired", "review_on": "2026-12-01"}), "/review_on", clash),
            (json!({"status": "retired", "renegotiated_to_id": other.id}), "/renegotiated_to_id", clash),
            (json!({"status": "retired", "since": "1826-10-01"}), "/since", "implausible_day"),
            (json!({"status": "renegotiated", "since": "2026-10-02", "review_on": "2026-10-01"}), "/review_on", clash),
            (
                json!({"status": "renegotiated", "renegotiated_to_id": body["list_id"]}),
                "/renegotiated_to_id",
                "unknown_reference",
            ),
            (json!({"status": "finished"}), "/status", "unknown_value"),
            (json!({"category": "weather"}), "/category", "unknown_value"),
            (json!({"list_id": list(&noor, "Hers").id}), "/list_id", "unknown_reference"),
            (json!({"list_id": other.id}), "/list_id", "unknown_reference"),
            (json!({"list_id": "calls"}), "/list_id", "wrong_format"),
            (json!({"since": "tomorrow"}), "/since", "wrong_format"),
        ],
    );
    asha.post(PATH, &json!({"statement": "No calls."})).fault(422, "/list_id", "missing_member");
}

#[apply(on_both_databases)]
fn they_are_found_by_list_status_and_category(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (calls, money) = (list(&asha, "Calls"), list(&asha, "Money"));
    for (parent, status, category) in
        [(&calls, "draft", "time"), (&calls, "retired", "tone"), (&money, "draft", "money")]
    {
        asha.writes(
            PATH,
            &json!({"list_id": parent.id, "statement": category, "category": category, "status": status}),
        );
    }
    let found = |query: &str| {
        let mut found: Vec<String> =
            asha.lists(&format!("{PATH}?{query}")).iter().map(|it| it["category"].to_string()).collect();
        found.sort();
        found.join(" ")
    };
    assert_eq!(found(&format!("list_id={}", calls.id)), r#""time" "tone""#);
    assert_eq!(found(&format!("list_id={}&status=draft", calls.id)), r#""time""#);
    assert_eq!(found("status=draft"), r#""money" "time""#);
    assert_eq!(found("category=tone&category=money"), r#""money" "tone""#);

    let moved = asha.lists(&format!("{PATH}?category=money")).remove(0);
    let path = format!("{PATH}/{}", moved["id"].as_str().unwrap());
    asha.patch(&path, "\"1\"", &json!({"list_id": calls.id})).expect(200);
    assert_eq!(found(&format!("list_id={}", money.id)), "");
}
