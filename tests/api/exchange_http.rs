//! Imports and exports over HTTP: two curators, all or nothing, and nobody's work written over.

use crate::curation_items::tip;
use crate::harness::*;

const IMPORTS: &str = "/v1/admin/imports";
const LINES: &str = "application/jsonl";

fn sends(actor: &Actor, query: &str, media: &str, body: impl Into<Vec<u8>>) -> Answer {
    actor.request(Method::POST, &format!("{IMPORTS}{query}")).bytes(media, body).send()
}

fn exports(actor: &Actor, query: &str) -> Answer {
    actor.get(&format!("/v1/admin/exports{query}")).expect(200)
}

/// One tip as a line.
fn line(slug: &str, changes: &Value) -> String {
    format!("{}\n", with(&with(&tip(slug), changes), &json!({"kind": "tip"})))
}

fn counts(report: &Value) -> [i64; 4] {
    ["created", "changed", "unchanged", "refused"].map(|what| report[format!("{what}_count")].as_i64().unwrap())
}

fn total(actor: &Actor) -> Value {
    actor.reads("/v1/admin/tips?limit=1")["total"].clone()
}

#[apply(on_both_databases)]
fn one_curator_imports_and_another_approves(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.catalogue.two_person = true);
    let (cleo, caro, asha) = (world.curator("cleo"), world.curator("caro"), world.sign_up("asha"));
    let lines = line("one-breath", &json!({"change_note": "From the workshop."})) + &line("two-breaths", &json!({}));
    let tried = sends(&cleo, "?dry_run=true", LINES, lines.clone()).expect(200).json();
    assert_eq!((&tried["is_dry_run"], counts(&tried)), (&json!(true), [2, 0, 0, 0]));
    assert_eq!(cleo.lists("/v1/admin/tips?status=draft").len(), 0, "nothing was changed");
    sends(&cleo, "?publish=true", LINES, lines.clone()).fault(409, "?publish", "own_revision");

    let report = sends(&cleo, "", LINES, lines.clone()).expect(200).json();
    assert_eq!(counts(&report), [2, 0, 0, 0]);
    assert_eq!(
        counts(&sends(&caro, "", LINES, lines).expect(200).json()),
        [0, 0, 2, 0],
        "a second time, nothing is new"
    );
    let path = format!("/v1/admin/tips/{}", report["items"][0]["id"].as_str().unwrap());
    let item = cleo.reads(&path);
    let me = cleo.reads("/v1/me")["id"].clone();
    assert_eq!((&item["status"], &item["created_by"], &item["revised_by"]), (&json!("draft"), &me, &me));
    assert_eq!((&item["change_note"], &item["latest_revision"]), (&json!("From the workshop."), &json!(1)));

    let moves = |actor: &Actor, version: u32, to: &str| {
        let request = actor.request(Method::POST, &format!("{path}/transitions"));
        request.header("if-match", &format!("\"{version}\"")).json(&json!({"to": to})).send()
    };
    moves(&cleo, 1, "in_review").expect(200);
    moves(&cleo, 2, "approved").fault(409, "/to", "own_revision");
    moves(&caro, 2, "approved").expect(200);
    moves(&caro, 3, "published").expect(200);
    assert_eq!(asha.reads("/v1/tips/one-breath")["revision"], 1);
    asha.get("/v1/tips/two-breaths").problem(404, "not_found");
}

#[apply(on_both_databases)]
fn one_bad_line_brings_in_nothing_and_is_named(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let before = total(&cleo);
    let lines =
        line("one-breath", &json!({})) + "\n" + &line("two-breaths", &json!({"stance": "win", "body": "<b>x</b>"}));
    let refused = sends(&cleo, "", LINES, lines.clone());
    refused.fault(422, "/stance", "unknown_value");
    assert_eq!(refused.json()["errors"][0]["line"], 3, "{refused}");
    assert_eq!(total(&cleo), before);

    let report = sends(&cleo, "?dry_run=true", LINES, lines).expect(200).json();
    assert_eq!(counts(&report), [1, 0, 0, 1]);
    assert_eq!((&report["errors"][0]["line"], &report["errors"][0]["code"]), (&json!(3), &json!("unknown_value")));
    assert_eq!(report["items"][1]["outcome"], "refused");

    // What only the database knows undoes what was stored before it, too.
    let there = line("a-calm-no", &json!({"title": "Another"}));
    let refused = sends(&cleo, "", LINES, line("one-breath", &json!({})) + &there);
    refused.fault(409, "/base", "needs_base");
    assert_eq!((&refused.json()["errors"][0]["line"], total(&cleo)), (&json!(2), before));
}

