//! Translations: items of their own beside their original, found by the language that a reader wants.

use crate::curation_items::tip;
use crate::harness::*;

const TIPS: &str = "/v1/admin/tips";

#[track_caller]
fn published(actor: &Actor, body: &Value) -> Record {
    let draft = actor.writes(TIPS, body);
    let request = actor.request(Method::POST, &format!("{}/transitions", draft.path)).header("if-match", &draft.etag);
    Record::at(&draft.path, &request.json(&json!({"to": "published"})).send().expect(200))
}

fn german(slug: &str) -> Value {
    let said = json!({
        "slug": slug, "locale": "de", "title": "Ein Atemzug vor der Antwort",
        "translation_of": {"slug": "one-breath", "locale": "en"},
    });
    with(&tip(slug), &said)
}

/// What a reader with this `Accept-Language` gets.
#[track_caller]
fn asks(actor: &Actor, path: &str, accept: &str) -> Answer {
    actor.request(Method::GET, path).header("accept-language", accept).send().expect(200)
}

#[apply(on_both_databases)]
fn a_reader_gets_the_language_that_there_is(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let original = published(&cleo, &tip("one-breath"));
    let draft = cleo.writes(TIPS, &german("ein-atemzug"));
    let language = |path: &str, accept: &str| {
        let answer = asks(&asha, path, accept);
        assert!(answer.header("vary").unwrap().to_lowercase().contains("accept-language"));
        assert_eq!(answer.header("content-language"), answer.json()["locale"].as_str());
        answer.json()["locale"].as_str().unwrap().to_owned()
    };
    assert_eq!(language("/v1/tips/one-breath", "de"), "en", "a translation has a status of its own");
    let publish = cleo.request(Method::POST, &format!("{}/transitions", draft.path)).header("if-match", &draft.etag);
    publish.json(&json!({"to": "published"})).send().expect(200);

    for (path, accept, expected) in [
        ("/v1/tips/one-breath", "de-CH, en;q=0.5", "de"),
        ("/v1/tips/one-breath", "fr, en;q=0.5, de;q=0.4", "en"),
        ("/v1/tips/one-breath", "fr", "en"),
        ("/v1/tips/one-breath", "garbage;;q=x", "en"),
        ("/v1/tips/one-breath?lang=de", "en", "de"),
        ("/v1/tips/one-breath?lang=fr", "de", "en"),
        ("/v1/tips/ein-atemzug", "en", "en"),
        ("/v1/tips/ein-atemzug", "*", "de"),
    ] {
        assert_eq!(language(path, accept), expected, "{path} {accept}");
    }
    let by_id = format!("/v1/tips/{}", original.body["id"].as_str().unwrap());
    assert_eq!(language(&by_id, "de"), "en", "an id means itself");
    assert_eq!(language(&format!("{by_id}?lang=de"), "en"), "de");
    let (one, other) = (asks(&asha, "/v1/tips/one-breath", "en"), asks(&asha, "/v1/tips/one-breath", "de"));
    assert_ne!(one.etag(), other.etag(), "other bytes, another tag");
}

#[apply(on_both_databases)]
fn a_list_shows_each_item_once_in_the_best_language(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    published(&cleo, &tip("one-breath"));
    published(&cleo, &german("one-breath"));
    let english = asha.lists("/v1/tips?limit=100&lang=en");
    let german = asha.lists("/v1/tips?limit=7&lang=de");
    let ids = |items: &[Value]| items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!((ids(&english), english.len()), (ids(&german), german.len()));
    let locale = |items: &[Value]| items.iter().find(|item| item["slug"] == "one-breath").unwrap()["locale"].clone();
    assert_eq!((locale(&english), locale(&german)), (json!("en"), json!("de")));
    assert_eq!(asha.lists("/v1/tips?locale=de").iter().filter(|item| item["slug"] == "one-breath").count(), 1);
    let page = asks(&asha, "/v1/tips?limit=100", "de");
    assert!(page.header("content-language").unwrap().contains("de"));
}

#[apply(on_both_databases)]
fn a_translator_is_told_when_the_original_has_changed(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    cleo.post(TIPS, &with(&german("ein-atemzug"), &json!({"locale": "en"}))).fault(422, "/translation_of/locale", "same_language");
    let translation = cleo.writes(TIPS, &german("ein-atemzug"));
    let transitions = format!("{}/transitions", translation.path);
    let publish = cleo.request(Method::POST, &transitions).header("if-match", &translation.etag);
    publish.json(&json!({"to": "published"})).send().fault(422, "/translation_of/slug", "unresolved_original");

    let original = published(&cleo, &tip("one-breath"));
    assert_eq!(original.body["source_changed"], Value::Null, "an original has no source");
    let translation = cleo.changes(&translation, &json!({"translation_of": {"slug": "one-breath", "locale": "en"}, "minutes": 1}));
    assert_eq!(translation.body["source_changed"], false);
    let edited = cleo.changes(&original, &json!({"title": "Two breaths"}));
    assert_eq!(cleo.reads(&translation.path)["source_changed"], false, "a draft of the original changes nothing yet");
    let publish = cleo.request(Method::POST, &format!("{}/transitions", original.path)).header("if-match", &edited.etag);
    publish.json(&json!({"to": "published"})).send().expect(200);
    assert_eq!(cleo.reads(&translation.path)["source_changed"], true);
    let listed = cleo.lists(&format!("{TIPS}?locale=de"));
    let shown = listed.iter().find(|item| item["slug"] == "ein-atemzug").unwrap();
    assert_eq!(shown["source_changed"], true);
    // Said anew without a fingerprint, it is up to date again.
    let renewed = cleo.changes(&translation, &json!({
        "title": "Zwei Atemzüge", "translation_of": {"slug": "one-breath", "locale": "en", "fingerprint": null},
    }));
    assert_eq!(renewed.body["source_changed"], false);
}

#[apply(on_both_databases)]
fn the_starters_translations_are_of_the_originals_beside_them(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    for kind in ["tips", "programs", "help-contacts", "disclaimers"] {
        let translated = cleo.lists(&format!("/v1/admin/{kind}?locale=de"));
        assert!(!translated.is_empty(), "no {kind} are translated");
        let stale: Vec<_> = translated.iter().filter(|item| item["source_changed"] != false).collect();
        assert!(stale.is_empty(), "{kind}: {} of {} are not up to date", stale.len(), translated.len());
    }
}
