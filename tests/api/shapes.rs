//! Documents of another shape, as nodes of two releases meet them: an older one is read, a newer one is left alone.
//! Holds always: what this version does not know it neither answers nor rewrites.

use diesel::prelude::*;
use mend::database::schema::{record_revisions, records};
use mend::database::{Bytes, Connection, Failure, Id};
use mend::privacy::{DocumentContext, seal_document};

use crate::harness::*;

/// A person with one record, and what its row holds.
struct Kept {
    world: World,
    asha: Actor,
    record: Record,
    owner: Id,
    id: Id,
}

impl Kept {
    fn new(engine: Engine) -> Self {
        let world = World::start(engine);
        let asha = world.sign_up("asha");
        let body = json!({"text": "She laughed.", "day": "2026-05-10", "time_zone": "Europe/Berlin"});
        let record = asha.writes("/v1/journal-entries", &body);
        let owner = asha.reads("/v1/me")["id"].as_str().unwrap().parse().unwrap();
        let id = record.id.parse().unwrap();
        Self { world, asha, record, owner, id }
    }

    /// Seals `document` in that shape in place of the record's own, as a node of another release would have.
    fn in_shape(&self, shape: i16, document: &Value) {
        let house = &self.world.node(0).running.house;
        let key = house.keystore.owner_key_now(self.owner).unwrap();
        let (owner, id) = (self.owner, self.id);
        let context = DocumentContext { owner, collection: "journal-entries", id, data_key: key.id, shape };
        let sealed = Bytes(seal_document(&key, &context, document.to_string().as_bytes()));
        let store = move |conn: &mut Connection| -> Result<(), Failure> {
            let change = (records::shape.eq(shape), records::document.eq(Some(&sealed)));
            diesel::update(records::table.find((owner, id))).set(change).execute(conn)?;
            let earlier = record_revisions::table.filter(record_revisions::record_id.eq(id));
            let change = (record_revisions::shape.eq(shape), record_revisions::document.eq(&sealed));
            diesel::update(earlier).set(change).execute(conn)?;
            Ok(())
        };
        house.database.write_now(store).unwrap();
    }

    /// Shape, version and sealed bytes of the row.
    fn row(&self) -> (i16, i64, Option<Bytes>) {
        let (owner, id) = (self.owner, self.id);
        let columns = (records::shape, records::version, records::document);
        let read = move |conn: &mut Connection| -> Result<_, Failure> {
            Ok(records::table.find((owner, id)).select(columns).first(conn)?)
        };
        self.world.node(0).running.house.database.read_now(read).unwrap()
    }
}

#[apply(on_both_databases)]
fn a_document_of_an_older_shape_is_answered_in_todays(#[case] engine: Engine) {
    let kept = Kept::new(engine);
    let older = json!({"text": "From before.", "day": "2026-05-10", "time_zone": "Europe/Berlin"});
    kept.in_shape(0, &older);
    let read = kept.asha.get(&kept.record.path).expect(200);
    assert_eq!(read.json()["text"], "From before.");
    // Every member that today's documents have, as the suite's judge demands of the answer.
    assert_eq!(read.json()["feelings"], json!([]));
    assert_eq!(kept.row().0, 0, "reading rewrites nothing");
    let changed = kept.asha.patch(&kept.record.path, &read.etag(), &json!({"title": "Today"})).expect(200);
    assert_eq!(changed.json()["text"], "From before.");
    assert_eq!(kept.row().0, 1, "a change is written in today's shape");
}

#[apply(on_both_databases)]
fn a_document_of_a_newer_shape_is_not_answered_and_never_rewritten(#[case] engine: Engine) {
    let kept = Kept::new(engine);
    kept.in_shape(2, &json!({"text": "From tomorrow.", "day": "2026-05-10", "unheard": "of"}));
    let (before, path, etag) = (kept.row(), &kept.record.path, &kept.record.etag);
    kept.asha.get(path).problem(503, "unavailable");
    kept.asha.patch(path, etag, &json!({"title": "Mine"})).problem(503, "unavailable");
    let whole = json!({"text": "Mine.", "day": "2026-05-10", "time_zone": "Europe/Berlin"});
    kept.asha.put(path, etag, &whole).problem(503, "unavailable");
    kept.asha.get("/v1/journal-entries").problem(503, "unavailable");
    assert_eq!(kept.row(), before);
}
