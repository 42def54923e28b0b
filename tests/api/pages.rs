//! Pages and patches under random use: every record exactly once, whatever the page sizes; a patch changes what it
//! names and nothing else.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::harness::*;

const ENTRIES: &str = "/v1/journal-entries";
const LISTS: &str = "/v1/boundary-lists";

fn cases(count: u32) -> TestRunner {
    TestRunner::new(Config { cases: count, failure_persistence: None, ..Config::default() })
}

/// Reads a list to its end, the sizes of the pages taken in turn.
fn walk(actor: &Actor, path: &str, limits: &[usize]) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    for limit in limits.iter().cycle().take(1000) {
        let page = actor.reads(&format!("{path}&limit={limit}{cursor}"));
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= *limit);
        items.extend(found.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
    panic!("the list has no end");
}

#[apply(on_both_databases)]
fn every_entry_is_on_one_page(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    // Few days for many entries, so that the order has ties.
    let days = prop::collection::vec(1..4_u32, 1..12);
    let limits = prop::collection::vec(1..6_usize, 1..5);
    let mut written: Vec<(String, String)> = Vec::new();
    let told = std::cell::RefCell::new(&mut written);
    let outcome = cases(4).run(&(days, limits), |(days, limits)| {
        let mut written = told.borrow_mut();
        for day in days {
            world.clock.advance(std::time::Duration::from_millis(u64::from(day % 2)));
            let day = format!("2026-05-{day:02}");
            let entry = json!({"text": "a", "day": day, "time_zone": "Europe/Lisbon"});
            written.push((asha.writes(ENTRIES, &entry).id, day));
        }
        let ids =
            |items: &[Value]| items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let all: Vec<_> = written.iter().map(|(id, _)| id.clone()).collect();
        let newest_first: Vec<_> = all.iter().rev().cloned().collect();
        prop_assert_eq!(
            sorted(ids(&walk(&asha, &format!("{ENTRIES}?sort=-created_at"), &limits))),
            sorted(newest_first)
        );
        let by_day = walk(&asha, &format!("{ENTRIES}?sort=day"), &limits);
        prop_assert_eq!(sorted(ids(&by_day)), sorted(all));
        prop_assert!(by_day.is_sorted_by_key(|item| item["day"].as_str().unwrap().to_owned()));
        let second = walk(&asha, &format!("{ENTRIES}?from=2026-05-02&to=2026-05-02"), &limits);
        let wanted: Vec<_> = written.iter().filter(|(_, day)| day.ends_with("02")).map(|(id, _)| id.clone()).collect();
        prop_assert_eq!(sorted(ids(&second)), sorted(wanted));
        Ok(())
    });
    outcome.unwrap();
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

/// Any text where a cursor belongs is one and the same refusal, and never a page.
#[apply(on_both_databases)]
fn no_other_text_is_a_cursor(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    for title in ["a", "b", "c"] {
        asha.writes(LISTS, &json!({"title": title}));
    }
    let cursor = asha.reads(&format!("{LISTS}?limit=1"))["next_cursor"].as_str().unwrap().to_owned();
    let length = cursor.len();
    let damage = (0..length, "[A-Za-z0-9_-]", any::<bool>());
    let outcome = cases(40).run(&damage, |(place, letter, cut)| {
        let mut damaged = cursor.clone();
        if cut {
            damaged.truncate(place);
        } else {
            damaged.replace_range(place..=place, &letter);
        }
        if damaged != cursor && !damaged.is_empty() {
            asha.get(&format!("{LISTS}?limit=1&cursor={damaged}")).problem(400, "invalid_cursor");
        }
        Ok(())
    });
    outcome.unwrap();
}

/// RFC 7396 as the standard writes it, for one level of members.
fn patched(target: &Value, patch: &Value) -> Value {
    let mut target = target.clone();
    for (name, value) in patch.as_object().unwrap() {
        target[name] = value.clone();
    }
    target
}

#[apply(on_both_databases)]
fn a_patch_changes_what_it_names(#[case] engine: Engine) {
    let world = World::start(engine);
    let asha = world.sign_up("asha");
    let mut list = asha.writes(LISTS, &json!({"title": "Sunday calls"}));
    let title = prop::option::of("[a-zé\u{1f31b} ]{0,8}x");
    let note = prop::option::of(prop::option::of("[a-z\n*]{0,12}x"));
    let position = prop::option::of(0..=10_000_u32);
    let archived = prop::option::of(any::<bool>());
    let told = std::cell::RefCell::new(&mut list);
    let outcome = cases(25).run(&(title, note, position, archived), |(title, note, position, archived)| {
        let mut list = told.borrow_mut();
        let named = [("title", title.map(Value::from)), ("note", note.map(Value::from))];
        let rest = [("position", position.map(Value::from)), ("archived", archived.map(Value::from))];
        let patch: Value = named.into_iter().chain(rest).filter_map(|(name, value)| Some((name, value?))).collect();
        if patch.as_object().unwrap().is_empty() {
            return Ok(());
        }
        let after = asha.changes(&list, &patch);
        let mut expected = patched(&list.body, &patch);
        expected["version"] = after.body["version"].clone();
        expected["updated_at"] = after.body["updated_at"].clone();
        prop_assert_eq!(&after.body, &expected);
        prop_assert_eq!(&asha.reads(&after.path), &expected);
        let changed = expected != list.body;
        prop_assert_eq!(after.version, list.version + i64::from(changed));
        **list = after;
        Ok(())
    });
    outcome.unwrap();
}
