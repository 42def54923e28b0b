//! Every kind of the catalogue, whatever it is called: written, published, read, and shown to those whom it is for.
//! Holds always: a kind that is registered in `routes.rs` is walked here without a line of its own.

use std::time::Duration;

use crate::harness::examples::Examples;
use crate::harness::*;

/// The plural names of every registered kind.
fn kinds() -> Vec<&'static str> {
    mend::routes::kinds().all().map(|kind| kind.name).collect()
}

const DAY: Duration = Duration::from_hours(24);

/// Kinds whose items are shown to everybody, whatever they marked.
const FOR_EVERYONE: [&str; 6] = ["experts", "help-contacts", "occasions", "disclaimers", "vocabularies", "media"];

/// What people tell of themselves, which nobody invents, and pictures: there are none for a start.
const NOT_STARTED: [&str; 2] = ["stories", "media"];

/// A draft of the kind's own example, with `changes`.
#[track_caller]
fn draft(cleo: &Actor, kind: &str, word: &str, changes: &Value) -> Record {
    let made = Examples::of(cleo).curated(kind, word);
    let path = format!("/v1/admin/{kind}/{}", made["id"].as_str().unwrap());
    let item = Record::at(&path, &cleo.get(&path).expect(200));
    if changes.as_object().is_some_and(serde_json::Map::is_empty) { item } else { cleo.changes(&item, changes) }
}

fn publish(cleo: &Actor, item: &Record) -> Answer {
    let path = format!("{}/transitions", item.path);
    cleo.request(Method::POST, &path).header("if-match", &item.etag).json(&json!({"to": "published"})).send()
}

#[apply(on_both_databases)]
fn every_kind_is_written_published_and_read(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    assert!(kinds().len() >= 20, "{:?}", kinds());
    for kind in kinds() {
        let bare = cleo.writes(&format!("/v1/admin/{kind}"), &json!({"slug": "only-a-title", "title": "Only a title"}));
        let refused = publish(&cleo, &bare);
        assert_eq!(refused.status, 422, "{kind} publishes an item without anything: {refused}");

        let item = draft(&cleo, kind, "of-its-kind", &json!({}));
        let path = format!("/v1/{kind}/an-example-of-its-kind");
        asha.get(&path).problem(404, "not_found");
        publish(&cleo, &item).expect(200);
        // Each answer is held against the document by the suite's judge.
        let read = asha.reads(&path);
        assert_eq!(read["title"], "An example of-its-kind", "{kind}");
        let listed = asha.lists(&format!("/v1/{kind}?limit=100&id={}", item.id));
        assert_eq!((listed.len(), &listed[0]["kind"]), (1, &read["kind"]), "{kind}");
        let started = asha.lists(&format!("/v1/{kind}?limit=100"));
        assert_eq!(started.len() >= 2, !NOT_STARTED.contains(&kind), "{kind} has starter content");
    }
}

#[apply(on_both_databases)]
fn every_kind_keeps_away_what_pushes(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let all = |kind: &str| asha.lists(&format!("/v1/{kind}?limit=100"));
    let before: Vec<_> = kinds().into_iter().map(|kind| (kind, all(kind))).collect();
    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none", "goal": "leave"}));
    let mut withheld = 0;
    for (kind, before) in before {
        let after = all(kind);
        for item in &after {
            let words = |member: &str| item[member].as_array().cloned().unwrap_or_default();
            let wrong_for = words("contraindications");
            let pushes = !words("nudges").is_empty();
            assert!(!pushes && !wrong_for.contains(&json!("harm")) && !wrong_for.contains(&json!("no_contact")), "{item}");
        }
        withheld += before.len() - after.len();
        if FOR_EVERYONE.contains(&kind) {
            assert_eq!(after, before, "{kind} are for everybody");
        }
        assert_eq!(after.is_empty(), NOT_STARTED.contains(&kind), "nothing is left of {kind}");
    }
    assert!(withheld > 40, "{withheld} items are withheld");
}

#[apply(on_both_databases)]
fn what_is_for_everyone_pushes_nobody(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    for kind in FOR_EVERYONE {
        let body = json!({"slug": "a-push", "title": "A push", "nudges": ["contact"], "contraindications": ["harm"]});
        let refused = cleo.post(&format!("/v1/admin/{kind}"), &body);
        refused.fault(422, "/nudges", "for_everyone");
        refused.fault(422, "/contraindications", "for_everyone");
    }
}

#[apply(on_both_databases)]
fn a_course_is_gone_the_day_after_it_ended(#[case] engine: Engine) {
    let world = World::start(engine);
    let today = world.clock.now().to_utc().date_naive();
    let cleo = world.curator("cleo");
    let dates = json!({"starts_on": today, "ends_on": today});
    publish(&cleo, &draft(&cleo, "courses", "that-ends", &dates)).expect(200);
    let path = "/v1/courses/an-example-that-ends";
    assert_eq!(world.sign_up("asha").reads(path)["ends_on"], json!(today));
    world.clock.advance(DAY);
    let later = world.sign_up("bela");
    eventually("the course to be over", || (later.get(path).status == 404).then_some(()));
    assert!(later.lists("/v1/courses?limit=100").iter().all(|course| course["slug"] != "an-example-that-ends"));
    let cleo = world.curator("caro");
    assert_eq!(cleo.lists("/v1/admin/courses").len(), later.lists("/v1/courses").len() + 1, "curators still have it");
}

