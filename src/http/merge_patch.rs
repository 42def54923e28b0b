//! JSON merge patch (RFC 7396), with an optional mask for clients that send null for every unset member.
//! Holds always: a patch changes what it names and nothing else.

use serde_json::{Map, Value};

use super::problem::Problem;

/// Applies `patch` to `target`: null clears, objects are merged, everything else replaces.
pub fn apply(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(members) = target {
        for (name, change) in changes {
            if change.is_null() {
                members.remove(name);
            } else {
                apply(members.entry(name.as_str()).or_insert(Value::Null), change);
            }
        }
    }
}

/// Reads a patch: an object with at least one member, cut down to `update_mask` when there is one.
///
/// # Errors
/// 422 when it is not an object or changes nothing.
pub fn parse(patch: Value, update_mask: Option<&str>) -> Result<Value, Problem> {
    if !patch.is_object() {
        return Err(Problem::invalid("", "wrong_type", "A merge patch is an object."));
    }
    let patch = match update_mask {
        Some(mask) => masked(&patch, mask),
        None => patch,
    };
    match &patch {
        Value::Object(members) if members.is_empty() => {
            Err(Problem::invalid("", "empty_patch", "The patch names nothing to change."))
        }
        _ => Ok(patch),
    }
}

/// The part of `patch` that `update_mask` names (`text,mood.before`). A member that is named and absent is cleared, as
/// is usual for field masks.
#[must_use]
pub fn masked(patch: &Value, update_mask: &str) -> Value {
    let mut cut = Value::Object(Map::new());
    for path in update_mask.split(',').map(str::trim).filter(|path| !path.is_empty()) {
        let change = path.split('.').try_fold(patch, |value, name| value.get(name)).cloned().unwrap_or(Value::Null);
        let mut place = &mut cut;
        for name in path.split('.') {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            let Value::Object(members) = place else { break };
            place = members.entry(name).or_insert(Value::Null);
        }
        *place = change;
    }
    cut
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{apply, masked, parse};

    fn applied(mut target: Value, patch: &Value) -> Value {
        apply(&mut target, patch);
        target
    }

    #[test]
    fn the_examples_of_the_standard_hold() {
        let cases = [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (json!({"a":"b","b":"c"}), json!({"a":null}), json!({"b":"c"})),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (json!({"a":{"b":"c"}}), json!({"a":{"b":"d","c":null}}), json!({"a":{"b":"d"}})),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a":"b"}), json!(["c"]), json!(["c"])),
            (json!({"a":"foo"}), json!(null), json!(null)),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
            (json!({}), json!({"a":{"bb":{"ccc":null}}}), json!({"a":{"bb":{}}})),
        ];
        for (target, patch, result) in cases {
            assert_eq!(applied(target, &patch), result, "{patch}");
        }
    }

    #[test]
    fn a_mask_keeps_what_it_names_and_clears_what_is_missing() {
        let patch = json!({"text": "a", "mood": {"before": 3, "after": null}, "title": null});
        assert_eq!(masked(&patch, "text,mood.before"), json!({"text": "a", "mood": {"before": 3}}));
        assert_eq!(masked(&patch, "day, mood.after"), json!({"day": null, "mood": {"after": null}}));
        assert_eq!(parse(patch, Some("")).unwrap_err().fault_list().first().unwrap().code, "empty_patch");
        assert_eq!(parse(json!({}), None).unwrap_err().fault_list().first().unwrap().code, "empty_patch");
        assert_eq!(parse(json!([]), None).unwrap_err().fault_list().first().unwrap().code, "wrong_type");
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-c]{0,3}".prop_map(Value::from),
            Just(Value::Null)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::btree_map("[a-c]", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_patch_applied_twice_changes_nothing_more(target in json_value(), patch in json_value()) {
            let once = applied(target, &patch);
            prop_assert_eq!(applied(once.clone(), &patch), once);
        }

        #[test]
        fn an_empty_patch_changes_no_object(target in proptest::collection::btree_map("[a-c]", json_value(), 0..4)) {
            let target = Value::Object(target.into_iter().collect());
            prop_assert_eq!(applied(target.clone(), &json!({})), target);
        }
    }
}
