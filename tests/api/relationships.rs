//! Relationships: how they are kept, which combinations make no sense, and what marking harm does at once.

use crate::harness::*;

const PATH: &str = "/v1/relationships";

fn mum() -> Value {
    json!({"figure": "mother", "name": "Mum", "contact": "low"})
}

/// Tips that push towards contact, repair, apology or forgiveness, as `actor` sees the catalogue.
fn nudging(actor: &Actor) -> Vec<Value> {
    let is_nudging = |tip: &Value| tip["nudges"].as_array().is_some_and(|nudges| !nudges.is_empty());
    actor.lists("/v1/tips?limit=100").into_iter().filter(is_nudging).collect()
}

#[apply(on_both_databases)]
fn figure_name_and_contact_are_enough(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let kept = asha.writes(PATH, &mum());
    assert_eq!(kept.body["goal"], "undecided");
    assert_eq!(kept.body["harm"], Value::Null);
    assert_eq!(kept.body["situations"], json!([]));
    assert_eq!(asha.reads(&kept.path), kept.body);
}

#[apply(on_both_databases)]
fn it_changes_and_keeps_what_it_said(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let full = json!({
        "figure": "mother_in_law", "name": "Vera", "contact": "low", "contact_since": "2026-03-01",
        "contact_until": "2026-12-31", "review_on": "2026-12-01", "goal": "keep_peace", "effort": "small",
        "closeness_now": 2, "closeness_wished": 3, "situations": ["guilt_trips"],
        "patterns": ["She asks twice."], "notes": "Short visits.",
    });
    let first = asha.writes(PATH, &full);

    let second = asha.changes(&first, &json!({"closeness_now": 3, "notes": null, "patterns": null}));
    assert_eq!((&second.body["closeness_now"], &second.body["notes"]), (&json!(3), &Value::Null));
    assert_eq!(second.body["patterns"], json!([]));
    assert_eq!(second.body["contact_until"], "2026-12-31");

    // A client that sends null for all it does not know names what it means.
    let masked = json!({"name": "Vera M.", "notes": null, "goal": null, "effort": null});
    let path = format!("{}?update_mask=name,effort", second.path);
    let third = Record::at(&second.path, &asha.patch(&path, &second.etag, &masked).expect(200));
    assert_eq!((&third.body["name"], &third.body["effort"]), (&json!("Vera M."), &Value::Null));
    assert_eq!(third.body["goal"], "keep_peace");

    let fourth = Record::at(&third.path, &asha.put(&third.path, &third.etag, &mum()).expect(200));
    assert_eq!((&fourth.body["figure"], &fourth.body["contact_until"]), (&json!("mother"), &Value::Null));

    let versions = asha.lists(&format!("{}/revisions", fourth.path));
    let names: Vec<_> = versions.iter().map(|version| &version["content"]["name"]).collect();
    assert!(names.contains(&&json!("Vera")) && names.contains(&&json!("Vera M.")), "{versions:?}");
}

#[apply(on_both_databases)]
fn combinations_that_make_no_sense_are_refused(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let clash = "invalid_combination";
    refused(
        &asha,
        PATH,
        &mum(),
        &[
            (json!({"contact": "deceased", "goal": "repair"}), "/goal", clash),
            (json!({"contact": "unknown", "goal": "keep_peace"}), "/goal", clash),
            (json!({"contact": "in_touch", "review_on": "2026-12-01"}), "/review_on", clash),
            (json!({"contact": "deceased", "contact_until": "2026-12-01"}), "/contact_until", clash),
            (json!({"contact_since": "2026-05-02", "contact_until": "2026-05-01"}), "/contact_until", clash),
            (json!({"harm": {"when": "past"}}), "/harm/kinds", "missing_member"),
            (json!({"harm": {"kinds": [], "when": "past"}}), "/harm/kinds", "too_few"),
            (json!({"harm": {"kinds": ["verbal", "verbal"]}}), "/harm/kinds/1", "not_unique"),
            (json!({"harm": {"kinds": ["loud"]}}), "/harm/kinds/0", "unknown_value"),
            (json!({"situations": ["sacrifice", "sacrifice"]}), "/situations/1", "not_unique"),
            (json!({"patterns": ["She asks twice.", "she asks TWICE. "]}), "/patterns/1", "not_unique"),
            (json!({"review_on": "0026-12-01"}), "/review_on", "implausible_day"),
            (json!({"closeness_now": 6}), "/closeness_now", "too_large"),
            (json!({"closeness_wished": 0}), "/closeness_wished", "too_small"),
            (json!({"figure": "aunt"}), "/figure", "unknown_value"),
            (json!({"name": "  "}), "/name", "wrong_format"),
            (json!({"name": "a".repeat(121)}), "/name", "too_long"),
            (json!({"nickname": "Ma"}), "/nickname", "unknown_member"),
        ],
    );
    let grieving = with(&mum(), &json!({"contact": "deceased", "goal": "grieve", "closeness_wished": 5}));
    asha.writes(PATH, &grieving);
}

