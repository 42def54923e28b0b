//! Searching the catalogue: words, kinds and facets over everything that the reader may see.

use std::time::{Duration, Instant};

use crate::harness::*;

fn found(actor: &Actor, query: &str) -> Vec<Value> {
    actor.lists(&format!("/v1/search?{query}"))
}

#[apply(on_both_databases)]
fn items_of_every_kind_are_found_by_their_words(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let hits = found(&asha, "q=anger&limit=100");
    assert_eq!(hits[0]["item"]["slug"], "anger-is-allowed", "the title comes first");
    assert_eq!(found(&asha, "q=angre+alowed")[0]["item"]["slug"], "anger-is-allowed", "two slips");
    let kinds: std::collections::BTreeSet<_> = hits.iter().map(|hit| hit["item"]["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains("tip") && kinds.len() > 1, "{kinds:?}");
    for hit in &hits {
        let guarded = hit["item"]["guard"].is_string() && hit["item"]["not_for"].is_string();
        assert!(
            guarded || !["tip", "step", "program"].contains(&hit["item"]["kind"].as_str().unwrap()),
            "unguarded: {hit}"
        );
        let marked = ["title", "summary", "text"]
            .iter()
            .any(|place| hit["highlights"][place].as_array().unwrap().iter().any(|piece| piece["found"] == true));
        assert!(marked, "{hit}");
    }
    let tips = found(&asha, "q=anger&kind=tip&limit=100");
    assert!(tips.iter().all(|hit| hit["item"]["kind"] == "tip") && tips.len() < hits.len());
    let step = &found(&asha, "q=mourn+one+thing&kind=step&locale=en")[0];
    assert_eq!(
        (&step["item"]["title"], &step["parent"]["slug"]),
        (&json!("Mourn one thing"), &json!("accepting-the-limits"))
    );
    assert_eq!(
        asha.reads(&format!("/v1/steps/{}", step["item"]["id"].as_str().unwrap()))["title"],
        step["item"]["title"]
    );

    // Facets alone list what fits, over all kinds.
    let griefs = found(&asha, "topics=grief&kind=tip&locale=en");
    let listed: Vec<_> =
        asha.lists("/v1/tips?topics=grief&sort=title&locale=en").iter().map(|tip| tip["id"].clone()).collect();
    assert_eq!(griefs.iter().map(|hit| hit["item"]["id"].clone()).collect::<Vec<_>>(), listed);
    let small = found(&asha, "q=her&effort=small&limit=100");
    assert!(!small.is_empty() && small.iter().all(|hit| hit["item"]["effort"] == "small"));
}

#[apply(on_both_databases)]
fn pages_make_one_list_and_need_not_be_sent_twice(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let ids = |hits: Vec<Value>| hits.iter().map(|hit| hit["item"]["id"].clone()).collect::<Vec<_>>();
    let whole = ids(found(&asha, "q=mother&limit=100"));
    assert!(whole.len() > 20, "{}", whole.len());
    assert_eq!(ids(found(&asha, "q=mother&limit=7")), whole);
    let first = asha.get("/v1/search?q=mother&limit=7").expect(200);
    assert!(first.header("link").unwrap().contains("rel=\"next\""));
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    let again = asha.request(Method::GET, "/v1/search?q=mother&limit=7").header("if-none-match", &first.etag()).send();
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    asha.get(&format!("/v1/search?q=father&limit=7&cursor={cursor}")).problem(400, "invalid_cursor");
    world.anonymous().get("/v1/search?q=mother").problem(401, "not_signed_in");
}

#[apply(on_both_databases)]
fn what_is_withheld_is_not_found(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let questions =
        ["q=forgive", "q=forgivness", "q=call+her", "q=listen&limit=3", "nudges=contact", "q=seven+ways", "q=repair"];
    let is_safe = |hit: &Value| {
        let wrong_for = hit["item"]["contraindications"].as_array().unwrap();
        hit["item"]["nudges"] == json!([])
            && !wrong_for.contains(&json!("harm"))
            && !wrong_for.contains(&json!("no_contact"))
    };
    assert!(
        questions.iter().all(|question| found(&asha, question).iter().any(|hit| !is_safe(hit))),
        "there is something"
    );
    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none", "goal": "leave"}));
    for question in questions {
        assert!(found(&asha, question).iter().all(is_safe), "{question}");
    }
    assert!(!found(&asha, "q=grief").is_empty(), "what does no harm is still there");
}

#[apply(on_both_databases)]
fn an_item_is_found_once_in_the_language_that_is_wanted(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let slugs = |hits: &[Value]| hits.iter().map(|hit| hit["item"]["slug"].clone()).collect::<Vec<_>>();
    let english = found(&asha, "q=helpline&kind=help_contact&limit=100");
    let german = found(&asha, "q=helpline&kind=help_contact&lang=de&limit=100");
    let both = found(&asha, "q=helpline&kind=help_contact&locale=en&locale=de&limit=100");
    assert!(!english.is_empty() && slugs(&english) == slugs(&german), "{english:?} {german:?}");
    assert_eq!(both.len(), 2 * english.len());
    assert_ne!(english[0]["item"]["summary"], german[0]["item"]["summary"]);
    let plain = asha.get("/v1/search?q=Hause&limit=100").expect(200);
    assert_eq!(plain.header("content-language"), Some("en"), "nobody wished for German");
    let wish =
        |path: &str| asha.request(Method::GET, path).header("accept-language", "de-AT, en;q=0.5").send().expect(200);
    let first = wish("/v1/search?q=Hause&limit=2");
    assert_eq!(first.header("content-language"), Some("de"));
    assert_eq!(first.json()["items"].as_array().unwrap().len(), 2);
    // The next page goes on in the languages of the first.
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let second = asha.get(&format!("/v1/search?q=Hause&limit=2&cursor={cursor}")).expect(200);
    assert_eq!(second.header("content-language"), Some("de"));
}

/// Whatever is typed is words: nothing of it is an operator, and nothing takes long.
#[apply(on_both_databases)]
fn hostile_questions_are_answered_fast(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let begun = Instant::now();
    for (question, status) in [
        ("%22", 200),
        ("%22calm", 200),
        ("calm%22+OR+%22x", 200),
        ("NOT+NOT+NOT", 200),
        ("AND", 200),
        ("NEAR(calm+no,5)", 200),
        ("title:calm+%7Btitle%7D:no", 200),
        ("***", 200),
        ("a*+b*+c*", 200),
        ("%5E+calm-no+%2B", 200),
        ("'%3B+DROP+TABLE+texts%3B--", 200),
        ("%3Cscript%3Ealert(1)%3C/script%3E", 200),
        ("%F0%9F%98%80", 200),
        ("%E2%80%AE%CC%81", 200),
        ("calm%00no", 400),
        ("%FF%FE", 400),
        ("", 400),
    ] {
        assert_eq!(asha.get(&format!("/v1/search?q={question}")).status, status, "{question}");
    }
    let most = ["a", "%C3%A9", "(", "%22"].map(|one| one.repeat(200));
    let (words, letters) = ("a1+".repeat(66), "m".repeat(3_000));
    for question in most.iter().chain([&words]) {
        asha.get(&format!("/v1/search?q={question}")).expect(200);
    }
    asha.get(&format!("/v1/search?q={letters}")).fault(400, "?q", "wrong_value");
    asha.get(&format!("/v1/search?q={}", "a+b+".repeat(2_500))).problem(414, "uri_too_long");
    for (query, pointer) in [("q=a&sort=title", "?sort"), ("q=a&kind=poem", "?kind"), ("q=a&colour=red", "?colour")] {
        let answer = asha.get(&format!("/v1/search?{query}"));
        assert_eq!(answer.problem(400, "invalid_query")["errors"][0]["pointer"], pointer);
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
