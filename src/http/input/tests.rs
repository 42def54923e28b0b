//! What is refused, where, and under which code.

use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{Strict, check, read, value};
use crate::http::problem::Problem;

crate::http::vocabulary! {
    /// How it is.
    enum Weather { Calm = "calm", Storm = "storm" }
}

#[derive(Debug, Deserialize, ToSchema)]
struct Inner {
    #[schema(minimum = 1, maximum = 10)]
    #[expect(dead_code, reason = "only its schema matters")]
    before: i32,
}

#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Outer {
    #[schema(min_length = 1, max_length = 5)]
    text: String,
    weather: Weather,
    inner: Option<Inner>,
    #[schema(max_items = 2)]
    several: Option<Vec<Inner>>,
    on: Option<chrono::NaiveDate>,
    id: Option<uuid::Uuid>,
}

fn faults(problem: &Problem) -> Vec<(String, &'static str)> {
    let mut found: Vec<_> = problem.fault_list().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect();
    found.sort();
    found
}

fn refused(body: &Value) -> Vec<(String, &'static str)> {
    faults(&check::<Outer>(body, Strict::Whole).unwrap_err())
}

#[test]
fn every_fault_is_told_with_its_place() {
    let body = json!({
        "text": "too long", "weather": "rain", "inner": {"before": 11, "after": 1}, "several": [{}, {"before": "x"}, {"before": 2}],
        "on": "tomorrow", "id": "1", "what/is": 1
    });
    assert_eq!(
        refused(&body),
        [
            ("/id", "wrong_format"),
            ("/inner/after", "unknown_member"),
            ("/inner/before", "too_large"),
            ("/on", "wrong_format"),
            ("/several", "too_many"),
            ("/several/0/before", "missing_member"),
            ("/several/1/before", "wrong_type"),
            ("/text", "too_long"),
            ("/weather", "unknown_value"),
            ("/what~1is", "unknown_member"),
        ]
        .map(|(pointer, code)| (pointer.to_owned(), code))
    );
}

#[test]
fn one_is_told_as_one() {
    let told = |body: Value| {
        let problem = check::<Outer>(&body, Strict::Whole).unwrap_err();
        problem.fault_list().iter().map(|fault| fault.detail.clone()).collect::<Vec<_>>()
    };
    assert_eq!(told(json!({"text": "", "weather": "calm"})), ["At least 1 character."]);
    assert_eq!(told(json!({"text": "too long", "weather": "calm"})), ["At most 5 characters."]);
}

#[test]
fn this_or_null_is_told_as_this() {
    assert_eq!(refused(&json!({"text": "a", "weather": "calm", "inner": 3})), [("/inner".to_owned(), "wrong_type")]);
    assert!(check::<Outer>(&json!({"text": "a", "weather": "calm", "inner": null}), Strict::Whole).is_ok());
}

#[test]
fn a_patch_may_leave_out_and_clear_but_not_invent() {
    assert!(check::<Outer>(&json!({"inner": {"before": null}, "text": null}), Strict::Patch).is_ok());
    let problem = check::<Outer>(&json!({"inner": {"other": null}, "several": [{}]}), Strict::Patch).unwrap_err();
    assert_eq!(
        faults(&problem),
        [("/inner/other".to_owned(), "unknown_member"), ("/several/0/before".to_owned(), "missing_member")]
    );
}

#[test]
fn what_is_no_json_is_told_apart_from_what_is_no_text() {
    for broken in ["", "{", "{\"a\":}", "nul", "\"a", "[1,]", "{} {}", "1e999"] {
        assert_eq!(value(broken.as_bytes()).unwrap_err().code().as_str(), "malformed_json", "{broken}");
    }
    assert_eq!(value(b"\"\xff\"").unwrap_err().code().as_str(), "malformed_json");
    let lone =
        [r#"{"a":["\ud800"]}"#, r#"{"a":["\udc00\ud800"]}"#, r#"{"a":["x\ud800\u0041"]}"#, r#"{"a":["\u0000"]}"#];
    for text in lone {
        assert_eq!(
            faults(&value(text.as_bytes()).unwrap_err()),
            [("/a/0".to_owned(), "forbidden_character")],
            "{text}"
        );
    }
    assert_eq!(value(r#""\ud83d\ude00 \\ud800""#.as_bytes()).unwrap(), json!("😀 \\ud800"));
}

#[test]
fn depth_length_and_repetition_have_bounds() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(value(nested(32).as_bytes()).is_ok());
    assert_eq!(value(nested(33).as_bytes()).unwrap_err().fault_list().first().unwrap().code, "too_deep");
    let nested = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    assert!(value(nested(32).as_bytes()).is_ok());
    assert_eq!(value(nested(33).as_bytes()).unwrap_err().fault_list().first().unwrap().code, "too_deep");
    let array = |length: usize| format!("[{}1]", "1,".repeat(length - 1));
    assert!(value(array(1000).as_bytes()).is_ok());
    assert_eq!(faults(&value(array(1001).as_bytes()).unwrap_err()), [(String::new(), "too_many")]);
    assert_eq!(faults(&value(br#"{"a":1,"a":2}"#).unwrap_err()), [("/a".to_owned(), "duplicate_member")]);
}

#[test]
fn a_refusal_repeats_no_value() {
    let body = br#"{"text":"canary","weather":"canary","inner":{"before":"canary"},"on":"canary","id":"canary"}"#;
    let problem = read::<Outer>(body).unwrap_err();
    assert!(!format!("{problem:?}").contains("canary"));
}
