//! The help directory: open to everyone, from memory, also while no database answers.

use std::time::Duration;

use crate::harness::*;

const CONTACTS: &str = "/v1/help-contacts";

#[apply(on_both_databases)]
fn everyone_reads_it_without_signing_in(#[case] engine: Engine) {
    let world = World::start(engine);
    let anyone = world.anonymous();
    let first = anyone.get(CONTACTS).expect(200);
    assert_eq!(first.header("cache-control"), Some("public, max-age=60"));
    let again = anyone.request(Method::GET, CONTACTS).header("if-none-match", &first.etag()).send();
    assert_eq!((again.status, again.text.as_str()), (304, ""));

    let all = anyone.lists(&format!("{CONTACTS}?limit=100"));
    assert!(all.len() >= 15, "{} contacts", all.len());
    assert_eq!(anyone.lists(&format!("{CONTACTS}?limit=1")), all, "the lines of a contact stay together on any page");
    for contact in &all {
        let whole = anyone.reads(&format!("{CONTACTS}/{}", contact["slug"].as_str().unwrap()));
        assert_eq!(whole["lines"].as_array().unwrap().len(), contact["lines"].as_array().unwrap().len());
        assert!(contact["checked_on"].is_string() && whole["looked_up_in"].is_string(), "{contact}");
    }
    // A token that is no good takes the directory from nobody, and one that is good changes nothing in it.
    let stale = anyone.request(Method::GET, CONTACTS).header("authorization", "Bearer of-nobody").send();
    assert_eq!(stale.expect(200).etag(), first.etag());
    let asha = world.sign_up("asha");
    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none", "goal": "leave"}));
    assert_eq!(asha.get(CONTACTS).expect(200).etag(), first.etag());
    anyone.get("/v1/tips").problem(401, "not_signed_in");
    anyone.get("/v1/admin/help-contacts").problem(401, "not_signed_in");
}

#[apply(on_both_databases)]
fn it_is_filtered_by_country_topic_and_language(#[case] engine: Engine) {
    let world = World::start(engine);
    let anyone = world.anonymous();
    let has = |contact: &Value, member: &str, word: &str| contact[member].as_array().unwrap().contains(&json!(word));
    let all = anyone.lists(&format!("{CONTACTS}?limit=100"));
    for (parameter, member, word) in
        [("country", "countries", "AU"), ("topic", "helps_with", "crisis"), ("language", "languages", "de")]
    {
        let found = anyone.lists(&format!("{CONTACTS}?{parameter}={word}&limit=100"));
        let anywhere = |contact: &Value| parameter == "country" && contact["countries"] == json!([]);
        let expected: Vec<_> =
            all.iter().filter(|contact| has(contact, member, word) || anywhere(contact)).cloned().collect();
        assert!(!expected.is_empty() && expected.len() < all.len(), "{parameter}");
        assert_eq!(found, expected, "{parameter}");
    }
    let both = anyone.lists(&format!("{CONTACTS}?country=AU&country=GB&topic=domestic_violence&limit=1"));
    assert!(both.iter().all(|contact| has(contact, "helps_with", "domestic_violence")) && both.len() >= 2);
    anyone.get(&format!("{CONTACTS}?cuontry=AU")).fault(400, "?cuontry", "unknown_parameter");
    for (parameter, word) in [("country", ""), ("country", "gb"), ("topic", "gardening"), ("language", "e")] {
        let pointer = format!("?{parameter}");
        anyone.get(&format!("{CONTACTS}?{parameter}={word}")).fault(400, &pointer, "wrong_value");
    }
    let cursor = anyone.reads(&format!("{CONTACTS}?country=AU&limit=1"))["next_cursor"].as_str().unwrap().to_owned();
    anyone.get(&format!("{CONTACTS}?country=GB&cursor={cursor}")).problem(400, "invalid_cursor");
}

#[apply(on_both_databases)]
fn the_number_for_life_in_danger_comes_first_and_what_is_far_away_last(#[case] engine: Engine) {
    let world = World::start(engine);
    let rank = |contact: &Value| match contact["helps_with"].as_array().unwrap().contains(&json!("emergency")) {
        true => 0,
        false if contact["countries"] == json!([]) => 2,
        false => 1,
    };
    for order in ["", "&sort=title", "&lang=de"] {
        let found = world.anonymous().lists(&format!("{CONTACTS}?country=DE&limit=100{order}"));
        let ranks: Vec<_> = found.iter().map(rank).collect();
        assert!(ranks.is_sorted() && [0, 1, 2].iter().all(|rank| ranks.contains(rank)), "{order}: {ranks:?}");
    }
}

#[apply(on_both_databases)]
fn what_was_not_looked_at_for_long_says_so(#[case] engine: Engine) {
    let world = World::start(engine);
    let anyone = world.anonymous();
    let stale = || anyone.lists(&format!("{CONTACTS}?limit=100")).iter().filter(|one| one["stale"] == true).count();
    let before = stale();
    world.clock.advance(Duration::from_hours(24 * 400));
    eventually("the contacts to become stale", || (stale() > before).then_some(()));
}

/// SQLite has no server that could be gone.
#[test]
fn it_answers_while_the_database_does_not() {
    let world = World::start(Engine::Postgres);
    if world.ground.engine != Engine::Postgres {
        return;
    }
    let (anyone, asha) = (world.anonymous(), world.sign_up("asha"));
    let before = anyone.get(CONTACTS).expect(200);
    world.ground.shut();
    eventually("the database to be gone", || (anyone.get("/readyz").status == 503).then_some(()));
    asha.get("/v1/journal-entries").expect(503);
    for actor in [&anyone, &asha] {
        assert_eq!(actor.get(CONTACTS).expect(200).etag(), before.etag());
        actor.get(&format!("{CONTACTS}?country=GB&topic=crisis")).expect(200);
        actor.get(&format!("{CONTACTS}/emergency-112")).expect(200);
    }
}
