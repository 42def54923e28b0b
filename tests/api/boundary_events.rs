//! Boundary events: two members are enough, nothing is judged.

use crate::harness::*;

const PATH: &str = "/v1/boundary-events";

fn boundary(actor: &Actor) -> Record {
    let list = actor.writes("/v1/boundary-lists", &json!({"title": "Calls"}));
    actor
        .writes("/v1/boundaries", &json!({"list_id": list.id, "statement": "No calls after nine.", "category": "time"}))
}

fn days_ahead(world: &World, days: u64) -> String {
    let today = world.clock.now().to_utc().date_naive();
    today.checked_add_days(chrono::Days::new(days)).unwrap().to_string()
}

#[apply(on_both_databases)]
fn the_boundary_and_what_happened_are_enough(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let boundary = boundary(&asha);
    for kind in ["tested", "kept", "crossed", "i_gave_way", "pushback"] {
        let event = asha.writes(PATH, &json!({"boundary_id": boundary.id, "kind": kind}));
        assert_eq!((&event.body["kind"], &event.body["day"]), (&json!(kind), &Value::Null));
    }
    let full = json!({
        "boundary_id": boundary.id, "kind": "tested", "day": "2026-10-30", "medium": "phone", "note": "Twice.",
        "triggers": ["a visitor"], "response": "I let it ring.", "cost_before": 7, "cost_after": 2, "recovery_hours": 4,
    });
    let event = asha.writes(PATH, &full);
    let event = asha.changes(&event, &json!({"cost_after": null, "triggers": ["a visitor", "Sunday"]}));
    assert_eq!((&event.body["cost_after"], &event.body["cost_before"]), (&Value::Null, &json!(7)));
}

#[apply(on_both_databases)]
fn what_cannot_be_is_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, noor) = (world.sign_up("asha"), world.sign_up("noor"));
    let body = json!({"boundary_id": boundary(&asha).id, "kind": "kept"});
    refused(
        &asha,
        PATH,
        &body,
        &[
            (json!({"kind": "won"}), "/kind", "unknown_value"),
            (json!({"day": days_ahead(&world, 2)}), "/day", "in_future"),
            (json!({"day": "1899-12-31"}), "/day", "too_early"),
            (json!({"cost_before": 11}), "/cost_before", "too_large"),
            (json!({"cost_after": -1}), "/cost_after", "too_small"),
            (json!({"recovery_hours": 9000}), "/recovery_hours", "too_large"),
            (json!({"triggers": ["money", "Money"]}), "/triggers/1", "not_unique"),
            (json!({"medium": "dream"}), "/medium", "unknown_value"),
            (json!({"boundary_id": boundary(&noor).id}), "/boundary_id", "unknown_reference"),
        ],
    );
    asha.writes(PATH, &with(&body, &json!({"day": days_ahead(&world, 1)})));
}

#[apply(on_both_databases)]
fn events_are_found_by_boundary_kind_medium_and_day(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (calls, visits) = (boundary(&asha), boundary(&asha));
    for (parent, kind, medium, day) in [
        (&calls, "kept", "phone", json!("2026-10-01")),
        (&calls, "crossed", "message", json!("2026-10-03")),
        (&visits, "kept", "in_person", json!("2026-10-02")),
        (&visits, "pushback", "message", Value::Null),
    ] {
        asha.writes(PATH, &json!({"boundary_id": parent.id, "kind": kind, "medium": medium, "day": day}));
    }
    let count = |query: &str| asha.lists(&format!("{PATH}?{query}")).len();
    assert_eq!(count(&format!("boundary_id={}", calls.id)), 2);
    assert_eq!(count("kind=kept&kind=crossed"), 3);
    assert_eq!(count(&format!("boundary_id={}&kind=kept", visits.id)), 1);
    assert_eq!(count("medium=message"), 2);
    assert_eq!(count("from=2026-10-02&to=2026-10-03"), 2);
    let days: Vec<Value> =
        asha.lists(&format!("{PATH}?from=2026-01-01&sort=day")).iter().map(|it| it["day"].clone()).collect();
    assert_eq!(days, ["2026-10-01", "2026-10-02", "2026-10-03"]);
}
