//! Texts for the words of the API: there for every word, in two languages, read by everyone, and never taken for advice.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::document::DOCUMENT;
use crate::harness::examples::Examples;
use crate::harness::*;

const VOCABULARIES: &str = "/v1/vocabularies";

/// The words of each vocabulary that the document names.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let words = |schema: &Value| {
        let words = schema["x-extensible-enum"].as_array()?;
        Some(words.iter().map(|word| word.as_str().unwrap().to_owned()).collect())
    };
    let schemas = DOCUMENT.schemas().as_object().unwrap();
    // The names of vocabularies are told by the titles of their texts.
    let schemas_of_words = schemas.iter().filter(|(name, _)| *name != "VocabularyName");
    let named = schemas_of_words.filter_map(|(name, schema)| Some((name.clone(), words(schema)?)));
    let codes = words(&schemas["Problem"]["properties"]["code"]).expect("codes of problems are a vocabulary");
    named.chain([("ProblemCode".to_owned(), codes)]).collect()
}

/// The words of a served item, each with its label and meaning.
fn texts(item: &Value) -> BTreeMap<String, (String, String)> {
    let text = |entry: &Value, member: &str| entry[member].as_str().unwrap().to_owned();
    let words = item["words"].as_array().unwrap().iter();
    words.map(|entry| (text(entry, "word"), (text(entry, "label"), text(entry, "meaning")))).collect()
}

/// The path in the curators' part of a draft with these words for `effort`.
#[track_caller]
fn draft(cleo: &Actor, word: &str, words: &[&str]) -> Record {
    let made = Examples::of(cleo).curated("vocabularies", word);
    let path = format!("/v1/admin/vocabularies/{}", made["id"].as_str().unwrap());
    let item = Record::at(&path, &cleo.get(&path).expect(200));
    let text = |word: &&str| json!({"word": word, "label": "A label", "meaning": "A meaning."});
    cleo.changes(&item, &json!({"words": words.iter().map(text).collect::<Vec<_>>()}))
}

fn publish(cleo: &Actor, item: &Record) -> Answer {
    let path = format!("{}/transitions", item.path);
    cleo.request(Method::POST, &path).header("if-match", &item.etag).json(&json!({"to": "published"})).send()
}

#[apply(on_both_databases)]
fn every_word_of_the_document_has_its_texts_in_both_languages(#[case] engine: Engine) {
    let world = World::start(engine);
    let anyone = world.anonymous();
    let documented = documented();
    assert!(documented.len() > 40, "{}", documented.len());
    for language in ["en", "de"] {
        let all = anyone.lists(&format!("{VOCABULARIES}?limit=100&lang={language}"));
        let told: BTreeMap<_, _> =
            all.iter().map(|item| (item["vocabulary"].as_str().unwrap().to_owned(), item)).collect();
        for (name, words) in &documented {
            let item = told.get(name).unwrap_or_else(|| panic!("{name} has no texts in {language}"));
            assert_eq!(item["locale"], language, "{name}");
            assert_eq!(&texts(item).into_keys().collect::<BTreeSet<_>>(), words, "{name} in {language}");
        }
    }
    let kinds = mend::routes::kinds();
    let found = kinds.all().filter(|kind| kind.is_found).flat_map(|kind| [Some(kind.singular), kind.part]).flatten();
    let told = texts(&anyone.reads(&format!("{VOCABULARIES}/item-kind")));
    assert_eq!(told.into_keys().collect::<BTreeSet<_>>(), found.map(str::to_owned).collect());
}

