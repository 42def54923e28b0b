//! Upgrades: today's service on the databases that each released version left, over HTTP.
//! Holds always: whatever a manifest says somebody wrote, they read today, and can change and take back out of the trash.

use mend::database::{Clock, Timestamp};

use crate::harness::examples::{Examples, collections};
use crate::harness::golden::{self, Golden};
use crate::harness::ground::Ground;
use crate::harness::*;

/// Long enough after the set was made that no access token lives, and short enough that the session does.
const LATER: std::time::Duration = std::time::Duration::from_hours(2);

#[test]
fn every_released_versions_databases_are_served_today() {
    let sets = golden::all();
    assert!(!sets.is_empty(), "there are no golden databases");
    for (number, set) in sets.iter().enumerate() {
        serves(set, &format!("golden_{number}"));
    }
}

fn serves(set: &Golden, name: &str) {
    let (what, manifest) = (set.folder.display(), &set.manifest);
    let made_at = Timestamp::from_micros(manifest["made_at_micros"].as_i64().unwrap());
    let config = set.unpack(name);
    let node = Node::start(config.clone(), Clock::manual(made_at.plus(LATER)));
    let text = |member: &str| manifest[member].as_str().unwrap();
    let asha = Actor::with_password(&node, text("email"), text("password"));

    let refreshed = asha.post("/v1/auth/refresh", &json!({"refresh_token": text("refresh_token")})).expect(200);
    asha.keeps(&refreshed);
    assert_eq!(asha.reads("/v1/me")["name"], manifest["name"], "{what}");
    asha.signs_in();

    let records = manifest["records"].as_array().unwrap();
    assert!(records.len() >= 6, "{what} holds {} records", records.len());
    for record in records {
        let read = asha.get(record["path"].as_str().unwrap()).expect(200);
        assert_eq!(json!(read.etag()), record["etag"], "{what}: {}", record["path"]);
        holds(&read.json(), &record["body"], &format!("{what}: {}", record["path"]));
    }
    let edited = &manifest["edited"];
    let revisions = asha.lists(&format!("{}/revisions", edited["path"].as_str().unwrap()));
    let texts: Vec<_> = revisions.iter().map(|revision| revision["content"]["title"].clone()).collect();
    assert_eq!(json!(texts), edited["titles"], "{what}: an earlier version");

    let changed = asha.patch(edited["path"].as_str().unwrap(), edited["etag"].as_str().unwrap(), &json!({"title": "Now"}));
    assert_eq!(changed.expect(200).json()["title"], "Now");
    let path = manifest["trashed"]["path"].as_str().unwrap();
    let restored = asha.request(Method::POST, &format!("{path}/restore")).send().expect(200);
    holds(&restored.json(), &manifest["trashed"]["content"], &format!("{what}: from the trash"));
    asha.get(manifest["purged"].as_str().unwrap()).problem(404, "not_found");
    asha.writes("/v1/boundary-lists", &json!({"title": "Made after the upgrade"}));
    drop(node);
    set.gone(&config);
}

/// Holds `today` to every member of `then`; members that a later version adds may be there.
#[track_caller]
fn holds(today: &Value, then: &Value, what: &str) {
    match then {
        Value::Object(members) => {
            members.iter().for_each(|(name, then)| holds(&today[name], then, &format!("{what}, {name}")));
        }
        Value::Array(items) => {
            assert_eq!(today.as_array().map(Vec::len), Some(items.len()), "{what}");
            items.iter().enumerate().for_each(|(at, then)| holds(&today[at], then, &format!("{what}, {at}")));
        }
        _ => assert_eq!(today, then, "{what}"),
    }
}

#[test]
fn this_version_has_its_golden_databases() {
    for engine in ["sqlite", "postgres"] {
        let manifest = golden::home().join(env!("CARGO_PKG_VERSION")).join(engine).join("manifest.json");
        let make = "cargo test --test api golden::make -- --ignored";
        assert!(manifest.exists(), "{} is missing; make it with: {make}", manifest.display());
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[ignore = "writes tests/migrations/golden/<version>, once a release, by hand"]
fn make(#[case] engine: Engine) {
    let ground = Ground::bare(engine);
    assert_eq!(ground.engine, engine, "PostgreSQL is needed");
    let (clock, config) = (Clock::manual(world::beginning()), ground.config(0));
    let node = Node::start(config.clone(), clock.clone());
    let asha = Actor::somebody(&node.base, "asha");
    let registration = json!({"email": asha.email, "password": asha.password, "name": "Asha"});
    asha.post("/v1/auth/register", &registration).expect(202);
    asha.signs_in();
    let manifest = fill(&asha, &clock);
    drop(node);
    Golden::keep(engine, env!("CARGO_PKG_VERSION"), &config, &manifest);
}

/// Writes one record of each collection, a history, something in the trash and something purged; answers the manifest.
fn fill(asha: &Actor, clock: &Clock) -> Value {
    let examples = Examples::of(asha);
    let mut records: Vec<_> = collections().into_iter().map(|collection| examples.record(collection)).collect();
    let entry = |text: &str| {
        let body = json!({"text": text, "title": "First", "day": "2026-05-10", "time_zone": "Europe/Berlin"});
        asha.writes("/v1/journal-entries", &body)
    };
    let edited = asha.changes(&entry("It was changed, and ünïcödé stayed. 🌧"), &json!({"title": "Second"}));
    let (trashed, purged) = (entry("In the trash."), entry("Gone."));
    for record in [&trashed, &purged] {
        asha.deletes(record);
    }
    let in_trash = asha.lists("/v1/trash").into_iter().find(|item| item["id"] == *purged.id).unwrap();
    asha.delete(&format!("/v1/trash/{}", purged.id), &format!("\"{}\"", in_trash["version"])).expect(204);
    records.push(edited.clone());
    let shown: Vec<_> = records
        .iter()
        .map(|record| {
            let now = asha.get(&record.path).expect(200);
            json!({"path": record.path, "etag": now.etag(), "body": now.json()})
        })
        .collect();
    let content = json!({"text": trashed.body["text"], "title": trashed.body["title"]});
    json!({
        "mend": env!("CARGO_PKG_VERSION"), "made_at_micros": clock.now().as_micros(),
        "email": asha.email, "password": asha.password, "name": "Asha", "refresh_token": asha.tokens().refresh,
        "records": shown, "edited": {"path": edited.path, "etag": edited.etag, "titles": ["Second", "First"]},
        "trashed": {"path": trashed.path, "content": content}, "purged": purged.path,
    })
}