#[apply(on_both_databases)]
fn an_import_never_writes_over_what_it_does_not_know(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, caro) = (world.curator("cleo"), world.curator("caro"));
    let draft = caro.writes("/v1/admin/tips", &tip("one-breath"));
    let export = exports(&cleo, "?kind=tips&status=draft");
    assert_eq!(export.header("content-type"), Some("application/jsonl"));
    let edited = export.text.replace("One breath before", "Two breaths before");
    assert_ne!(edited, export.text);

    let newer = caro.changes(&draft, &json!({"summary": "Meanwhile."}));
    let refused = sends(&cleo, "", LINES, edited);
    refused.problem(409, "conflict");
    refused.fault(409, "/base", "version_mismatch");
    assert_eq!(caro.reads(&draft.path), newer.body);

    let edited = exports(&cleo, "?kind=tips&status=draft").text.replace("One breath before", "Two breaths before");
    assert_eq!(counts(&sends(&cleo, "", LINES, edited).expect(200).json()), [0, 1, 0, 0]);
    let item = caro.reads(&draft.path);
    assert_eq!((&item["title"], &item["summary"]), (&json!("Two breaths before the answer"), &json!("Meanwhile.")));
    assert_eq!((&item["latest_revision"], &item["revised_by"]), (&json!(3), &cleo.reads("/v1/me")["id"]));
}

#[apply(on_both_databases)]
fn an_import_that_comes_twice_happens_once(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let send = |key: &str, body: String| {
        cleo.request(Method::POST, IMPORTS).header("idempotency-key", key).bytes(LINES, body).send()
    };
    let first = send("a-key", line("one-breath", &json!({}))).expect(200);
    let again = send("a-key", line("one-breath", &json!({}))).expect(200);
    assert_eq!((again.header("idempotency-replayed"), &again.json()), (Some("true"), &first.json()));
    assert_eq!(counts(&again.json()), [1, 0, 0, 0], "the answer of the first time");
    send("a-key", line("two-breaths", &json!({}))).problem(422, "idempotency_key_reused");
}

#[apply(on_both_databases)]
fn one_person_may_import_and_publish_where_they_may_do_everything(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let next = json!({"links": [{"type": "next", "kind": "tip", "slug": "two-breaths"}]});
    sends(&cleo, "?publish=true", LINES, line("one-breath", &next)).fault(422, "/links/0/slug", "unresolved_link");
    let bare = line("one-breath", &json!({"guard": null}));
    sends(&cleo, "?publish=true", LINES, bare.clone()).fault(422, "/guard", "needed_to_publish");
    sends(&cleo, "?dry_run=true", LINES, bare).expect(200);
    let both = line("one-breath", &next) + &line("two-breaths", &json!({}));
    assert_eq!(counts(&sends(&cleo, "?publish=true", LINES, both).expect(200).json()), [2, 0, 0, 0]);
    assert_eq!(asha.reads("/v1/tips/one-breath")["links"][0]["slug"], "two-breaths");
}

