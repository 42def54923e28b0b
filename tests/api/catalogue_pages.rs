//! Lists that are paged while curators publish. A cursor names a place in the order, not a number of items: what keeps its
//! side of that place is met once, whatever comes and goes; what is moved over it counts as what it is now.

use crate::curation_items::tip;
use crate::harness::*;
use std::time::Duration;

const TIPS: &str = "/v1/admin/tips";
const LIMIT: usize = 12;
const ORDERS: [&str; 7] = ["", "title", "-title", "minutes", "-minutes", "published_at", "-published_at"];
const SEARCHES: [&str; 2] = ["q=one+day", "topics=boundaries"];

/// A list that somebody is paging through.
struct Walk {
    path: String,
    /// Where the next page is; empty before the first, none at the end.
    next: Option<String>,
    pages: Vec<Vec<String>>,
}

impl Walk {
    fn through(path: String) -> Self {
        Self { path, next: Some(String::new()), pages: Vec::new() }
    }

    fn turns(&mut self, reader: &Actor) {
        let Some(cursor) = self.next.take() else { return };
        let page = reader.reads(&format!("{}&limit={LIMIT}{cursor}", self.path));
        self.next = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
        self.pages.push(ids(page["items"].as_array().unwrap()));
        assert!(self.next.is_none() || self.pages.last().unwrap().len() == LIMIT, "{}: a page is not full", self.path);
    }

    fn met(&self, id: &str) -> usize {
        self.pages.iter().flatten().filter(|met| *met == id).count()
    }

    /// How often an item is met that changed after the first page: once if that page showed it, and once if it now stands
    /// behind that page's end. `now` is the whole list after the change.
    fn should_meet(&self, id: &str, now: &[String]) -> usize {
        let (first, place) = (&self.pages[0], |id: &str| now.iter().position(|known| known == id));
        let end = place(first.last().unwrap()).expect("the last of the first page did not change");
        usize::from(first.iter().any(|met| met == id)) + usize::from(place(id).is_some_and(|place| place > end))
    }
}

/// The ids of a list's items, or of what a search found.
fn ids(items: &[Value]) -> Vec<String> {
    let id = |item: &Value| item["id"].as_str().or(item["item"]["id"].as_str()).unwrap().to_owned();
    items.iter().map(id).collect()
}

/// A curator at work: each publication is a second later than the one before.
struct Desk<'a> {
    world: &'a World,
    cleo: Actor,
}

impl Desk<'_> {
    fn moves(&self, item: &Record, to: &str) -> Record {
        self.world.clock.advance(Duration::from_secs(1));
        let path = format!("{}/transitions", item.path);
        let moved = self.cleo.request(Method::POST, &path).header("if-match", &item.etag).json(&json!({"to": to}));
        Record::at(&item.path, &moved.send().expect(200))
    }

    fn adds(&self, title: &str, minutes: i64) -> Record {
        let slug = title.to_lowercase().replace(' ', "-");
        let changes = json!({"slug": slug, "title": title, "minutes": minutes, "topics": ["boundaries"]});
        self.moves(&self.cleo.writes(TIPS, &with(&tip(&slug), &changes)), "published")
    }

    fn changes(&self, item: &mut Record, changes: &Value) {
        *item = self.moves(&self.cleo.changes(item, changes), "published");
    }
}

/// What a curator changed while people paged.
struct Changed {
    /// Two that keep their side of every cursor.
    first: Record,
    last: Record,
    /// One that goes from the beginning to the end, and one that comes the other way.
    goer: Record,
    comer: Record,
    archived: Record,
    added: Vec<String>,
}

