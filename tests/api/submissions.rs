//! Handing over a story: closed unless the operator opens it, never public before it is published, gone when taken back.

use std::path::PathBuf;

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::sqlite::SqliteConnection;

use crate::canary;
use crate::harness::{logs, *};
use crate::sweeper::{after_sweep, runs};

pub const SUBMISSIONS: &str = "/v1/submissions";
pub const TO_DECIDE: &str = "/v1/admin/submissions";
const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// A world that takes submissions, in which two curators have to agree, and whose sweeper looks all the time.
pub fn open(engine: Engine) -> World {
    World::with(engine, |config| {
        config.submissions.open = true;
        config.catalogue.two_person = true;
        config.sweeper.poll_milliseconds = 10;
    })
}

/// A story with `word` in its text.
pub fn story(word: &str) -> Value {
    json!({
        "form": "story", "title": "A drawer", "text": format!("For a year I wrote {word} into a drawer."), "pen_name": "R.",
        "consent": {"edition": 1, "curators_may_read": true, "may_be_published": true},
    })
}

/// What somebody handed over.
pub struct Handed {
    pub path: String,
    pub id: String,
    pub body: Value,
}

#[track_caller]
pub fn hands_over(who: &Actor, body: &Value) -> Handed {
    let body = who.post(SUBMISSIONS, body).expect(201).json();
    let id = body["id"].as_str().unwrap().to_owned();
    Handed { path: format!("{SUBMISSIONS}/{id}"), id, body }
}

/// What a curator adds, so that a draft may be published; `nudges` say what it pushes towards.
pub fn worth_publishing(nudges: &Value) -> Value {
    json!({
        "summary": "A year of letters.", "stance": "grieve", "nudges": nudges, "not_for": "Whoever lost her this month.",
        "guard": "You may stop reading.",
    })
}

/// A submission that a curator accepted, with its draft.
#[track_caller]
pub fn accepted(curator: &Actor, id: &str, slug: &str) -> Record {
    let path = format!("{TO_DECIDE}/{id}");
    let seen = curator.get(&path).expect(200);
    let called = json!({"slug": slug, "title": "Letters in a drawer"});
    let accept = curator.request(Method::POST, &format!("{path}/accept")).header("if-match", &seen.etag());
    let item = accept.json(&called).send().expect(200).json()["item_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/admin/stories/{item}");
    Record::at(&path, &curator.get(&path).expect(200))
}

#[track_caller]
pub fn moves(curator: &Actor, item: &Record, to: &str) -> Record {
    let path = format!("{}/transitions", item.path);
    let moved = curator.request(Method::POST, &path).header("if-match", &item.etag).json(&json!({"to": to})).send();
    Record::at(&item.path, &moved.expect(200))
}

/// Takes a draft all the way: whoever accepted it finishes it, the other one agrees.
#[track_caller]
pub fn published(one: &Actor, other: &Actor, draft: &Record, nudges: &Value) -> Record {
    let finished = one.changes(draft, &worth_publishing(nudges));
    let read = moves(other, &moves(one, &finished, "in_review"), "approved");
    moves(other, &read, "published")
}

/// The ways by which readers come to a story about a tip; the rest of what they are answered comes after.
pub fn ways(item: &str, slug: &str, tip: &str) -> [String; 9] {
    [
        "/v1/stories?limit=100".to_owned(),
        format!("/v1/stories?id={item}"),
        format!("/v1/stories?about=tip/{tip}"),
        format!("/v1/stories/{item}"),
        format!("/v1/stories/{slug}"),
        format!("/v1/tips/{tip}/related"),
        "/v1/search?q=quillfeather".to_owned(),
        "/v1/search?q=drawer&kind=story".to_owned(),
        "/v1/bundle".to_owned(),
    ]
}

/// Where a story is shown to this reader, though nobody may see it there.
pub fn shown_at(reader: &Actor, item: &str, slug: &str, tip: &str) -> Vec<String> {
    let others = ["/v1/next".to_owned(), "/v1/day".to_owned(), format!("/v1/tips/{tip}")];
    let past = [1, 2, 3].map(|number| format!("/v1/stories/{item}?revision={number}"));
    let all = ways(item, slug, tip).into_iter().chain(others).chain(past);
    let is_shown = |path: &String| {
        let text = reader.get(path).text;
        text.contains("quillfeather") || text.contains(slug)
    };
    all.filter(is_shown).collect()
}