#[apply(on_both_databases)]
fn an_app_speaks_the_language_of_its_person_before_they_sign_in(#[case] engine: Engine) {
    let world = World::start(engine);
    let anyone = world.anonymous();
    let asks = |language: &str| {
        let request = anyone.request(Method::GET, &format!("{VOCABULARIES}/problem-code"));
        request.header("accept-language", language).send().expect(200)
    };
    let refused = anyone.post("/v1/auth/login", &json!({"email": "nobody@example.org", "password": "not the right one"}));
    let code = refused.problem(401, "wrong_credentials")["code"].as_str().unwrap().to_owned();
    let (english, german) = (asks("en"), asks("de-AT, en;q=0.5"));
    let label = |answer: &Answer| texts(&answer.json())[&code].0.clone();
    assert_eq!((label(&english).as_str(), label(&german).as_str()), ("That did not match", "Das passt nicht zusammen"));
    assert_eq!(german.header("cache-control"), Some("public, max-age=60"));
    let again = anyone.request(Method::GET, &format!("{VOCABULARIES}/problem-code"));
    let again = again.header("accept-language", "de-AT, en;q=0.5").header("if-none-match", &german.etag()).send();
    assert_eq!(again.status, 304);
    let named = anyone.lists(&format!("{VOCABULARIES}?vocabulary=BoundaryStatus&lang=de"));
    assert_eq!((named.len(), texts(&named[0])["renegotiated"].0.as_str()), (1, "Neu besprochen"));
    anyone.get(&format!("{VOCABULARIES}?vocabulary=Weather")).fault(400, "?vocabulary", "wrong_value");
}

#[apply(on_both_databases)]
fn each_word_is_there_once_or_nothing_is_published(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, anyone) = (world.curator("cleo"), world.anonymous());
    let too_few = publish(&cleo, &draft(&cleo, "too-few", &["small", "large"]));
    too_few.fault(422, "/words", "missing_word");
    assert!(too_few.text.contains("`medium`"), "it says which: {too_few}");
    let too_many = draft(&cleo, "too-many", &["small", "medium", "large", "endless"]);
    publish(&cleo, &too_many).fault(422, "/words/3/word", "unknown_word");
    let path = draft(&cleo, "twice", &["small"]).path;
    let (item, text) = (cleo.get(&path).expect(200), json!({"word": "small", "label": "A", "meaning": "B"}));
    cleo.patch(&path, &item.etag(), &json!({"words": [text, text]})).fault(422, "/words/1/word", "repeated");
    cleo.patch(&path, &item.etag(), &json!({"vocabulary": "Weather"})).fault(422, "/vocabulary", "unknown_value");
    publish(&cleo, &draft(&cleo, "whole", &["large", "small", "medium"])).expect(200);
    let read = anyone.reads(&format!("{VOCABULARIES}/an-example-whole"));
    assert_eq!(read["words"][0]["word"], "large", "in the order of its author");
}

#[apply(on_both_databases)]
fn nobody_is_offered_a_button_as_advice(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    for item in asha.lists(&format!("{VOCABULARIES}?limit=100")) {
        let title = item["title"].as_str().unwrap().replace(' ', "+");
        for hit in asha.lists(&format!("/v1/search?q={title}&limit=100")) {
            assert_ne!(hit["item"]["kind"], "vocabulary", "{title}");
        }
    }
    asha.get("/v1/search?kind=vocabulary").fault(400, "?kind", "wrong_value");
    for offered in asha.reads("/v1/next")["items"].as_array().unwrap() {
        assert_ne!(offered["item"]["kind"], "vocabulary");
    }
    // No link leads to one, and one that leads away from it is not told at the other end.
    let made = Examples::of(&cleo).curated("tips", "that-links");
    let path = format!("/v1/admin/tips/{}", made["id"].as_str().unwrap());
    let item = Record::at(&path, &cleo.get(&path).expect(200));
    let link = json!({"links": [{"type": "supports", "kind": "vocabulary", "slug": "topic"}]});
    publish(&cleo, &cleo.changes(&item, &link)).fault(422, "/links/0/kind", "unknown_kind");
    let away = draft(&cleo, "that-links", &["small", "medium", "large"]);
    let link = json!({"links": [{"type": "supports", "kind": "tip", "slug": "anger-is-allowed"}]});
    publish(&cleo, &cleo.changes(&away, &link)).expect(200);
    let related = asha.reads("/v1/tips/anger-is-allowed/related");
    assert!(related["items"].as_array().unwrap().iter().all(|one| one["item"]["kind"] != "vocabulary"), "{related}");
}

#[apply(on_both_databases)]
fn they_are_taken_along(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let bundle = asha.get("/v1/bundle").expect(200).text;
    let lines = bundle.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let carried: Vec<Value> = lines.filter(|item| item["kind"] == "vocabulary").collect();
    for locale in ["en", "de"] {
        let problems = carried.iter().find(|item| item["slug"] == "problem-code" && item["locale"] == locale);
        assert!(texts(problems.expect("it is in the bundle")).contains_key("not_signed_in"));
    }
}
