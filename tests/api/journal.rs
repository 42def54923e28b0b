//! Journal entries: the writer's own day, mixed feelings, and links that are asked for from both ends.

use crate::harness::*;

const PATH: &str = "/v1/journal-entries";

fn entry() -> Value {
    json!({"text": "We spoke for ten minutes.", "day": "2026-10-25", "time_zone": "Europe/Berlin"})
}

fn days_ahead(world: &World, days: u64) -> String {
    let today = world.clock.now().to_utc().date_naive();
    today.checked_add_days(chrono::Days::new(days)).unwrap().to_string()
}

#[apply(on_both_databases)]
fn an_entry_is_written_changed_and_replaced(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let full = with(
        &entry(),
        &json!({
            "title": "Ten minutes", "local_time": "21:40", "prompt": "What was different?", "draft": true,
            "mood": {"before": 2, "after": 4},
            "feelings": [{"name": "relief", "intensity": 4}, {"name": "sadness"}],
            "needs": ["to be heard"],
            "scales": [{"name": "Tension", "value": 3, "min": 0, "max": 10}],
        }),
    );
    let first = asha.writes(PATH, &full);
    assert_eq!(first.body["mood"], json!({"scale": "valence-5/1", "before": 2, "after": 4}));
    assert_eq!(first.body["feelings"][1], json!({"name": "sadness", "intensity": null}));

    // A merge patch reaches inside: the mood before stays.
    let second = asha.changes(&first, &json!({"mood": {"after": 5}, "title": null, "draft": null}));
    assert_eq!(second.body["mood"], json!({"scale": "valence-5/1", "before": 2, "after": 5}));
    assert_eq!((&second.body["title"], &second.body["draft"]), (&Value::Null, &json!(false)));

    asha.patch(&second.path, &first.etag, &json!({"text": "Late."})).problem(412, "version_mismatch");
    asha.put(&second.path, &first.etag, &entry()).problem(412, "version_mismatch");
    asha.patch(&second.path, &second.etag, &json!({"text": null})).fault(422, "/text", "missing_member");

    let third = Record::at(&second.path, &asha.put(&second.path, &second.etag, &entry()).expect(200));
    assert_eq!((&third.body["mood"], &third.body["feelings"]), (&Value::Null, &json!([])));
    assert_eq!(asha.lists(&format!("{}/revisions", third.path)).len(), 3);
}

#[apply(on_both_databases)]
fn the_day_stays_what_the_writer_read_off_the_wall(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    // The hour that summer time repeats, the hour that it skips, a day long ago, a zone across the date line.
    for (day, time, zone) in [
        ("2026-10-25", "02:30", "Europe/Berlin"),
        ("2026-03-29", "02:30", "Europe/Berlin"),
        ("1979-05-13", "00:00", "America/Argentina/Buenos_Aires"),
        ("2026-10-31", "23:59", "Pacific/Kiritimati"),
    ] {
        let kept = asha.writes(PATH, &with(&entry(), &json!({"day": day, "local_time": time, "time_zone": zone})));
        let moved = asha.changes(&kept, &json!({"time_zone": "Pacific/Pago_Pago"}));
        assert_eq!((&moved.body["day"], &moved.body["local_time"]), (&json!(day), &json!(time)));
    }
    assert_eq!(asha.lists(&format!("{PATH}?from=1979-05-13&to=1979-05-13")).len(), 1);
    let days: Vec<Value> =
        asha.lists(&format!("{PATH}?sort=-day&from=2026-01-01")).iter().map(|it| it["day"].clone()).collect();
    assert_eq!(days, ["2026-10-31", "2026-10-25", "2026-03-29"]);
}

#[apply(on_both_databases)]
fn what_cannot_be_is_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let own = |value: i32, min: i32, max: i32| json!({"scales": [{"name": "Tension", "value": value, "min": min, "max": max}]});
    let tip = &asha.reads("/v1/tips?limit=1")["items"][0];
    let link = json!({"kind": "tip", "id": tip["id"]});
    refused(
        &asha,
        PATH,
        &entry(),
        &[
            (json!({"day": days_ahead(&world, 2)}), "/day", "in_future"),
            (json!({"day": "1812-01-01"}), "/day", "too_early"),
            (json!({"day": "2026-02-30"}), "/day", "wrong_format"),
            (json!({"time_zone": "Europe/Atlantis"}), "/time_zone", "wrong_value"),
            (json!({"local_time": "24:00"}), "/local_time", "wrong_format"),
            (json!({"mood": {}}), "/mood", "invalid_combination"),
            (json!({"mood": {"before": 6}}), "/mood/before", "too_large"),
            (json!({"mood": {"before": 3, "scale": "stars"}}), "/mood/scale", "unknown_value"),
            (json!({"feelings": [{"name": "anger"}, {"name": " Anger"}]}), "/feelings/1", "not_unique"),
            (json!({"feelings": [{"name": "anger", "intensity": 0}]}), "/feelings/0/intensity", "too_small"),
            (json!({"feelings": [{"intensity": 1}]}), "/feelings/0/name", "missing_member"),
            (json!({"needs": ["rest", "rest"]}), "/needs/1", "not_unique"),
            (own(3, 5, 5), "/scales/0/max", "invalid_combination"),
            (own(11, 0, 10), "/scales/0/value", "invalid_combination"),
            (json!({"links": [link, link]}), "/links/1", "not_unique"),
            (json!({"links": vec![link; 21]}), "/links", "too_many"),
            (json!({"links": [{"kind": "rumour", "id": tip["id"]}]}), "/links/0/kind", "unknown_value"),
            (json!({"links": [{"kind": "program", "id": tip["id"]}]}), "/links/0/id", "unknown_reference"),
            (json!({"text": "a".repeat(20_001)}), "/text", "too_long"),
            (json!({"text": "\n\t "}), "/text", "wrong_format"),
            (json!({"weather": "rain"}), "/weather", "unknown_member"),
        ],
    );
    asha.writes(PATH, &with(&entry(), &json!({"day": days_ahead(&world, 1), "text": "ü".repeat(20_000)})));
}