#[apply(on_both_databases)]
fn a_help_contact_says_when_it_was_not_looked_at_for_long(#[case] engine: Engine) {
    let world = World::start(engine);
    let fresh = world.sign_up("asha").lists("/v1/help-contacts?limit=100");
    assert!(fresh.iter().all(|contact| contact["stale"] == false && contact["checked_on"].is_string()));
    let german = fresh.iter().find(|contact| contact["slug"] == "telefonseelsorge-germany").expect("it is there");
    assert_eq!(german["lines"].as_array().unwrap().len(), 3, "lines that belong together stay together");
    world.clock.advance(DAY * 300);
    let later = world.sign_up("bela");
    let stale = || later.lists("/v1/help-contacts?limit=100").iter().all(|contact| contact["stale"] == true);
    eventually("the contacts to be stale", || stale().then_some(()));
    assert_eq!(later.reads("/v1/help-contacts/samaritans")["stale"], true);
}

#[apply(on_both_databases)]
fn what_is_sponsored_stands_below_the_rest_in_every_order(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for sort in ["", "&sort=title", "&sort=-title", "&sort=-published_at", "&sort=published_at", "&sort=-minutes"] {
        for limit in [1, 100] {
            let listed = asha.lists(&format!("/v1/practitioners?limit={limit}{sort}"));
            let flags: Vec<bool> = listed.iter().map(|entry| entry["is_sponsored"].as_bool().unwrap()).collect();
            assert!(flags.is_sorted() && flags.contains(&true) && flags.contains(&false), "{sort}: {flags:?}");
        }
    }
}

#[apply(on_both_databases)]
fn a_claim_is_never_shown_without_its_qualification(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    for claim in asha.lists("/v1/claims?limit=100") {
        assert!(claim["qualification"].as_str().is_some_and(|text| !text.is_empty()), "{claim}");
        assert_ne!(claim["title"], claim["claim"]);
        assert_eq!(claim["evidence"], "contested");
    }
    let bare = draft(&cleo, "claims", "bare", &json!({"qualification": null}));
    publish(&cleo, &bare).fault(422, "/qualification", "needed_to_publish");
    let healthy = draft(&cleo, "claims", "of-health", &json!({"about_health": true}));
    publish(&cleo, &healthy).fault(422, "/review/status", "needs_review");
    let sure = draft(&cleo, "claims", "that-is-sure", &json!({"evidence": "research"}));
    publish(&cleo, &sure).fault(422, "/evidence", "not_contested");
}

#[apply(on_both_databases)]
fn the_rules_of_kinds_name_the_place(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let slot = json!({"name": "day", "about": "A day", "example": "Sunday"});
    let line = |text: &str| json!({"lines": [{"text": text, "tone": "calm"}], "slots": [slot]});
    let rating = |key: &str| json!({"key": key, "form": "rating", "prompt": "How?"});
    let date = |rule: Value| json!({"dates": [{"countries": ["DE"], "rule": rule}]});
    for (kind, changes, pointer, code) in [
        ("scripts", line("On {night}, please."), "/lines/0/text", "unknown_slot"),
        ("scripts", line("Some day."), "/slots/0/name", "unused_slot"),
        ("question-sets", json!({"questions": [rating("how")]}), "/questions/0/scale", "wrong_for_form"),
        ("self-checks", json!({"questions": []}), "/results/0/when/0/question", "unknown_question"),
        ("help-contacts", json!({"website": "http://example.org"}), "/website", "link_scheme"),
        ("help-contacts", json!({"countries": ["de"]}), "/countries/0", "wrong_format"),
        ("courses", json!({"starts_on": "2199-03-26"}), "/ends_on", "before_start"),
        ("occasions", date(json!({"kind": "fixed", "month": 2, "day": 30})), "/dates/0/rule", "no_such_day"),
        ("stories", json!({"pen_name": "asha@example.org"}), "/pen_name", "email_address"),
        ("occasions", date(json!({"kind": "easter"})), "/dates/0/rule/offset_days", "wrong_for_kind"),
    ] {
        let made = Examples::of(&cleo).curated(kind, &format!("{code}-{kind}").replace('_', "-"));
        let path = format!("/v1/admin/{kind}/{}", made["id"].as_str().unwrap());
        let item = cleo.get(&path).expect(200);
        cleo.patch(&path, &item.etag(), &changes).fault(422, pointer, code);
        let item = Record::at(&path, &cleo.get(&path).expect(200));
        cleo.delete(&path, &item.etag).expect(204);
    }
}

#[apply(on_both_databases)]
fn mothers_day_is_on_another_day_elsewhere(#[case] engine: Engine) {
    let world = World::start(engine);
    let day = world.sign_up("asha").reads("/v1/occasions/mothers-day");
    let dates = day["dates"].as_array().unwrap();
    let on = |country: &str| {
        let rule = dates.iter().find(|date| date["countries"].as_array().unwrap().contains(&json!(country)));
        rule.unwrap_or_else(|| panic!("no rule for {country}"))["next_on"].as_str().unwrap().to_owned()
    };
    // The world's clock stands in November 2026.
    for (country, expected) in [
        ("US", "2027-05-09"), ("GB", "2027-03-07"), ("FR", "2027-05-30"), ("SE", "2027-05-30"), ("NO", "2027-02-14"),
        ("ES", "2027-05-02"), ("PL", "2027-05-26"), ("MX", "2027-05-10"), ("AR", "2027-10-17"), ("TH", "2027-08-12"),
        ("KR", "2027-05-08"), ("EG", "2027-03-21"), ("ID", "2026-12-22"), ("CR", "2027-08-15"), ("RU", "2026-11-29"),
        ("LU", "2027-06-13"), ("DE", "2027-05-09"),
    ] {
        assert_eq!(on(country), expected, "{country}");
    }
}