#[apply(on_both_databases)]
fn several_faults_are_told_at_once(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let body =
        json!({"figure": "mother", "name": "Mum", "contact": "unknown", "goal": "leave", "review_on": "2026-12-01"});
    let answer = asha.post(PATH, &body);
    answer.fault(422, "/goal", "invalid_combination");
    answer.fault(422, "/review_on", "invalid_combination");
}

#[apply(on_both_databases)]
fn lists_are_filtered_by_figure_and_contact(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for (figure, contact) in [("mother", "deceased"), ("stepmother", "in_touch"), ("grandmother", "in_touch")] {
        asha.writes(PATH, &json!({"figure": figure, "name": figure, "contact": contact}));
    }
    let figures = |query: &str| {
        let mut found: Vec<String> =
            asha.lists(&format!("{PATH}?{query}")).iter().map(|it| it["figure"].to_string()).collect();
        found.sort();
        found.join(" ")
    };
    assert_eq!(figures("contact=in_touch"), r#""grandmother" "stepmother""#);
    assert_eq!(figures("figure=mother&figure=grandmother"), r#""grandmother" "mother""#);
    assert_eq!(figures("figure=mother&contact=in_touch"), "");
    asha.get(&format!("{PATH}?goal=repair")).fault(400, "?goal", "unknown_parameter");
    asha.get(&format!("{PATH}?contact=sometimes")).problem(400, "invalid_query");
}

#[apply(on_both_databases)]
fn marking_harm_withholds_what_pushes_towards_contact_at_once(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, noor) = (world.sign_up("asha"), world.sign_up("noor"));
    let program = asha.reads("/v1/programs/seven-ways-to-repair");
    let offered = nudging(&asha);
    let tip = offered.first().expect("the starter catalogue holds tips that push towards contact");
    let tip = format!("/v1/tips/{}", tip["id"].as_str().unwrap());
    let kept = asha.writes(PATH, &mum());
    assert_eq!(nudging(&asha).len(), offered.len(), "low contact withholds nothing");

    let kept = asha.changes(&kept, &json!({"harm": {"kinds": ["unnamed"]}}));
    assert_eq!(nudging(&asha), Vec::<Value>::new());
    asha.get(&tip).problem(404, "not_found");
    asha.get("/v1/programs/seven-ways-to-repair").problem(404, "not_found");
    let withheld = asha.post("/v1/program-runs", &json!({"program_id": program["id"]}));
    let unknown = asha.post("/v1/program-runs", &json!({"program_id": "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f"}));
    assert_eq!(withheld.problem(422, "invalid_content")["errors"], unknown.problem(422, "invalid_content")["errors"]);
    assert_eq!(nudging(&noor).len(), offered.len(), "nobody else sees a difference");

    // In the trash it still counts, for it can come back.
    asha.deletes(&kept);
    assert_eq!(nudging(&asha), Vec::<Value>::new());
    let kept = asha.restores(&kept);
    asha.changes(&kept, &json!({"harm": null}));
    assert_eq!(nudging(&asha).len(), offered.len());
    asha.get(&tip).expect(200);
}

#[apply(on_both_databases)]
fn ending_contact_with_one_of_several_is_enough(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    asha.writes(PATH, &json!({"figure": "grandmother", "name": "Nan", "contact": "in_touch"}));
    let gone =
        asha.writes(PATH, &json!({"figure": "mother", "name": "Her", "contact": "none", "review_on": "2027-01-01"}));
    assert_eq!(nudging(&asha), Vec::<Value>::new());
    asha.changes(&gone, &json!({"contact": "low"}));
    assert!(!nudging(&asha).is_empty());
}

#[apply(on_both_databases)]
fn it_is_there_for_its_owner_alone(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, noor) = (world.sign_up("asha"), world.sign_up("noor"));
    let kept = asha
        .writes(PATH, &with(&mum(), &json!({"harm": {"kinds": ["verbal"], "when": "both", "note": "It goes on."}})));
    assert_eq!(noor.lists(PATH), Vec::<Value>::new());
    noor.get(&kept.path).problem(404, "not_found");
    world.curator("cleo").get(&kept.path).problem(404, "not_found");
    world.admin("ada").get(&kept.path).problem(404, "not_found");
}
