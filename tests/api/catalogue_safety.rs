//! Content that pushes towards contact never reaches people who marked harm or ended contact.

use crate::harness::*;

/// Nothing in `item` pushes towards contact or is wrong for people who were harmed.
fn is_safe(item: &Value) -> bool {
    let words = |name: &str| item[name].as_array().cloned().unwrap_or_default();
    let wrong_for = words("contraindications");
    words("nudges").is_empty() && !wrong_for.contains(&json!("harm")) && !wrong_for.contains(&json!("no_contact"))
}

#[apply(on_both_databases)]
fn marking_harm_takes_away_what_pushes(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let before = asha.lists("/v1/tips?limit=100");
    let pushing: Vec<_> = before.iter().filter(|tip| !is_safe(tip)).collect();
    assert!(!pushing.is_empty());

    let mother = json!({"figure": "mother", "name": "Mother", "contact": "none", "goal": "leave"});
    let mother = asha.writes("/v1/relationships", &mother);
    let after = asha.lists("/v1/tips?limit=100");
    assert!(after.iter().all(is_safe) && after.len() >= 10, "{} tips are left", after.len());
    assert_eq!(after.len(), before.len() - pushing.len(), "nothing else is withheld");

    for tip in &pushing {
        for key in ["id", "slug"] {
            let withheld = asha.get(&format!("/v1/tips/{}", tip[key].as_str().unwrap()));
            let unknown = asha.get("/v1/tips/01980a5c-0000-7000-8000-00000000dead");
            assert_eq!(told(&withheld), told(&unknown));
        }
        assert_eq!(asha.lists(&format!("/v1/tips?id={}", tip["id"].as_str().unwrap())), Vec::<Value>::new());
    }
    for word in ["contact", "repair", "apology", "forgiveness"] {
        assert_eq!(asha.lists(&format!("/v1/tips?nudges={word}")), Vec::<Value>::new());
    }
    for tip in &after {
        let whole = asha.reads(&format!("/v1/tips/{}", tip["slug"].as_str().unwrap()));
        for link in whole["links"].as_array().unwrap() {
            assert!(after.iter().any(|tip| tip["id"] == link["id"]) || link["kind"] != "tip", "{link}");
        }
    }
    programs_are_safe(&asha);

    // Withheld is as good as not there: it cannot be started either.
    let bela = world.sign_up("bela");
    let program = bela.reads("/v1/programs/seven-ways-to-repair");
    let run = asha.post("/v1/program-runs", &json!({"program_id": program["id"]}));
    assert_eq!(run.status, 422, "{run}");

    asha.changes(&mother, &json!({"contact": "in_touch", "goal": "repair"}));
    assert_eq!(asha.lists("/v1/tips?limit=100"), before, "the way back is open");
}

fn programs_are_safe(asha: &Actor) {
    let programs = asha.lists("/v1/programs");
    assert!(!programs.is_empty() && programs.iter().all(is_safe));
    asha.get("/v1/programs/seven-ways-to-repair").problem(404, "not_found");
    for program in &programs {
        let whole = asha.reads(&format!("/v1/programs/{}", program["slug"].as_str().unwrap()));
        assert!(whole["steps"].as_array().unwrap().iter().all(is_safe));
    }
    let steps = asha.lists("/v1/steps?limit=100");
    assert!(!steps.is_empty() && steps.iter().all(is_safe));
    assert_eq!(asha.lists("/v1/steps?program=seven-ways-to-repair"), Vec::<Value>::new());
}

/// A problem without the id of its request.
fn told(answer: &Answer) -> Value {
    let mut body = answer.problem(404, "not_found");
    body["request_id"] = Value::Null;
    body
}

#[apply(on_both_databases)]
fn others_see_what_they_saw(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let before = bela.get("/v1/tips?limit=100").expect(200);
    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none", "goal": "leave"}));
    assert!(asha.lists("/v1/tips?limit=100").len() < before.json()["items"].as_array().unwrap().len());
    let after = bela.get("/v1/tips?limit=100").expect(200);
    assert_eq!(after.etag(), before.etag());
    let crossed = asha.request(Method::GET, "/v1/tips?limit=100").header("if-none-match", &before.etag()).send();
    assert_eq!(crossed.status, 200, "another view is another answer");
}
