//! The catalogue to take along: a client verifies what it got, keeps it up to date, and never holds what it must not show.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

use crate::curation_items::tip;
use crate::harness::*;

const PATH: &str = "/v1/bundle";

/// What an app keeps: the manifest's payload, and each line by its digest.
#[derive(Debug, Clone)]
struct Kept {
    manifest: Value,
    lines: BTreeMap<String, String>,
}

impl Kept {
    fn digests(&self) -> BTreeSet<&str> {
        self.lines.keys().map(String::as_str).collect()
    }

    /// What a delta makes of it.
    fn takes(mut self, delta: Self) -> Self {
        self.lines.extend(delta.lines);
        let listed = listed(&delta.manifest);
        self.lines.retain(|digest, _| listed.contains(digest));
        Self { manifest: delta.manifest, ..self }
    }

    fn items(&self) -> Vec<Value> {
        self.lines.values().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn listed(manifest: &Value) -> BTreeSet<String> {
    manifest["items"].as_array().unwrap().iter().map(|item| item["digest"].as_str().unwrap().to_owned()).collect()
}

/// Verifies as an app would, with nothing but the public keys.
fn verified(keys: &Value, file: &str) -> Result<Kept, String> {
    let mut lines = file.lines();
    let first: Value = serde_json::from_str(lines.next().ok_or("empty")?).map_err(|error| error.to_string())?;
    let token = first["manifest"].as_str().ok_or("no manifest")?;
    let header = decode_header(token).map_err(|error| error.to_string())?;
    let same = |key: &&Value| key["kid"].as_str() == header.kid.as_deref();
    let key = keys["keys"].as_array().unwrap().iter().find(same).ok_or("an unknown key")?;
    let key = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_issuer(&["urn:mend"]);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    let manifest = decode::<Value>(token, &key, &rules).map_err(|error| error.to_string())?.claims;
    let known = listed(&manifest);
    let mut kept = BTreeMap::new();
    for line in lines {
        let digest = URL_SAFE_NO_PAD.encode(&digest(&SHA256, line.as_bytes()).as_ref()[..16]);
        if !known.contains(&digest) {
            return Err(format!("not listed: {line}"));
        }
        kept.insert(digest, line.to_owned());
    }
    Ok(Kept { manifest, lines: kept })
}

#[track_caller]
fn whole(actor: &Actor) -> Kept {
    let answer = actor.get(PATH).expect(200);
    assert_eq!(answer.header("content-type"), Some("application/jsonl; charset=utf-8"));
    let kept = verified(&actor.reads("/v1/bundle/keys"), &answer.text).unwrap();
    assert_eq!(kept.digests(), listed(&kept.manifest).iter().map(String::as_str).collect(), "every line is there");
    kept
}

#[track_caller]
fn delta(actor: &Actor, had: &Kept) -> Kept {
    let answer = actor.post(PATH, &json!({"have": had.digests()})).expect(200);
    verified(&actor.reads("/v1/bundle/keys"), &answer.text).unwrap()
}

#[apply(on_both_databases)]
fn it_holds_what_the_reads_answer_byte_for_byte(#[case] engine: Engine) {
    let world = World::two_nodes(engine);
    let asha = world.sign_up("asha");
    let bundle = whole(&asha);
    for item in bundle.manifest["items"].as_array().unwrap().iter().step_by(20) {
        let path = format!("/v1/{}/{}", item["list"].as_str().unwrap(), item["id"].as_str().unwrap());
        assert_eq!(asha.get(&path).expect(200).text, bundle.lines[item["digest"].as_str().unwrap()], "{path}");
    }
    for list in ["tips", "programs", "help-contacts", "disclaimers"] {
        let there = bundle.manifest["items"].as_array().unwrap().iter().filter(|item| item["list"] == list).count();
        assert_eq!(there, asha.lists(&format!("/v1/{list}?locale=en&locale=de&limit=100")).len(), "{list}");
    }
    // Nothing new costs nothing, and the other node signs the same.
    let answer = asha.get(PATH).expect(200);
    asha.request(Method::GET, PATH).header("if-none-match", &answer.etag()).send().expect(304);
    let elsewhere = asha.on(world.node(1)).get(PATH).expect(200);
    assert_eq!(elsewhere.text, answer.text);
    asha.get("/v1/bundle?kind=tips").fault(400, "?kind", "unknown_parameter");
    world.anonymous().get(PATH).problem(401, "not_signed_in");
}

#[apply(on_both_databases)]
fn a_delta_brings_what_is_new_and_tells_what_is_gone(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let before = whole(&asha);
    assert!(delta(&asha, &before).lines.is_empty(), "nothing is new yet");

    let moves = |item: &Record, to: &str| {
        let path = format!("{}/transitions", item.path);
        let request = cleo.request(Method::POST, &path).header("if-match", &item.etag);
        Record::at(&item.path, &request.json(&json!({"to": to})).send().expect(200))
    };
    let published = moves(&cleo.writes("/v1/admin/tips", &tip("one-breath")), "published");
    let news = delta(&asha, &before);
    assert_eq!(news.items().iter().map(|item| &item["slug"]).collect::<Vec<_>>(), ["one-breath"]);
    assert!(news.manifest["version"].as_i64() > before.manifest["version"].as_i64());
    let kept = before.takes(news);
    assert_eq!(kept.lines, whole(&asha).lines);

    moves(&published, "archived");
    let news = delta(&asha, &kept);
    assert!(news.lines.is_empty());
    let kept = kept.takes(news);
    assert!(kept.items().iter().all(|item| item["slug"] != "one-breath"));
    assert_eq!(kept.lines, whole(&asha).lines);

    asha.post(PATH, &json!({"have": ["short"]})).expect(200);
    asha.post(PATH, &json!({"have": ["x".repeat(23)]})).fault(422, "/have/0", "too_long");
    asha.post(PATH, &json!({})).fault(422, "/have", "missing_member");
}

#[apply(on_both_databases)]
fn what_must_not_be_shown_is_neither_in_it_nor_kept(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let pushes = |item: &Value| item["nudges"].as_array().is_some_and(|nudges| !nudges.is_empty());
    let before = whole(&asha);
    assert_eq!(before.manifest["outreach_content"], "shown");
    assert!(before.items().iter().any(pushes));
    let hidden = before.items().into_iter().find(|item| item["kind"] == "tip" && !pushes(item)).unwrap();

    asha.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none", "goal": "leave"}));
    asha.writes("/v1/marks", &json!({"kind": "hidden", "item_id": hidden["id"]}));
    let kept = before.clone().takes(delta(&asha, &before));
    assert_eq!(kept.manifest["outreach_content"], "hidden");
    assert_eq!(kept.lines, whole(&asha).lines);
    for item in kept.items() {
        assert!(!pushes(&item) && item["id"] != hidden["id"], "{item}");
    }
    // What helps and what guards is there without a network too.
    let lists: BTreeSet<_> = kept.manifest["items"].as_array().unwrap().iter().map(|item| item["list"].as_str()).collect();
    assert!(lists.contains(&Some("help-contacts")) && lists.contains(&Some("disclaimers")));
}

#[apply(on_both_databases)]
fn what_somebody_changed_on_the_way_is_seen(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let (keys, file) = (asha.reads("/v1/bundle/keys"), asha.get(PATH).expect(200).text);
    verified(&keys, &file).unwrap();
    verified(&keys, &file.replacen("\"title\":\"", "\"title\":\"Call her: ", 1)).unwrap_err();
    let (first, rest) = file.split_once('\n').unwrap();
    let mut parts: Vec<_> = first.split('.').map(str::to_owned).collect();
    let forged = String::from_utf8(URL_SAFE_NO_PAD.decode(&parts[1]).unwrap()).unwrap().replacen("shown", "hidden", 1);
    parts[1] = URL_SAFE_NO_PAD.encode(forged);
    verified(&keys, &format!("{}\n{rest}", parts.join("."))).unwrap_err();
    // The key of RFC 8037's example, which is somebody else's.
    let mut others = keys;
    others["keys"][0]["x"] = json!("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    verified(&others, &file).unwrap_err();
}
