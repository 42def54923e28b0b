//! The sweeper: what has expired goes by itself, as its owner would have removed it; nothing else ever does.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use mend::database::schema::{attempt_counters, idempotency_keys, owner_heads, records, sessions, sweeps};
use mend::database::{Bytes, Connection, Failure, Id};

use crate::harness::*;

const LISTS: &str = "/v1/boundary-lists";
const BOUNDARIES: &str = "/v1/boundaries";
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// A world whose nodes look for expired things all the time.
pub fn eager(engine: Engine) -> World {
    World::with(engine, |config| config.sweeper.poll_milliseconds = 10)
}

/// What a query finds in the main database.
pub fn finds<T>(world: &World, query: impl FnOnce(&mut Connection) -> QueryResult<T>) -> T {
    let database = &world.node(0).running.house.database;
    database.read_now(|conn| Ok::<_, Failure>(query(conn)?)).expect("a query of these tests")
}

/// Statements that no client could send.
pub fn runs(world: &World, statements: &str) {
    let statements = statements.to_owned();
    let database = &world.node(0).running.house.database;
    database.write_now(move |conn| Ok::<_, Failure>(conn.batch_execute(&statements)?)).expect("statements of these tests");
}

/// When a task was last done, in microseconds.
pub fn swept_at(world: &World, task: &str) -> Option<i64> {
    finds(world, |conn| sweeps::table.find(task).select(sweeps::swept_at).first(conn).optional()).flatten()
}

/// Waits until a task was done at the time that the clock shows now.
#[track_caller]
pub fn after_sweep(world: &World, task: &str) {
    let now = world.clock.now().as_micros();
    eventually("the sweep", || (swept_at(world, task) == Some(now)).then_some(()));
}

/// Lets time pass, and waits until everything was swept since.
#[track_caller]
pub fn pass(world: &World, time: Duration) {
    world.clock.advance(time);
    for task in ["trash", "idempotency_keys", "sessions", "attempt_counters"] {
        after_sweep(world, task);
    }
}

/// Writes a list with a boundary, changes the list and deletes it with what belongs to it.
pub fn fills_the_trash(who: &Actor) -> [Record; 2] {
    let list = who.writes(LISTS, &json!({"title": "Calls"}));
    let list = who.changes(&list, &json!({"title": "Phone calls"}));
    let boundary = who.writes(BOUNDARIES, &json!({
        "list_id": list.id, "statement": "No calls after nine.", "category": "time", "what_i_will_do": "I hang up.",
    }));
    who.deletes(&list);
    [list, boundary]
}

/// A head row, and each record's collection, sequence, version and whether it has parent, key and document.
type Left = ((i64, i64, i64, i64), Vec<(String, i64, i64, Option<Id>, Option<Id>, Option<Bytes>)>);

/// What the database holds of the owner of a record.
fn left_of(world: &World, record: &Record) -> Left {
    let id: Id = record.id.parse().unwrap();
    finds(world, |conn| {
        let owner: Id = records::table.filter(records::id.eq(id)).select(records::owner).first(conn)?;
        let head = owner_heads::table.find(owner).select((
            owner_heads::sequence,
            owner_heads::live_count,
            owner_heads::trashed_count,
            owner_heads::stored_bytes,
        ));
        let columns = (
            records::collection,
            records::sequence,
            records::version,
            records::parent,
            records::data_key,
            records::document,
        );
        let rows = records::table.filter(records::owner.eq(owner)).order(records::collection).select(columns);
        Ok((head.first(conn)?, rows.load(conn)?))
    })
}

#[apply(on_both_databases)]
fn trash_goes_after_thirty_days_as_its_owner_would_have_removed_it(#[case] engine: Engine) {
    let world = eager(engine);
    let (asha, bela) = (world.sign_up("asha"), world.sign_up("bela"));
    let [list, child] = fills_the_trash(&asha);
    let [removed, _] = fills_the_trash(&bela);
    bela.delete(&format!("/v1/trash/{}", removed.id), "\"3\"").expect(204);

    pass(&world, HOUR * (30 * 24 - 1));
    asha.signs_in();
    assert_eq!(asha.lists("/v1/trash").len(), 1, "an hour too early");
    pass(&world, HOUR * 2);
    asha.signs_in();
    assert!(asha.lists("/v1/trash").is_empty());
    for record in [&list, &child] {
        asha.request(Method::POST, &format!("{}/restore", record.path)).send().problem(404, "not_found");
        asha.get(&format!("{}/revisions", record.path)).problem(404, "not_found");
    }
    asha.post(LISTS, &json!({"id": list.id, "title": "Again"})).problem(409, "id_taken");
    let (head, rows) = left_of(&world, &list);
    assert_eq!((head, rows.clone()), left_of(&world, &removed), "the sweep and the owner leave the same");
    assert!(rows.iter().all(|(_, sequence, ..)| *sequence == head.0), "devices see the removal as the latest change");
}