#[apply(on_both_databases)]
fn nothing_is_taken_unless_the_operator_opens_it(#[case] engine: Engine) {
    let world = World::start(engine);
    let (asha, cleo) = (world.sign_up("asha"), world.curator("cleo"));
    asha.post(SUBMISSIONS, &story("letters")).problem(409, "submissions_closed");
    assert_eq!(asha.lists(SUBMISSIONS), Vec::<Value>::new());
    let one = format!("{TO_DECIDE}/01980a5c-0000-7000-8000-00000000dead");
    for path in [TO_DECIDE, &one] {
        cleo.get(path).problem(409, "submissions_closed");
    }
    for (act, body) in [("accept", json!({"slug": "a-story", "title": "A"})), ("decline", json!({"reason": "off_topic"}))] {
        let asked = cleo.request(Method::POST, &format!("{one}/{act}")).header("if-match", "\"1\"").json(&body);
        asked.send().problem(409, "submissions_closed");
    }
}

#[apply(on_both_databases)]
fn what_was_handed_over_before_it_closed_stays_its_writers(#[case] engine: Engine) {
    let mut world = World::with(engine, |config| config.submissions.open = true);
    let asha = world.sign_up("asha");
    let handed = hands_over(&asha, &story("letters"));
    world.restart();
    let asha = asha.on(world.node(0));
    assert_eq!(asha.reads(&handed.path)["text"], handed.body["text"]);
    assert_eq!(asha.lists(SUBMISSIONS).len(), 1);
    asha.post(SUBMISSIONS, &story("more")).problem(409, "submissions_closed");
    asha.request(Method::DELETE, &handed.path).send().expect(204);
    assert_eq!(asha.reads(&handed.path)["status"], "withdrawn");
}