impl Changed {
    /// Holds a walk to its end against `untouched`, the list without any of these, and `now`, the list after the first page.
    fn were_met(&self, walk: &Walk, untouched: &[String], now: &[String]) {
        let path = &walk.path;
        assert!(walk.pages.len() > 2 && untouched.len() > LIMIT, "{path}: {} pages", walk.pages.len());
        for id in untouched {
            assert_eq!(walk.met(id), 1, "{path}: {id}");
        }
        for id in &self.added {
            assert!(walk.met(id) <= 1, "{path}: {id}");
        }
        if path.contains("published_at") || path.contains("q=") {
            return;
        }
        assert_eq!((walk.met(&self.first.id), walk.met(&self.last.id)), (1, 1), "{path}");
        for item in [&self.goer, &self.comer] {
            assert_eq!(walk.met(&item.id), walk.should_meet(&item.id, now), "{path}: {}", item.body["title"]);
        }
        let was_there = walk.pages[0].contains(&self.archived.id);
        assert_eq!(walk.met(&self.archived.id), usize::from(was_there), "{path}");
    }
}

#[apply(on_both_databases)]
fn a_cursor_from_before_a_publication_neither_repeats_nor_misses(#[case] engine: Engine) {
    let world = World::start(engine);
    let (desk, asha) = (Desk { world: &world, cleo: world.curator("cleo") }, world.sign_up("asha"));
    let orders = ORDERS.map(|order| match order {
        "" => "/v1/tips?locale=en".to_owned(),
        order => format!("/v1/tips?locale=en&sort={order}"),
    });
    let searches = SEARCHES.map(|asked| format!("/v1/search?locale=en&{asked}"));
    let paths: Vec<_> = orders.into_iter().chain(searches).collect();
    let whole = |path: &str| ids(&asha.lists(&format!("{path}&limit=100")));
    let untouched: Vec<_> = paths.iter().map(|path| whole(path)).collect();

    let (mut first, mut last) = (desk.adds("Aaa", 30), desk.adds("Zzz", 30));
    let (mut goer, mut comer, archived) = (desk.adds("Aab", 1), desk.adds("Zzy", 600), desk.adds("Mmm", 30));
    let mut walks: Vec<_> = paths.iter().map(|path| Walk::through(path.clone())).collect();
    for walk in &mut walks {
        walk.turns(&asha);
    }
    desk.changes(&mut goer, &json!({"title": "Zzx", "minutes": 600}));
    desk.changes(&mut comer, &json!({"title": "Aac", "minutes": 1}));
    desk.moves(&archived, "archived");
    let now: Vec<_> = paths.iter().map(|path| whole(path)).collect();
    let mut added = Vec::new();
    for round in 0.. {
        desk.changes(&mut first, &json!({"title": format!("Aaa {round}")}));
        desk.changes(&mut last, &json!({"title": format!("Zzz {round}")}));
        added.extend(["Aad", "Mmn", "Zzw"].map(|title| desk.adds(&format!("{title} {round}"), 30).id));
        for walk in &mut walks {
            walk.turns(&asha);
        }
        // The order by which each of these comes last has no end while they come: five rounds are enough of them.
        if round == 4 {
            break;
        }
    }
    for walk in &mut walks {
        while walk.next.is_some() {
            walk.turns(&asha);
        }
    }

    let changed = Changed { first, last, goer, comer, archived, added };
    for ((walk, untouched), now) in walks.iter().zip(&untouched).zip(&now) {
        changed.were_met(walk, untouched, now);
    }
    let Changed { first, goer, comer, .. } = changed;
    let met = |walk: usize| [&goer, &comer].map(|item| walks[walk].met(&item.id));
    assert_eq!([met(0), met(1), met(2)], [[2, 0], [2, 0], [0, 2]], "moved ahead: met again; moved back: not any more");
    // By publication, whatever is published again is the newest: paged upwards it is never missed.
    assert!(walks[5].met(&first.id) >= 1 && walks[5].met(&goer.id) >= 1, "{:?}", walks[5].pages);
    assert_eq!(walks[6].met(&first.id), 1, "paged downwards it was on the first page");
    let pages: usize = walks.iter().map(|walk| walk.pages.len()).sum();
    println!("{} lists, {pages} pages, {} publications in between", walks.len(), 2 + 1 + 5 * 5);
}
