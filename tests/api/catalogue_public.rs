//! A catalogue that the operator opened to everyone.

use crate::harness::*;

#[apply(on_both_databases)]
fn an_open_catalogue_is_read_without_signing_in(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.catalogue.public = true);
    let anyone = world.anonymous();
    let open = anyone.get("/v1/tips?limit=100").expect(200);
    assert_eq!(open.header("cache-control"), Some("public, max-age=60"));
    assert!(open.header("vary").unwrap().to_lowercase().contains("authorization"));
    anyone.get("/v1/steps").expect(200);
    anyone.get("/v1/admin/tips").problem(401, "not_signed_in");

    // Who is signed in gets their own view, and nothing in between may keep it for others.
    let asha = world.sign_up("asha");
    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none", "goal": "leave"}));
    let restricted = asha.get("/v1/tips?limit=100").expect(200);
    assert_eq!(restricted.header("cache-control"), Some("private, no-cache"));
    assert!(restricted.json()["items"].as_array().unwrap().len() < open.json()["items"].as_array().unwrap().len());

    // A token that is no good is not the same as none.
    let stale = anyone.request(Method::GET, "/v1/tips").header("authorization", "Bearer of-nobody");
    stale.send().problem(401, "not_signed_in");
}
