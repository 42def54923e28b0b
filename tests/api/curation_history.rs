//! An item's past: differences, the way back, links that show one state, and two curators at one draft.

use std::time::Duration;

use crate::curation_items::tip;
use crate::harness::*;

const TIPS: &str = "/v1/admin/tips";

#[apply(on_both_databases)]
fn two_curators_at_one_draft_lose_nothing(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, caro) = (world.curator("cleo"), world.curator("caro"));
    let draft = cleo.writes(TIPS, &with(&tip("one-breath"), &json!({"body": "One.\nTwo.\nThree."})));
    let newer = caro.changes(&draft, &json!({"body": "One.\n2.\nThree.", "stance": null}));
    let refused = cleo.patch(&draft.path, &draft.etag, &json!({"title": "A breath"}));
    refused.problem(412, "version_mismatch");
    assert_eq!(refused.etag(), newer.etag);

    let difference = cleo.reads(&format!("{}/diff?from=1&to=2", draft.path));
    let changes = difference["changes"].as_array().unwrap();
    let pointers: Vec<_> = changes.iter().map(|change| (&change["pointer"], &change["change"])).collect();
    assert_eq!(pointers, [(&json!("/body"), &json!("changed")), (&json!("/stance"), &json!("removed"))]);
    let lines: Vec<_> = changes[0]["lines"].as_array().unwrap().iter().map(|line| line["change"].clone()).collect();
    assert_eq!(lines, ["kept", "removed", "added", "kept"]);
    // What the first one meant is said again, over what the second one wrote.
    let merged = cleo.changes(&newer, &json!({"title": "A breath"}));
    assert_eq!((&merged.body["title"], &merged.body["body"]), (&json!("A breath"), &json!("One.\n2.\nThree.")));
    assert_eq!(cleo.reads(&format!("{}/diff", draft.path))["changes"][0]["pointer"], "/title", "with the state before");
    cleo.get(&format!("{}/diff?from=1&to=9", draft.path)).problem(404, "not_found");
    cleo.get(&format!("{}/diff?since=1", draft.path)).fault(400, "?since", "unknown_parameter");
}

#[apply(on_both_databases)]
fn an_old_state_comes_back_as_a_new_one(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, caro, asha) = (world.curator("cleo"), world.curator("caro"), world.sign_up("asha"));
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    let renamed = cleo.changes(&draft, &json!({"slug": "two-breaths", "title": "Two breaths"}));
    let publish = cleo.request(Method::POST, &format!("{}/transitions", draft.path));
    let shown = publish.header("if-match", &renamed.etag).json(&json!({"to": "published"})).send().expect(200);
    let restore = |etag: &str, number: u32| {
        let path = format!("{}/revisions/{number}/restore", draft.path);
        caro.request(Method::POST, &path).header("if-match", etag).send()
    };
    restore(&draft.etag, 1).problem(412, "version_mismatch");
    restore(&shown.etag(), 9).problem(404, "not_found");
    let restored = restore(&shown.etag(), 1).expect(200).json();
    assert_eq!((&restored["latest_revision"], &restored["status"]), (&json!(3), &json!("draft")));
    assert_eq!(restored["title"], "One breath before the answer");
    assert_eq!(restored["slug"], "two-breaths", "permanent by now");
    assert_eq!(restored["revised_by"], caro.reads("/v1/me")["id"]);
    assert_eq!(cleo.reads(&format!("{}/revisions/1", draft.path))["document"]["slug"], "one-breath", "history stays");
    assert_eq!(asha.reads("/v1/tips/two-breaths")["title"], "Two breaths", "readers see what they saw");
}

#[apply(on_both_databases)]
fn a_preview_shows_one_state_to_whoever_has_the_link(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, nobody) = (world.curator("cleo"), world.anonymous());
    let draft = cleo.writes(TIPS, &tip("one-breath"));
    let previews = format!("{}/previews", draft.path);
    let link = cleo.post(&previews, &json!({"expires_in_seconds": 3600})).expect(201).json();
    let path = link["url"].as_str().unwrap().strip_prefix(&world.node(0).base).expect("under the public URL").to_owned();
    cleo.changes(&draft, &json!({"title": "Later"}));

    let shown = nobody.get(&path).expect(200);
    assert_eq!((shown.header("cache-control"), shown.header("etag")), (Some("no-store"), None));
    let preview = shown.json();
    assert_eq!((&preview["revision"], &preview["is_published"]), (&json!(1), &json!(false)));
    assert_eq!(preview["item"]["title"], "One breath before the answer", "the state that it was made for");
    nobody.request(Method::DELETE, &path).send().problem(405, "method_not_allowed");
    let token = path.rsplit('/').next().unwrap();
    let turned: String = token.chars().rev().collect();
    for other in [&turned, &token[1..], "x"] {
        nobody.get(&format!("/v1/previews/{other}")).problem(404, "not_found");
    }
    world.clock.advance(Duration::from_hours(1));
    nobody.get(&path).problem(404, "not_found");
    cleo.signs_in();
    cleo.post(&previews, &json!({"revision": 9})).fault(422, "/revision", "unknown_revision");
    cleo.post(&previews, &json!({"expires_in_seconds": 59})).fault(422, "/expires_in_seconds", "too_small");
}