#[apply(on_both_databases)]
fn nothing_is_public_before_two_curators_agreed_nor_after_it_was_taken_back(#[case] engine: Engine) {
    let world = open(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let (cleo, caro) = (world.curator("cleo"), world.curator("caro"));
    let tip = bela.reads("/v1/tips?limit=1")["items"][0].clone();
    let about = tip["slug"].as_str().unwrap();
    let comment = with(&story("quillfeather"), &json!({"form": "comment", "about_item_id": tip["id"]}));
    let handed = hands_over(&asha, &comment);
    assert_eq!((&handed.body["status"], &handed.body["help"]), (&json!("waiting"), &json!("/v1/help-contacts")));
    let hidden = |state: &str, item: &str| {
        assert_eq!(shown_at(&bela, item, "letters-in-a-drawer", about), Vec::<String>::new(), "{state}");
    };
    hidden("waiting", &handed.id);

    let draft = accepted(&cleo, &handed.id, "letters-in-a-drawer");
    assert_eq!((&draft.body["status"], &draft.body["pen_name"]), (&json!("draft"), &json!("R.")));
    assert_eq!(asha.reads(&handed.path)["status"], "accepted");
    hidden("accepted", &draft.id);
    let finished = cleo.changes(&draft, &worth_publishing(&json!([])));
    let review = moves(&cleo, &finished, "in_review");
    let alone = cleo.request(Method::POST, &format!("{}/transitions", review.path)).header("if-match", &review.etag);
    alone.json(&json!({"to": "approved"})).send().fault(409, "/to", "own_revision");
    let approved = moves(&caro, &review, "approved");
    hidden("approved", &draft.id);
    let preview = caro.post(&format!("{}/previews", draft.path), &json!({"expires_in_seconds": 3600})).expect(201).json();
    let preview = preview["url"].as_str().unwrap().split_once("/v1/").unwrap().1.to_owned();
    let by_link = || world.anonymous().get(&format!("/v1/{preview}"));
    assert!(by_link().expect(200).text.contains("quillfeather"), "who has the link sees the draft");
    assert_eq!(asha.reads(&handed.path)["is_published"], false);

    moves(&caro, &approved, "published");
    for path in ways(&draft.id, "letters-in-a-drawer", about) {
        assert!(bela.get(&path).expect(200).text.contains("letters-in-a-drawer"), "it is not at {path}");
    }
    let related = bela.lists(&format!("/v1/tips/{about}/related"));
    assert!(related.iter().any(|one| one["type"] == "about" && one["item"]["id"] == *draft.id), "{related:?}");
    assert_eq!(bela.lists("/v1/stories?form=comment").len(), 1);
    assert_eq!(bela.lists("/v1/stories?form=review").len(), 0);
    assert_eq!(bela.lists(&format!("/v1/stories?about=tip/{about}")).len(), 1);
    let seen = asha.reads(&handed.path);
    assert_eq!((&seen["is_published"], &seen["item"]["slug"]), (&json!(true), &json!("letters-in-a-drawer")));

    asha.request(Method::DELETE, &handed.path).send().expect(204);
    asha.request(Method::DELETE, &handed.path).send().expect(204);
    hidden("taken back", &draft.id);
    by_link().problem(404, "not_found");
    let left = cleo.reads(&draft.path);
    assert_eq!((&left["status"], &left["body"], &left["pen_name"]), (&json!("archived"), &Value::Null, &Value::Null));
    let history = cleo.lists(&format!("{}/transitions", draft.path));
    assert_eq!((&history[0]["to"], &history[0]["actor"]), (&json!("archived"), &Value::Null), "an audited step of nobody");
    let revisions = cleo.lists(&format!("{}/revisions", draft.path));
    assert_eq!(revisions.len(), 1, "no earlier revision says it");
    let gone = asha.reads(&handed.path);
    assert_eq!((&gone["status"], &gone["text"], &gone["item"]), (&json!("withdrawn"), &Value::Null, &Value::Null));
    words_are_erased(&world);
}

/// SQLite's file has them no more. PostgreSQL keeps what was deleted until it writes over it, as does a write-ahead log.
fn words_are_erased(world: &World) {
    if world.ground.engine != Engine::Sqlite {
        return;
    }
    let file = world.ground.config(0).data_dir.join("mend.db");
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    connection.batch_execute("PRAGMA wal_checkpoint(FULL)").unwrap();
    assert_eq!(canary::search(&file, "letters-in-a-drawer"), std::slice::from_ref(&file), "its address stays");
    assert_eq!(canary::search(&file, "quillfeather"), Vec::<PathBuf>::new(), "its words are still in the file");
}

#[apply(on_both_databases)]
fn the_words_are_sealed_until_they_are_published(#[case] engine: Engine) {
    let world = open(engine);
    let (asha, cleo) = (world.sign_up("asha"), world.curator("cleo"));
    let body = with(&story("ravenglass"), &json!({"pen_name": "Ravenglass", "title": "Ravenglass"}));
    let create = || asha.request(Method::POST, SUBMISSIONS).header("idempotency-key", "one").json(&body).send();
    let id = create().expect(201).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(create().expect(201).header("idempotency-replayed"), Some("true"));
    assert_eq!(asha.lists(SUBMISSIONS).len(), 1);
    let path = format!("{TO_DECIDE}/{id}");
    let seen = cleo.get(&path).expect(200);
    assert!(seen.text.contains("ravenglass"));
    let note = json!({"reason": "other", "note": "Thank you, ravenglass."});
    cleo.request(Method::POST, &format!("{path}/decline")).header("if-match", &seen.etag()).json(&note).send().expect(200);
    world.ground.checkpoint();
    for place in world.ground.stores() {
        assert_eq!(canary::search(&place, "ravenglass"), Vec::<PathBuf>::new());
    }
    assert_eq!(canary::search(logs::file(), "ravenglass"), Vec::<PathBuf>::new());
}

#[apply(on_both_databases)]
fn it_goes_with_its_writers_account(#[case] engine: Engine) {
    let world = open(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let (cleo, caro) = (world.curator("cleo"), world.curator("caro"));
    let handed = hands_over(&asha, &story("her"));
    let kept = hands_over(&bela, &story("letters"));
    hands_over(&asha, &story("a second one"));
    let draft = accepted(&cleo, &handed.id, "letters-in-a-drawer");
    published(&cleo, &caro, &draft, &json!([]));
    bela.get("/v1/stories/letters-in-a-drawer").expect(200);
    let account = asha.reads("/v1/me")["id"].as_str().unwrap().replace('-', "");
    let id = if world.ground.engine == Engine::Sqlite { format!("x'{account}'") } else { format!("'{account}'::uuid") };
    runs(&world, &format!("DELETE FROM accounts WHERE id = {id}"));
    world.clock.advance(DAY / 12);
    after_sweep(&world, "submissions");
    let (bela, cleo) = (bela.on_another_device(), cleo.on_another_device());
    eventually("the story to be gone", || (bela.get("/v1/stories/letters-in-a-drawer").status == 404).then_some(()));
    assert_eq!(cleo.reads(&draft.path)["body"], Value::Null);
    let left: Vec<_> = cleo.lists(TO_DECIDE).iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(left, [kept.id], "nobody else's went");
}

#[apply(on_both_databases)]
fn what_has_ended_is_forgotten_after_thirty_days(#[case] engine: Engine) {
    let world = open(engine);
    let (asha, cleo) = (world.sign_up("asha"), world.curator("cleo"));
    let [declined, withdrawn, waiting] = ["one", "two", "three"].map(|word| hands_over(&asha, &story(word)));
    let path = format!("{TO_DECIDE}/{}/decline", declined.id);
    let because = json!({"reason": "said_already"});
    cleo.request(Method::POST, &path).header("if-match", "\"1\"").json(&because).send().expect(200);
    asha.request(Method::DELETE, &withdrawn.path).send().expect(204);
    let pass = |days| {
        world.clock.advance(DAY * days);
        after_sweep(&world, "submissions");
        asha.on_another_device()
    };
    let almost = (0..29).fold(asha.clone(), |_, _| pass(1));
    assert_eq!(almost.lists(SUBMISSIONS).len(), 3);
    let later = pass(1);
    let left: Vec<_> = later.lists(SUBMISSIONS).iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(left, [waiting.id]);
}
