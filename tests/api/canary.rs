//! No private text outside the sealed documents: canary words in everything private, then a search of every file of the
//! databases with their write-ahead logs, memory-mapped and temporary files, of backups, of the service's log and metrics.
//! Holds always: the search is shown to find what is stored in the clear.

use std::path::{Path, PathBuf};

use crate::harness::document::DOCUMENT;
use crate::harness::examples::{Examples, collections, operation};
use crate::harness::{binary, logs, *};

/// Stands in every private text of these stories and nowhere else.
pub const CANARY: &str = "qxheronq";
/// Stands in curated text, which is meant to be read by everyone.
pub const CONTROL: &str = "qxwrenq";

/// Every way in which a store or a log might hold a word, in small letters.
fn shapes(word: &str) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex = hexadecimal(word);
    let mut shapes = vec![word.as_bytes().to_vec(), utf16, hex.into_bytes()];
    // Base64 depends on where the word begins: three shapes, without the letters that its neighbours change.
    for before in 0..3_usize {
        let text = [vec![b' '; before], word.as_bytes().to_vec()].concat();
        let letters = base64::engine::general_purpose::STANDARD_NO_PAD.encode(text);
        shapes.push(letters.as_bytes()[(before * 8).div_ceil(6)..letters.len() - 1].to_ascii_lowercase());
    }
    shapes
}

fn hexadecimal(word: &str) -> String {
    word.bytes()
        .flat_map(|byte| [byte / 16, byte % 16])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The files below `folder` that hold the word in any shape.
pub fn search(folder: &Path, word: &str) -> Vec<PathBuf> {
    let shapes = shapes(word);
    let mut waiting = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            // Other stories' folders come and go meanwhile.
            waiting.extend(std::fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else if let Ok(mut bytes) = std::fs::read(&path) {
            bytes.make_ascii_lowercase();
            if shapes.iter().any(|shape| memchr::memmem::find(&bytes, shape).is_some()) {
                found.push(path);
            }
        }
    }
    found
}

/// Puts the canary in each text that people write: strings of the schema whose only form is that they are not blank.
fn with_canaries(schema: &Value, value: &mut Value) {
    let schema = DOCUMENT.resolve(schema);
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    for alternative in alternatives.filter(|alternative| alternative["type"] != "null") {
        with_canaries(alternative, value);
    }
    match value {
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, value)| with_canaries(&schema["properties"][name], value));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| with_canaries(&schema["items"], item)),
        Value::String(text) if is_private_text(schema) => *text = format!("{CANARY} {text}"),
        _ => {}
    }
}

fn is_private_text(schema: &Value) -> bool {
    schema["maxLength"].is_u64() && schema["pattern"] == "\\S"
}

/// Writes, repeats, changes, deletes and restores a record of each collection, canaries in all of its texts.
pub fn write_everything(asha: &Actor) -> usize {
    let examples = Examples::of(asha);
    let mut canaries = 0;
    for collection in collections() {
        let path = format!("/v1/{collection}");
        let content = &operation("POST", &path).definition["requestBody"]["content"]["application/json"];
        let mut body = examples.body(collection);
        with_canaries(&content["schema"], &mut body);
        canaries += body.to_string().matches(CANARY).count();
        let create = || {
            asha.request(Method::POST, &path)
                .header("idempotency-key", &format!("{CANARY}-{collection}"))
                .json(&body)
                .send()
        };
        let record = Record::of(&path, &create().expect(201));
        assert_eq!(create().expect(201).header("idempotency-replayed"), Some("true"));
        assert!(record.body.to_string().contains(CANARY), "{collection} holds no text at all");
        let mut change = body.clone();
        change.as_object_mut().unwrap().retain(|_, value| value.to_string().contains(CANARY));
        let text = change.to_string().replace(CANARY, &format!("{CANARY} again"));
        let record = asha.changes(&record, &serde_json::from_str(&text).unwrap());
        asha.lists(&path);
        asha.deletes(&record);
        let record = asha.restores(&record);
        asha.lists(&format!("{}/revisions", record.path));
        // Refused text must not stay anywhere either.
        let refused = json!({"no_such_member": CANARY, "text": [CANARY], CANARY: CANARY});
        asha.post(&path, &refused).problem(422, "invalid_content");
        asha.get(&format!("{path}?{CANARY}={CANARY}")).expect(400);
        asha.get(&format!("{path}?cursor={CANARY}")).expect(400);
    }
    canaries
}

