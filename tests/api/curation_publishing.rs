//! Publishing: what may be published, who sees it when, and what stays for ever.

use std::time::{Duration, Instant};

use crate::curation_items::tip;
use crate::harness::*;

const TIPS: &str = "/v1/admin/tips";

fn moves(actor: &Actor, item: &Record, to: &str) -> Answer {
    let path = format!("{}/transitions", item.path);
    actor.request(Method::POST, &path).header("if-match", &item.etag).json(&json!({"to": to})).send()
}

#[track_caller]
fn moved(actor: &Actor, item: &Record, to: &str) -> Record {
    Record::at(&item.path, &moves(actor, item, to).expect(200))
}

#[apply(on_both_databases)]
fn readers_see_what_is_published_and_nothing_else(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    asha.get("/v1/tips/one-breath").problem(404, "not_found");
    asha.get(&draft.path).problem(403, "not_allowed");

    let shown = moved(&cleo, &draft, "published");
    assert_eq!((&shown.body["status"], &shown.body["published_revision"]), (&json!("published"), &json!(1)));
    assert_eq!(asha.reads("/v1/tips/one-breath")["revision"], 1);
    assert_eq!(moved(&cleo, &shown, "published").version, shown.version, "what is so already stays as it is");

    let edited = cleo.changes(&shown, &json!({"title": "Two breaths"}));
    assert_eq!(asha.reads("/v1/tips/one-breath")["title"], "One breath before the answer", "an edit is a draft first");
    let shown = moved(&cleo, &edited, "published");
    let tip = asha.reads("/v1/tips/one-breath");
    assert_eq!((&tip["title"], &tip["revision"]), (&json!("Two breaths"), &json!(2)));
    let first = asha.reads("/v1/tips/one-breath?revision=1");
    assert_eq!((&first["title"], &first["revision"]), (&json!("One breath before the answer"), &json!(1)));

    let edited = cleo.changes(&shown, &json!({"title": "Three breaths"}));
    asha.get("/v1/tips/one-breath?revision=3").problem(404, "not_found");
    let taken_back = moved(&cleo, &edited, "archived");
    assert!(taken_back.body["published_revision"].is_null());
    for path in ["/v1/tips/one-breath", "/v1/tips/one-breath?revision=1"] {
        asha.get(path).problem(404, "not_found");
    }
}

#[apply(on_both_databases)]
fn another_node_serves_it_within_two_seconds(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let cleo = world.curator("cleo");
    let elsewhere = world.sign_up("asha").on(world.node(1));
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    elsewhere.get("/v1/tips/one-breath").problem(404, "not_found");
    let published = Instant::now();
    moved(&cleo, &draft, "published");
    eventually("the other node to notice", || (elsewhere.get("/v1/tips/one-breath").status == 200).then_some(()));
    assert!(published.elapsed() < Duration::from_secs(2), "{:?}", published.elapsed());
}

#[apply(on_both_databases)]
fn nothing_incomplete_is_published(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    for (number, member) in
        ["stance", "sources", "not_for", "guard", "summary", "evidence", "action", "body"].iter().enumerate()
    {
        let mut body = tip(&format!("thought-{number}"));
        body.as_object_mut().unwrap().remove(*member);
        let draft = cleo.writes(TIPS, &body);
        moves(&cleo, &draft, "published").fault(422, &format!("/{member}"), "needed_to_publish");
        assert_eq!(cleo.reads(&draft.path)["status"], "draft");
    }
    let link = |kind: &str, slug: &str| json!({"links": [{"type": "supports", "kind": kind, "slug": slug}]});
    for (changes, pointer, code) in [
        (link("tip", "nowhere-at-all"), "/links/0/slug", "unresolved_link"),
        (link("poem", "anger-is-allowed"), "/links/0/kind", "unknown_kind"),
        (json!({"stance": "leave", "nudges": ["contact"]}), "/nudges", "contradicts_stance"),
    ] {
        let slug = format!("thought-{code}").replace('_', "-");
        let draft = cleo.writes(TIPS, &with(&tip(&slug), &changes));
        moves(&cleo, &draft, "published").fault(422, pointer, code);
    }
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    moves(&cleo, &draft, "forgotten").fault(422, "/to", "unknown_value");
}

#[apply(on_both_databases)]
fn a_slug_is_permanent_once_it_was_published(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    let renamed = cleo.changes(&draft, &json!({"slug": "two-breaths"}));
    let shown = moved(&cleo, &renamed, "published");
    let hidden = moved(&cleo, &shown, "archived");
    for changes in [json!({"slug": "three-breaths"}), json!({"locale": "de"})] {
        let pointer = format!("/{}", changes.as_object().unwrap().keys().next().unwrap());
        cleo.patch(&hidden.path, &hidden.etag, &changes).fault(409, &pointer, "permanent");
    }
}

#[apply(on_both_databases)]
fn a_program_owns_up_to_what_its_steps_push_towards(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let step = |slug: &str, nudges: Value| {
        json!({
            "slug": slug, "title": "A step", "summary": "One step.", "nudges": nudges, "action": "Do one thing.",
            "guard": "Stop when you like.", "body": "Text.",
            "exercise": {"kind": "writing", "prompt": "What would you say?"},
        })
    };
    let mut program = tip("two-small-steps");
    program.as_object_mut().unwrap().remove("action");
    program["steps"] = json!([step("sit-down", json!([])), step("call-her", json!(["contact"]))]);
    let draft = cleo.writes("/v1/admin/programs", &program);
    moves(&cleo, &draft, "published").fault(422, "/steps/1/nudges", "hidden_nudge");
    let honest = cleo.changes(&draft, &json!({"nudges": ["contact"]}));
    let shown = moved(&cleo, &honest, "published");

    let ids = |program: &Value| {
        program["steps"].as_array().unwrap().iter().map(|step| step["id"].clone()).collect::<Vec<_>>()
    };
    let before = ids(&asha.reads("/v1/programs/two-small-steps"));
    let turned = json!({"steps": [step("call-her", json!(["contact"])), step("breathe", json!([])), step("sit-down", json!([]))]});
    let turned = cleo.changes(&shown, &turned);
    moved(&cleo, &turned, "published");
    let after = ids(&asha.reads("/v1/programs/two-small-steps"));
    assert_eq!((&after[0], &after[2]), (&before[1], &before[0]), "a step keeps its id wherever it stands");

    let twice = json!({"steps": [step("sit-down", json!([])), step("sit-down", json!([]))]});
    let item = Record::at(&shown.path, &cleo.get(&shown.path).expect(200));
    cleo.patch(&item.path, &item.etag, &twice).fault(422, "/steps/1/slug", "repeated");
}
