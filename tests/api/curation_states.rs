//! From draft to published: the ways there are, who may take them, and what is noted of each.

use crate::curation_items::tip;
use crate::harness::*;

const TIPS: &str = "/v1/admin/tips";

/// A world in which whoever wrote a revision does not approve it, as it is unless configured otherwise.
fn of_two_persons(engine: Engine) -> World {
    World::with(engine, |config| config.catalogue.two_person = true)
}

fn moves(actor: &Actor, item: &Record, wish: &Value) -> Answer {
    let path = format!("{}/transitions", item.path);
    actor.request(Method::POST, &path).header("if-match", &item.etag).json(wish).send()
}

#[track_caller]
fn moved(actor: &Actor, item: &Record, to: &str) -> Record {
    Record::at(&item.path, &moves(actor, item, &json!({"to": to})).expect(200))
}

/// The states that an item passed, newest first: from, to, by whom.
fn passed(actor: &Actor, item: &Record) -> Vec<(Value, Value, Value)> {
    let entries = actor.lists(&format!("{}/transitions?limit=2", item.path));
    entries.iter().map(|entry| (entry["from"].clone(), entry["to"].clone(), entry["actor"].clone())).collect()
}

fn account(actor: &Actor) -> Value {
    actor.reads("/v1/me")["id"].clone()
}

#[test]
fn two_persons_are_asked_for_unless_configured_otherwise() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(mend::config::Config::for_tests(folder.path()).catalogue.two_person);
}

#[apply(on_both_databases)]
fn a_draft_is_read_by_somebody_else_before_it_is_published(#[case] engine: Engine) {
    let world = of_two_persons(engine);
    let (cleo, caro, asha) = (world.curator("cleo"), world.curator("caro"), world.sign_up("asha"));
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    for to in ["approved", "published", "scheduled"] {
        let wish = json!({"to": to, "publish_at": (to == "scheduled").then_some("2027-01-01T00:00:00Z")});
        moves(&cleo, &draft, &wish).fault(409, "/to", "no_such_way");
    }
    let asked = moved(&cleo, &draft, "in_review");
    moves(&cleo, &asked, &json!({"to": "approved"})).fault(409, "/to", "own_revision");
    asha.get("/v1/tips/one-breath").problem(404, "not_found");
    let wish = json!({"to": "approved", "note": "Read twice."});
    let approved = Record::at(&asked.path, &moves(&caro, &asked, &wish).expect(200));
    let shown = moved(&cleo, &approved, "published");
    assert_eq!(asha.reads("/v1/tips/one-breath")["revision"], 1);

    let (cleo_id, caro_id) = (account(&cleo), account(&caro));
    let step = |from: Value, to: &str, actor: &Value| (from, json!(to), actor.clone());
    assert_eq!(
        passed(&cleo, &shown),
        [
            step(json!("approved"), "published", &cleo_id),
            step(json!("in_review"), "approved", &caro_id),
            step(json!("draft"), "in_review", &cleo_id),
            step(Value::Null, "draft", &cleo_id),
        ]
    );
    let entries = cleo.lists(&format!("{}/transitions", shown.path));
    assert_eq!((&entries[1]["note"], &entries[1]["revision"]), (&json!("Read twice."), &json!(1)));
}

#[apply(on_both_databases)]
fn an_edit_is_a_draft_beside_what_readers_see(#[case] engine: Engine) {
    let world = of_two_persons(engine);
    let (cleo, caro, asha) = (world.curator("cleo"), world.curator("caro"), world.sign_up("asha"));
    let asked = moved(&cleo, &cleo.writes(TIPS, &tip("one-breath")), "in_review");
    let shown = moved(&cleo, &moved(&caro, &asked, "approved"), "published");
    let before = asha.get("/v1/tips/one-breath").expect(200).text;

    let note = json!({"title": "Two breaths", "change_note": "One was too few."});
    let edited = caro.changes(&shown, &note);
    assert_eq!((&edited.body["status"], &edited.body["published_revision"]), (&json!("draft"), &json!(1)));
    assert_eq!((&edited.body["change_note"], &edited.body["revised_by"]), (&note["change_note"], &account(&caro)));
    let asked = moved(&caro, &edited, "in_review");
    // Whoever edits what was approved, starts over; the last author is who does not approve.
    let approved = moved(&cleo, &asked, "approved");
    let edited = cleo.changes(&approved, &json!({"title": "Three breaths"}));
    assert_eq!(edited.body["status"], "draft");
    let asked = moved(&cleo, &edited, "in_review");
    moves(&cleo, &asked, &json!({"to": "approved"})).fault(409, "/to", "own_revision");
    assert_eq!(asha.get("/v1/tips/one-breath").expect(200).text, before, "readers see what they saw");
    let approved = moved(&caro, &asked, "approved");
    moved(&caro, &approved, "published");
    assert_eq!(asha.reads("/v1/tips/one-breath")["title"], "Three breaths");

    let notes: Vec<_> = cleo.lists(&format!("{}/revisions", shown.path)).iter().map(|one| one["change_note"].clone()).collect();
    assert_eq!(notes, [Value::Null, note["change_note"].clone(), Value::Null]);
    let drafts = cleo.lists(&format!("{TIPS}?status=published&limit=100"));
    assert!(drafts.iter().any(|item| item["slug"] == "one-breath"));
}

#[apply(on_both_databases)]
fn one_person_passes_every_state_where_that_is_configured(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let shown = moved(&cleo, &cleo.writes(TIPS, &tip("one-breath")), "published");
    let states: Vec<_> = passed(&cleo, &shown).into_iter().map(|(_, to, _)| to).collect();
    assert_eq!(states, ["published", "approved", "in_review", "draft"]);
    let archived = moved(&cleo, &shown, "archived");
    moves(&cleo, &archived, &json!({"to": "published"})).fault(409, "/to", "no_such_way");
    assert_eq!(moved(&cleo, &archived, "draft").body["status"], "draft");
}

#[apply(on_both_databases)]
fn only_complete_items_are_approved_and_only_curators_move_them(#[case] engine: Engine) {
    let world = of_two_persons(engine);
    let (cleo, caro, asha) = (world.curator("cleo"), world.curator("caro"), world.sign_up("asha"));
    let draft = cleo.writes(TIPS, &with(&tip("one-breath"), &json!({"not_for": null})));
    let asked = moved(&cleo, &draft, "in_review");
    moves(&caro, &asked, &json!({"to": "approved"})).fault(422, "/not_for", "needed_to_publish");
    moves(&asha, &asked, &json!({"to": "approved"})).problem(403, "not_allowed");
    moves(&caro, &asked, &json!({"to": "draft", "publish_at": "2027-01-01T00:00:00Z"})).fault(422, "/publish_at", "not_scheduled");
    moves(&caro, &draft, &json!({"to": "draft"})).problem(412, "version_mismatch");
    assert_eq!(moved(&caro, &asked, "draft").body["status"], "draft", "sent back to its author");
}
