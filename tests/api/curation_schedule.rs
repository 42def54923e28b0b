//! What the clock does: publishing what was approved, taking it back, and telling whose review is overdue.

use std::time::Duration;

use mend::database::Timestamp;

use crate::curation_items::tip;
use crate::harness::*;

const TIPS: &str = "/v1/admin/tips";
const HOUR: Duration = Duration::from_hours(1);

fn eager(engine: Engine) -> World {
    World::with(engine, |config| {
        config.sweeper.poll_milliseconds = 5;
        config.catalogue.two_person = true;
        config.catalogue.poll_milliseconds = 50;
    })
}

fn moves(actor: &Actor, item: &Record, wish: &Value) -> Answer {
    let path = format!("{}/transitions", item.path);
    actor.request(Method::POST, &path).header("if-match", &item.etag).json(wish).send()
}

#[track_caller]
fn moved(actor: &Actor, item: &Record, wish: &Value) -> Record {
    Record::at(&item.path, &moves(actor, item, wish).expect(200))
}

#[track_caller]
fn approved(author: &Actor, other: &Actor, slug: &str) -> Record {
    let asked = moved(author, &author.writes(TIPS, &tip(slug)), &json!({"to": "in_review"}));
    moved(other, &asked, &json!({"to": "approved"}))
}

fn at(world: &World, later: Duration) -> Value {
    json!(Timestamp::to_rfc3339(world.clock.now().plus(later)))
}

#[apply(on_both_databases)]
fn the_clock_publishes_what_was_approved_and_takes_it_back(#[case] engine: Engine) {
    let world = eager(engine);
    let (cleo, caro, asha) = (world.curator("cleo"), world.curator("caro"), world.sign_up("asha"));
    let item = approved(&cleo, &caro, "one-breath");
    for (wish, pointer, code) in [
        (json!({"to": "scheduled"}), "/publish_at", "missing_member"),
        (json!({"to": "scheduled", "publish_at": "2020-01-01T00:00:00Z"}), "/publish_at", "in_the_past"),
        (json!({"to": "published", "unpublish_at": "2020-01-01T00:00:00Z"}), "/unpublish_at", "before_start"),
    ] {
        moves(&cleo, &item, &wish).fault(422, pointer, code);
    }
    let wish = json!({"to": "scheduled", "publish_at": at(&world, HOUR), "unpublish_at": at(&world, HOUR * 2)});
    moved(&cleo, &item, &wish);
    // Edited after its approval: no clock publishes what nobody has read.
    let other = approved(&cleo, &caro, "two-breaths");
    let other = moved(&cleo, &other, &json!({"to": "scheduled", "publish_at": at(&world, HOUR)}));
    let edited = cleo.changes(&other, &json!({"title": "Unread"}));
    assert_eq!((&edited.body["status"], &edited.body["publish_at"]), (&json!("draft"), &Value::Null));

    asha.get("/v1/tips/one-breath").problem(404, "not_found");
    world.clock.advance(HOUR);
    [&asha, &cleo].into_iter().for_each(Actor::signs_in);
    eventually("the clock to publish it", || (asha.get("/v1/tips/one-breath").status == 200).then_some(()));
    asha.get("/v1/tips/two-breaths").problem(404, "not_found");
    let entry = cleo.lists(&format!("{}/transitions", item.path)).remove(0);
    assert_eq!((&entry["from"], &entry["to"], &entry["actor"]), (&json!("scheduled"), &json!("published"), &Value::Null));

    world.clock.advance(HOUR);
    [&asha, &cleo].into_iter().for_each(Actor::signs_in);
    eventually("the clock to take it back", || (asha.get("/v1/tips/one-breath").status == 404).then_some(()));
    assert_eq!(cleo.reads(&item.path)["status"], "archived");
    asha.get("/v1/tips/two-breaths").problem(404, "not_found");
}

#[apply(on_both_databases)]
fn an_end_takes_back_what_readers_see_and_leaves_the_draft_beside_it(#[case] engine: Engine) {
    let world = eager(engine);
    let (cleo, caro, asha) = (world.curator("cleo"), world.curator("caro"), world.sign_up("asha"));
    let item = approved(&cleo, &caro, "one-breath");
    let shown = moved(&cleo, &item, &json!({"to": "published", "unpublish_at": at(&world, HOUR)}));
    let edited = cleo.changes(&shown, &json!({"title": "Two breaths"}));
    assert_eq!(edited.body["unpublish_at"], shown.body["unpublish_at"]);
    world.clock.advance(HOUR);
    [&asha, &cleo].into_iter().for_each(Actor::signs_in);
    eventually("the clock to take it back", || (asha.get("/v1/tips/one-breath").status == 404).then_some(()));
    let item = cleo.reads(&item.path);
    let told = (&item["status"], &item["title"], &item["published_revision"]);
    assert_eq!(told, (&json!("draft"), &json!("Two breaths"), &Value::Null));
}

#[apply(on_both_databases)]
fn an_overdue_review_is_listed_and_told(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.catalogue.poll_milliseconds = 50);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let review = |due: &str| {
        json!({"review": {
            "status": "reviewed", "reviewer": "A reader", "credential": "psychotherapist", "reviewed_on": "2026-11-01",
            "next_due_on": due,
        }})
    };
    // The world begins on 2026-11-02.
    let soon = cleo.writes(TIPS, &with(&tip("one-breath"), &review("2026-11-02")));
    cleo.writes(TIPS, &with(&tip("two-breaths"), &review("2026-11-09")));
    moves(&cleo, &soon, &json!({"to": "published"})).expect(200);
    let overdue = || -> Vec<Value> {
        cleo.lists(&format!("{TIPS}?overdue=true")).iter().map(|item| item["slug"].clone()).collect()
    };
    assert!(overdue().is_empty());
    assert_eq!(asha.reads("/v1/tips/one-breath")["is_review_overdue"], false);

    world.clock.advance(HOUR * 24);
    [&asha, &cleo].into_iter().for_each(Actor::signs_in);
    assert_eq!(overdue(), ["one-breath"]);
    assert_eq!(cleo.reads(&soon.path)["is_review_overdue"], true);
    let told = || (asha.reads("/v1/tips/one-breath")["is_review_overdue"] == true).then_some(());
    eventually("readers to be told", told);
    let others = cleo.lists(&format!("{TIPS}?overdue=false&limit=100"));
    assert!(others.iter().any(|item| item["slug"] == "two-breaths") && others.len() > 2);
    cleo.get(&format!("{TIPS}?overdue=maybe")).fault(400, "?overdue", "wrong_value");
}
