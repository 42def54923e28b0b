//! What one state of an item says otherwise than another: member by member, longer texts line by line.
//! Holds always: equal states have no difference; entries with a slug or an id are compared with their likes, wherever they stand.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use utoipa::ToSchema;

use crate::http::vocabulary;

vocabulary! {
    /// What became of a member or a line.
    pub enum Change {
        Kept = "kept",
        Added = "added",
        Removed = "removed",
        Changed = "changed",
    }
}

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineChange {
    /// `kept`, `added` or `removed`.
    pub change: Change,
    #[schema(max_length = 20_000, example = "Said early, they stay small.")]
    pub text: String,
}

/// A member that differs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MemberChange {
    /// Where, as a JSON pointer; entries stand where they are in the newer state, removed ones where they were.
    #[schema(max_length = 400, example = "/body")]
    pub pointer: String,
    /// `added`, `removed` or `changed`.
    pub change: Change,
    /// What it said; null when it was not there.
    pub before: Value,
    /// What it says; null when it is not there any more.
    pub after: Value,
    /// For a text of several lines: each line. Empty for everything else.
    #[schema(max_items = 5_000)]
    pub lines: Vec<LineChange>,
}

/// The differences of two states of an item.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// The older revision.
    #[schema(minimum = 1, example = 2)]
    pub from: i64,
    /// The newer revision.
    #[schema(minimum = 1, example = 3)]
    pub to: i64,
    /// In the order of the members' names; empty when both say the same.
    #[schema(max_items = 5_000)]
    pub changes: Vec<MemberChange>,
}

/// Every member that differs.
#[must_use]
pub fn changes(before: &Value, after: &Value) -> Vec<MemberChange> {
    let mut found = Vec::new();
    compare(String::new(), before, after, &mut found);
    found
}

fn compare(pointer: String, before: &Value, after: &Value, found: &mut Vec<MemberChange>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let value = |members: &serde_json::Map<String, Value>| members.get(name).cloned().unwrap_or_default();
                compare(format!("{pointer}/{name}"), &value(old), &value(new), found);
            }
        }
        (Value::Array(old), Value::Array(new)) if old.iter().chain(new).any(Value::is_object) => {
            compare_entries(&pointer, old, new, found);
        }
        _ => found.push(member(pointer, before, after)),
    }
}

/// Entries that name themselves are compared by name, others by place.
fn compare_entries(pointer: &str, old: &[Value], new: &[Value], found: &mut Vec<MemberChange>) {
    let keyed = old.iter().chain(new).all(|entry| key(entry).is_some());
    let twin = |entry: &Value, place: usize, others: &[Value]| {
        let same = |other: &&Value| key(other) == key(entry);
        if keyed { others.iter().find(same).cloned() } else { others.get(place).cloned() }.unwrap_or_default()
    };
    for (place, entry) in new.iter().enumerate() {
        compare(format!("{pointer}/{place}"), &twin(entry, place, old), entry, found);
    }
    for (place, entry) in old.iter().enumerate() {
        if twin(entry, place, new).is_null() {
            found.push(member(format!("{pointer}/{place}"), entry, &Value::Null));
        }
    }
    let order = |entries: &[Value]| entries.iter().filter_map(key).map(Value::from).collect::<Vec<_>>();
    let (before, after) = (order(old), order(new));
    let mut sorted = (before.clone(), after.clone());
    sorted.0.sort_by_key(ToString::to_string);
    sorted.1.sort_by_key(ToString::to_string);
    if keyed && before != after && sorted.0 == sorted.1 {
        found.push(member(pointer.to_owned(), &Value::Array(before), &Value::Array(after)));
    }
}

/// What an entry is called.
fn key(entry: &Value) -> Option<&str> {
    ["slug", "id"].iter().find_map(|name| entry.get(*name)?.as_str())
}

fn member(pointer: String, before: &Value, after: &Value) -> MemberChange {
    let change = match (before.is_null(), after.is_null()) {
        (true, false) => Change::Added,
        (false, true) => Change::Removed,
        _ => Change::Changed,
    };
    let lines = match (before.as_str(), after.as_str()) {
        (Some(old), Some(new)) if old.contains('\n') || new.contains('\n') => lines(old, new),
        _ => Vec::new(),
    };
    MemberChange { pointer, change, before: before.clone(), after: after.clone(), lines }
}

fn lines(old: &str, new: &str) -> Vec<LineChange> {
    let difference = TextDiff::from_lines(old, new);
    let line = |change: similar::Change<&str>| LineChange {
        change: match change.tag() {
            ChangeTag::Equal => Change::Kept,
            ChangeTag::Delete => Change::Removed,
            ChangeTag::Insert => Change::Added,
        },
        text: change.value().trim_end_matches('\n').to_owned(),
    };
    difference.iter_all_changes().map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: &Value, after: &Value) -> Vec<(String, Change)> {
        changes(before, after).into_iter().map(|change| (change.pointer, change.change)).collect()
    }

    #[test]
    fn members_are_added_removed_and_changed() {
        let before =
            json!({"title": "One", "stance": "repair", "topics": ["anger"], "review": {"status": "unreviewed"}});
        let after = json!({"title": "Two", "effort": "small", "topics": ["anger"], "review": {"status": "reviewed"}});
        let expected = [
            ("/effort", Change::Added),
            ("/review/status", Change::Changed),
            ("/stance", Change::Removed),
            ("/title", Change::Changed),
        ];
        assert_eq!(told(&before, &after), expected.map(|(pointer, change)| (pointer.to_owned(), change)));
        assert_eq!(told(&after, &after), []);
    }

    #[test]
    fn entries_are_followed_by_their_names() {
        let step = |slug: &str, title: &str| json!({"slug": slug, "title": title});
        let before = json!({"steps": [step("a", "One"), step("b", "Two"), step("c", "Three")]});
        let after = json!({"steps": [step("b", "Two"), step("a", "First")]});
        let found = told(&before, &after);
        assert_eq!(found, [("/steps/1/title".to_owned(), Change::Changed), ("/steps/2".to_owned(), Change::Removed)]);
        let turned = json!({"steps": [step("c", "Three"), step("b", "Two"), step("a", "One")]});
        assert_eq!(told(&before, &turned), [("/steps".to_owned(), Change::Changed)]);
    }

    #[test]
    fn a_text_is_told_line_by_line() {
        let (before, after) = (json!({"body": "one\ntwo\nthree\n"}), json!({"body": "one\n2\nthree\n"}));
        let found = changes(&before, &after);
        let lines: Vec<_> = found[0].lines.iter().map(|line| (line.change, line.text.as_str())).collect();
        let expected = [(Change::Kept, "one"), (Change::Removed, "two"), (Change::Added, "2"), (Change::Kept, "three")];
        assert_eq!(lines, expected);
    }
}