#[apply(on_both_databases)]
fn no_private_text_is_anywhere_in_the_clear(#[case] engine: Engine) {
    let world = World::with(engine, |config| config.metrics.listen = Some("127.0.0.1:0".parse().unwrap()));
    let password = format!("five {CANARY} lanterns");
    let asha = world.sign_up_with(CANARY, &format!("{CANARY}@example.org"), &password);
    assert!(write_everything(&asha) >= collections().len());
    let device = json!({"email": asha.email, "password": password, "label": format!("{CANARY}'s phone")});
    world.anonymous().post("/v1/auth/login", &device).expect(200);
    let wrong = json!({"email": asha.email, "password": format!("{password} {CANARY}")});
    world.anonymous().post("/v1/auth/login", &wrong).expect(401);
    tracing::info!("{CONTROL}");
    let cleo = world.curator("cleo");
    let tip = Examples::of(&cleo).curated("tips", CONTROL);
    assert!(tip.to_string().contains(CONTROL));

    backs_up(&world);
    world.ground.checkpoint();
    let stores = world.ground.stores();
    for (place, shown) in stores.iter().map(PathBuf::as_path).zip(["the folder", "the server"]).collect::<Vec<_>>() {
        assert_eq!(search(place, CANARY), Vec::<PathBuf>::new(), "private text in {shown}");
    }
    assert!(
        stores.iter().any(|place| !search(place, CONTROL).is_empty()),
        "the search does not find what is in the clear"
    );
    let held = held_files();
    assert_eq!(holding(&held, CANARY), Vec::<PathBuf>::new(), "private text in a file that the process holds");
    if world.ground.engine == Engine::Sqlite {
        for name in ["mend.db", "mend.db-wal", "mend.db-shm", "keystore.db"] {
            let path = world.ground.config(0).data_dir.join(name);
            assert!(held.iter().any(|held| std::fs::read_link(held).is_ok_and(|real| real == path)), "{name} is not looked at");
        }
        assert!(!holding(&held, CONTROL).is_empty(), "the search does not find what a held file has in the clear");
    }
    let log = logs::file();
    assert_eq!(search(log, CANARY), Vec::<PathBuf>::new(), "private text in the log");
    assert_eq!(search(log, CONTROL), std::slice::from_ref(log), "the search does not find what the log says");
    metrics_are_clean(&world);
}

/// Leaves what an operator's commands make in the world's folder, where it is searched with the rest.
fn backs_up(world: &World) {
    let (config, folder) = (world.ground.config(0), world.ground.folder.join("backups"));
    let kind = if world.ground.engine == Engine::Sqlite { "create" } else { "ledger" };
    binary::run(&config, &["backup", kind, binary::word(&folder)]).json();
    assert!(std::fs::read_dir(&folder).unwrap().count() > 0);
}

/// Every file below the folders for temporary files that this process has open or mapped, deleted ones included, as a path to read.
/// Not this program itself, which has the word in it.
fn held_files() -> Vec<PathBuf> {
    let (folders, program) = ([std::env::temp_dir(), scratch::place()], std::env::current_exe().unwrap());
    let is_temporary = |real: &Path| folders.iter().any(|folder| real.starts_with(folder));
    let opened = std::fs::read_dir("/proc/self/fd").unwrap().flatten().map(|entry| entry.path());
    let opened = opened.filter(|held| std::fs::read_link(held).is_ok_and(|real| is_temporary(&real)));
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mapped = maps.lines().filter_map(|line| line.split_whitespace().nth(5).map(PathBuf::from));
    opened.chain(mapped.filter(|real| is_temporary(real) && *real != program)).collect()
}

/// Those of the files that hold the word.
fn holding(files: &[PathBuf], word: &str) -> Vec<PathBuf> {
    files.iter().filter(|file| !search(file, word).is_empty()).cloned().collect()
}

fn metrics_are_clean(world: &World) {
    let address = world.node(0).running.metrics_address.expect("metrics are served");
    let text = ureq::get(format!("http://{address}/metrics")).call().unwrap().body_mut().read_to_string().unwrap();
    let file = world.ground.folder.join("metrics.txt");
    std::fs::write(&file, &text).unwrap();
    assert_eq!(search(&file, CANARY), Vec::<PathBuf>::new(), "private text in the metrics");
    assert_eq!(search(&file, "mend_http_request_duration_seconds").len(), 1);
}

#[test]
fn the_search_knows_each_shape_of_a_word() {
    use base64::Engine as _;
    let folder = tempfile::tempdir().unwrap();
    let standard = base64::engine::general_purpose::STANDARD;
    let planted = [
        "say qxheronq now".to_owned(),
        "SAY QXHERONQ NOW".to_owned(),
        hexadecimal("say qxheronq now").to_uppercase(),
        standard.encode("say qxheronq now"),
        standard.encode("so qxheronq"),
        standard.encode("to, qxheronq!"),
    ];
    for text in planted {
        std::fs::write(folder.path().join("store"), &text).unwrap();
        assert_eq!(search(folder.path(), CANARY).len(), 1, "{text}");
    }
    std::fs::write(folder.path().join("store"), "nothing to see").unwrap();
    assert!(search(folder.path(), CANARY).is_empty());
}
