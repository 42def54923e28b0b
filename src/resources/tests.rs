//! What the document shows as an example is what the service would take, and rules hold for typed values as they do
//! over HTTP.

use serde_json::{Value, json};

use super::answers::GivenAnswer;
use super::curated::self_checks::SelfCheck;
use super::local::{UnknownZone, Zone};
use super::private::boundaries::Boundary;
use super::private::boundary_events::BoundaryEvent;
use super::private::boundary_lists::BoundaryList;
use super::private::journal::JournalEntry;
use super::private::program_runs::ProgramRun;
use super::private::question_set_responses::QuestionSetResponse;
use super::private::relationships::Relationship;
use super::private::self_check_responses::SelfCheckResponse;
use crate::catalogue::Kind as _;
use crate::database::Timestamp;
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

#[test]
fn a_day_ends_at_midnight_on_the_wall_of_its_zone() {
    let day = |zone: &str, instant: &str| {
        let instant = instant.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_micros();
        zone.parse::<Zone>().unwrap().day_of(Timestamp::from_micros(instant)).to_string()
    };
    // Winter and summer, both sides of the date line, and long after the last year that any table lists.
    assert_eq!(day("Europe/Berlin", "2026-01-31T22:59:59Z"), "2026-01-31");
    assert_eq!(day("Europe/Berlin", "2026-01-31T23:00:00Z"), "2026-02-01");
    assert_eq!(day("Europe/Berlin", "2026-07-31T22:00:00Z"), "2026-08-01");
    assert_eq!(day("Pacific/Kiritimati", "2026-03-01T10:00:00Z"), "2026-03-02");
    assert_eq!(day("US/Pacific", "2026-03-01T07:59:59Z"), "2026-02-28");
    assert_eq!(day("Asia/Kathmandu", "2026-03-01T18:15:00Z"), "2026-03-02");
    assert_eq!(day("America/New_York", "2090-07-01T03:59:59Z"), "2090-06-30");
    assert_eq!(day("America/New_York", "2090-07-01T04:00:00Z"), "2090-07-01");
    assert_eq!(day("UTC", "1969-12-31T23:59:59Z"), "1969-12-31");
    assert_eq!(Zone::UTC, "UTC".parse().unwrap());
    for name in ["europe/berlin", "Europe/Berlin ", "CEST", "+01:00", ""] {
        assert_eq!(name.parse::<Zone>(), Err(UnknownZone), "{name}");
    }
}