#[apply(on_both_databases)]
fn what_is_exported_over_http_is_taken_back_as_it_is(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    cleo.writes("/v1/admin/tips", &json!({"slug": "a-formula", "title": "=HYPERLINK(\"x\")", "locale": "de"}));
    for (query, media, least) in [
        ("?format=jsonl", "application/x-ndjson", 300),
        ("?format=files", "application/x-tar", 300),
        ("?format=csv&kind=tips", "text/csv", 50),
        ("?format=csv&kind=programs&base=false", "text/csv; charset=utf-8", 5),
    ] {
        let export = exports(&cleo, query);
        assert_eq!(export.header("content-type").map(|own| own.starts_with("application/x-ndjson")), Some(false));
        let report = sends(&cleo, "", media, export.text.clone()).expect(200).json();
        let [created, changed, unchanged, refused] = counts(&report);
        assert!(created + changed + refused == 0 && unchanged >= least, "{query}: {:?}", counts(&report));
        assert_eq!(exports(&cleo, query).text, export.text, "{query}");
    }
    let table = exports(&cleo, "?format=csv&kind=tips&locale=de&status=draft").text;
    assert!(table.contains("\"'=HYPERLINK(\"\"x\"\")\"") && table.lines().count() == 2, "{table}");
    let lines = |query: &str| exports(&cleo, query).text.lines().count();
    assert_eq!(lines("?kind=tips&kind=programs"), lines("?kind=tips") + lines("?kind=programs"));
    assert_eq!(lines("?kind=tips&published=true"), lines("?kind=tips") - 1);
    for (query, pointer) in [("?format=xml", "?format"), ("?kind=poems", "?kind"), ("?format=csv", "?kind")] {
        cleo.get(&format!("/v1/admin/exports{query}")).fault(400, pointer, "wrong_value");
    }
}

#[apply(on_both_databases)]
fn a_body_that_cannot_be_read_is_named_by_line_and_rule(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.limits.import_bytes = 20_000);
    let cleo = world.curator("cleo");
    let before = total(&cleo);
    let row = |cells: &str| format!("kind,slug,title,topics\r\n{cells}\r\n");
    for (media, body, line, pointer, code) in [
        (LINES, "{\"kind\": \"tip\"".to_owned(), 1, "", "malformed_json"),
        (LINES, "\n\n[1]".to_owned(), 3, "", "wrong_type"),
        (LINES, "{\"slug\": \"a-b-c\"}".to_owned(), 1, "/kind", "missing_member"),
        (LINES, "{\"kind\": \"poem\"}".to_owned(), 1, "/kind", "unknown_kind"),
        (LINES, line("one-breath", &json!({"colour": "red"})), 1, "/colour", "unknown_member"),
        (LINES, line("one-breath", &json!({})).repeat(2), 2, "/slug", "repeated"),
        (LINES, " \n".to_owned(), 1, "", "empty"),
        ("text/csv", "kind,slug,colour\r\ntip,one-breath,red\r\n".to_owned(), 1, "/colour", "unknown_column"),
        ("text/csv", "slug,title\r\none-breath,One\r\n".to_owned(), 2, "/kind", "unknown_kind"),
        ("text/csv", row("tip,one-breath,One,\"[1\"") + "tip,two-breaths,Two,\r\n", 2, "/topics", "malformed_json"),
        ("text/csv", row("tip,one-breath,One,") + "script,two-breaths,Two,\r\n", 3, "/kind", "several_kinds"),
        ("text/csv", row("tip,one-breath,One,") + "tip,two-breaths\r\n", 3, "", "unequal_lengths"),
        ("application/x-tar", "no archive".repeat(100), 1, "", "malformed_archive"),
    ] {
        let refused = sends(&cleo, "", media, body.clone());
        refused.fault(422, pointer, code);
        let lines: Vec<_> =
            refused.json()["errors"].as_array().unwrap().iter().map(|fault| fault["line"].clone()).collect();
        assert!(lines.contains(&json!(line)), "{body}: {refused}");
    }
    sends(&cleo, "", "application/json", "{}").problem(415, "unsupported_media_type");
    sends(&cleo, "", LINES, " ".repeat(20_001)).problem(413, "body_too_large");
    sends(&cleo, "?publish=maybe", LINES, line("one-breath", &json!({}))).fault(400, "?publish", "wrong_value");
    cleo.get("/v1/admin/exports").fault(400, "?kind", "wrong_value");
    assert_eq!(total(&cleo), before);
}