#[apply(on_both_databases)]
fn what_is_linked_is_found_from_both_ends(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let mum = asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "Mum", "contact": "low"}));
    let list = asha.writes("/v1/boundary-lists", &json!({"title": "Calls"}));
    let boundary = json!({"list_id": list.id, "statement": "No calls after nine.", "category": "time"});
    let boundary = asha.writes("/v1/boundaries", &boundary);
    let tip = &asha.reads("/v1/tips?limit=1")["items"][0];

    let linked = asha.writes(
        PATH,
        &with(
            &entry(),
            &json!({
                "relationship_id": mum.id,
                "links": [{"kind": "tip", "id": tip["id"]}, {"kind": "boundary", "id": boundary.id}],
            }),
        ),
    );
    let answer = asha.writes(PATH, &with(&entry(), &json!({"links": [{"kind": "journal_entry", "id": linked.id}]})));
    asha.writes(PATH, &entry());

    let found = |query: &str| asha.lists(&format!("{PATH}?{query}"));
    assert_eq!(found(&format!("linked_id={}", boundary.id)), vec![linked.body.clone()]);
    assert_eq!(found(&format!("linked_id={}", mum.id)), vec![linked.body.clone()]);
    assert_eq!(found(&format!("relationship_id={}", mum.id)), vec![linked.body.clone()]);
    assert_eq!(found(&format!("linked_id={}", linked.id)), vec![answer.body.clone()]);
    assert_eq!(found(&format!("linked_id={}&linked_id={}", boundary.id, linked.id)).len(), 2);
    assert_eq!(found(&format!("linked_id={}", list.id)), Vec::<Value>::new());

    // What the link named may go; the entry stays as it was written, and can still be changed.
    asha.deletes(&boundary);
    let linked = asha.changes(&linked, &json!({"title": "Still here"}));
    assert_eq!(linked.body["links"][1]["id"], boundary.body["id"]);
    let more = json!({"links": [linked.body["links"][0], linked.body["links"][1], {"kind": "boundary_list", "id": boundary.id}]});
    asha.patch(&linked.path, &linked.etag, &more).fault(422, "/links/2/id", "unknown_reference");
}

#[apply(on_both_databases)]
fn ids_of_others_and_ids_of_nothing_are_refused_alike(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, noor) = (world.sign_up("asha"), world.sign_up("noor"));
    let foreign = noor.writes(PATH, &entry());
    let nothing = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f";
    let kinds = [
        "tip",
        "program",
        "step",
        "journal_entry",
        "boundary_list",
        "boundary",
        "boundary_event",
        "program_run",
        "relationship",
    ];
    for kind in kinds {
        let errors = |id: &str| {
            let body = with(&entry(), &json!({"links": [{"kind": kind, "id": id}]}));
            asha.post(PATH, &body).problem(422, "invalid_content")["errors"].clone()
        };
        assert_eq!(errors(&foreign.id), errors(nothing), "{kind}");
        assert_eq!(errors(nothing)[0]["code"], "unknown_reference", "{kind}");
    }
    assert_eq!(asha.lists(PATH), Vec::<Value>::new());
}

#[apply(on_both_databases)]
fn entries_are_filtered_by_what_only_an_opened_one_shows(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for (title, feelings, draft) in [
        ("a", json!([{"name": "Relief"}, {"name": "sadness"}]), false),
        ("b", json!([{"name": "anger"}]), true),
        ("c", json!([]), false),
    ] {
        asha.writes(PATH, &with(&entry(), &json!({"title": title, "feelings": feelings, "draft": draft})));
    }
    let titles = |query: &str| {
        let mut found: Vec<String> =
            asha.lists(&format!("{PATH}?{query}")).iter().map(|it| it["title"].to_string()).collect();
        found.sort();
        found.join(" ")
    };
    assert_eq!(titles("feeling=relief"), r#""a""#);
    assert_eq!(titles("feeling=ANGER&feeling=sadness"), r#""a" "b""#);
    assert_eq!(titles("feeling=relief&draft=true"), "");
    assert_eq!(titles("draft=false"), r#""a" "c""#);
    // One at a time: a page may be short or empty, and only a null cursor ends the list.
    assert_eq!(titles("draft=false&limit=1"), r#""a" "c""#);
    asha.get(&format!("{PATH}?mood=2")).fault(400, "?mood", "unknown_parameter");
    asha.get(&format!("{PATH}?linked_id=x")).problem(400, "invalid_query");
}