#[apply(on_both_databases)]
fn a_swept_relationship_goes_on_protecting(#[case] engine: Engine) {
    let world = eager(engine);
    let asha = world.sign_up("asha");
    let person = json!({"figure": "mother", "name": "Mum", "contact": "none", "goal": "distance"});
    let person = asha.writes("/v1/relationships", &person);
    let shown = |asha: &Actor| asha.reads("/v1/me")["outreach_content"].clone();
    assert_eq!(shown(&asha), "hidden");
    asha.deletes(&person);
    pass(&world, DAY * 31);
    asha.signs_in();
    assert!(asha.lists("/v1/trash").is_empty());
    assert_eq!(shown(&asha), "hidden");
    // The flag is judged anew whenever a relationship is written, also one that withholds nothing.
    let aunt = json!({"figure": "mother_figure", "name": "Aunt", "contact": "low", "goal": "keep_peace"});
    let aunt = asha.writes("/v1/relationships", &aunt);
    asha.deletes(&asha.changes(&aunt, &json!({"name": "Auntie"})));
    assert_eq!(shown(&asha), "hidden");
}

#[apply(on_both_databases)]
fn a_harmless_relationship_that_is_swept_withholds_nothing(#[case] engine: Engine) {
    let world = eager(engine);
    let asha = world.sign_up("asha");
    let aunt = json!({"figure": "mother_figure", "name": "Aunt", "contact": "low", "goal": "keep_peace"});
    asha.deletes(&asha.writes("/v1/relationships", &aunt));
    pass(&world, DAY * 31);
    asha.signs_in();
    asha.writes("/v1/relationships", &aunt);
    assert_eq!(asha.reads("/v1/me")["outreach_content"], "shown");
}

#[apply(on_both_databases)]
fn sessions_answers_and_counters_go_when_their_time_is_over(#[case] engine: Engine) {
    let world = eager(engine);
    let asha = world.sign_up("asha");
    let create = asha.request(Method::POST, LISTS).header("idempotency-key", "once-and-again");
    create.json(&json!({"title": "Calls"})).send().expect(201);
    let wrong = json!({"email": asha.email, "password": "not the one that it is"});
    world.anonymous().post("/v1/auth/login", &wrong).expect(401);
    let counts = || {
        finds(&world, |conn| {
            let sessions: i64 = sessions::table.count().get_result(conn)?;
            let answers: i64 = idempotency_keys::table.count().get_result(conn)?;
            let counters: i64 = attempt_counters::table.count().get_result(conn)?;
            Ok((sessions, answers, counters > 0))
        })
    };
    assert_eq!(counts(), (1, 1, true));
    pass(&world, HOUR * 23);
    assert_eq!(counts(), (1, 1, true));
    pass(&world, HOUR * 2);
    assert_eq!(counts(), (1, 0, false));
    pass(&world, DAY * 43);
    assert_eq!(counts(), (0, 0, false));
}

/// Whether the keystore still has a key.
fn has_key(world: &World, owner: Id, key: Id) -> bool {
    // What a node holds in memory it holds for a second.
    std::thread::sleep(Duration::from_millis(1_050));
    world.node(0).running.house.keystore.key_now(owner, key).expect("the keystore answers").is_some()
}

#[apply(on_both_databases)]
fn a_key_that_nothing_needs_goes_and_one_on_its_way_stays(#[case] engine: Engine) {
    let world = eager(engine);
    let asha = world.sign_up("asha");
    let list = asha.writes(LISTS, &json!({"title": "Calls"}));
    let list_id: Id = list.id.parse().unwrap();
    let owner: Id = finds(&world, |conn| {
        records::table.filter(records::id.eq(list_id)).select(records::owner).first(conn)
    });
    let keystore = world.node(0).running.house.keystore.clone();
    let (orphan, awaited) = (keystore.create_now(owner).unwrap().id, keystore.create_now(owner).unwrap().id);
    let nobody = Id::new();
    keystore.owner_key_now(nobody).unwrap();

    let pass = |time| {
        world.clock.advance(time);
        after_sweep(&world, "data_keys");
    };
    // A clock that was set back made the keys look old: that alone is no reason.
    pass(DAY * 2);
    for key in [(owner, owner), (owner, orphan), (owner, awaited), (nobody, nobody)] {
        assert!(keystore.key_now(key.0, key.1).unwrap().is_some(), "found unneeded for the first time");
    }
    pass(HOUR * 23);
    assert!(has_key(&world, owner, orphan), "an hour too early");
    // The row arrives that one of them was made for.
    let row = records::table.filter(records::id.eq(list_id));
    let database = &world.node(0).running.house.database;
    let job = move |conn: &mut Connection| {
        Ok::<_, Failure>(diesel::update(row).set(records::data_key.eq(Some(awaited))).execute(conn)?)
    };
    database.write_now(job).unwrap();
    pass(HOUR * 7);
    assert!(!has_key(&world, owner, orphan));
    assert!(!has_key(&world, nobody, nobody));
    assert!(has_key(&world, owner, awaited));
    assert!(has_key(&world, owner, owner), "a living account's own key, used or not");
}
