//! What the document shows as an example is what the service would take, and rules hold for typed values as they do
//! over HTTP.

use serde_json::{Value, json};

use super::answers::GivenAnswer;
use super::curated::self_checks::SelfCheck;
use super::private::boundaries::Boundary;
use super::private::boundary_events::BoundaryEvent;
use super::private::boundary_lists::BoundaryList;
use super::private::journal::JournalEntry;
use super::private::program_runs::ProgramRun;
use super::private::question_set_responses::QuestionSetResponse;
use super::private::relationships::Relationship;
use super::private::self_check_responses::SelfCheckResponse;
use crate::catalogue::Kind as _;
use crate::http::input::{self, Strict};
use crate::records::{Collection, Faults};

/// The example, after it was held to its schema and to its rules, and read back.
fn example<C: Collection>() -> Value {
    let example = serde_json::to_value(C::example()).unwrap();
    input::check::<C>(&example, Strict::Whole).unwrap_or_else(|problem| panic!("{}: {problem:?}", C::NAME));
    let read: C = input::typed(example.clone()).unwrap();
    let mut faults = Faults::default();
    read.check(&mut faults);
    faults.into_result().unwrap_or_else(|problem| panic!("{}: {problem:?}", C::NAME));
    assert_eq!(serde_json::to_value(&read).unwrap(), example, "{} loses something on its way", C::NAME);
    example
}

#[test]
fn every_example_passes_its_own_rules() {
    let examples = [
        example::<Relationship>(),
        example::<JournalEntry>(),
        example::<BoundaryList>(),
        example::<Boundary>(),
        example::<BoundaryEvent>(),
        example::<ProgramRun>(),
        example::<QuestionSetResponse>(),
        example::<SelfCheckResponse>(),
    ];
    assert!(examples.iter().all(Value::is_object));
}

#[test]
fn little_is_needed_and_the_rest_is_there_all_the_same() {
    fn filled<C: Collection>(sent: Value) -> Value {
        input::check::<C>(&sent, Strict::Whole).unwrap_or_else(|problem| panic!("{}: {problem:?}", C::NAME));
        serde_json::to_value(input::typed::<C>(sent).unwrap()).unwrap()
    }
    let id = "01980a5c-7e1b-7a44-9d3e-5b0c6f1d2e3f";
    let entry = filled::<JournalEntry>(json!({"text": "a", "day": "2026-05-10", "time_zone": "Asia/Kolkata"}));
    assert_eq!((&entry["mood"], &entry["links"], &entry["draft"]), (&Value::Null, &json!([]), &json!(false)));
    let event = filled::<BoundaryEvent>(json!({"boundary_id": id, "kind": "kept"}));
    assert_eq!(event["day"], Value::Null);
    let run = filled::<ProgramRun>(json!({"program_id": id}));
    assert_eq!(run["state"], "active");
    let person = filled::<Relationship>(json!({"figure": "mother", "name": "Mum", "contact": "none"}));
    assert_eq!(person["goal"], "undecided");
}

#[test]
fn harm_and_ended_contact_withhold_outreach() {
    let withholds = |changes: Value| {
        let mut person = json!({"figure": "mother", "name": "Mum", "contact": "in_touch"});
        person.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value::<Relationship>(person).unwrap().withholds_outreach()
    };
    assert!(!withholds(json!({})));
    assert!(!withholds(json!({"contact": "low"})));
    assert!(withholds(json!({"contact": "none"})));
    assert!(withholds(json!({"harm": {"kinds": ["unnamed"]}})));
    assert!(withholds(json!({"harm": {"kinds": ["neglect"], "when": "past"}})));
}

#[test]
fn a_rating_leads_to_the_text_of_its_condition() {
    let check = SelfCheck::example().own;
    let key = |rating: i32| {
        let answers = [GivenAnswer { text: None, rating: Some(rating), ..GivenAnswer::sample("how-present", "-") }];
        check.result_of(&answers).map(|result| result.key.clone())
    };
    assert_eq!([key(5), key(4), key(3)].map(Option::unwrap), ["mostly", "mostly", "else"]);
    assert_eq!(check.result_of(&[]), None);
}
