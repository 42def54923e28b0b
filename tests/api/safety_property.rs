//! Whatever is published and whoever asks: on no way does something reach a person that is wrong for them.
//! Holds always: each case publishes a random catalogue through the API, makes a random person, and looks at every way that
//! content reaches a person.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, TestRunner};

use crate::harness::*;

const NUDGES: [&str; 4] = ["contact", "repair", "apology", "forgiveness"];
const WRONG_FOR: [&str; 4] = ["harm", "no_contact", "deceased", "unknown_mother"];
/// Few, since each case speaks HTTP; a fault in any way shows in nearly every one.
const CASES: u32 = 5;
const ITEMS: usize = 5;

/// By words of titles, summaries, texts and guards, by the beginning of one, by a slip of the hand, and by facets alone.
const SEARCHES: [&str; 7] = [
    "q=case+tip",
    "q=words",
    "q=these+days",
    "q=ste",
    "q=forgivness",
    "q=step&kind=step",
    "nudges=contact&nudges=repair&nudges=apology&nudges=forgiveness",
];

/// What an item pushes towards and for whom it is wrong.
type Edge = (Vec<&'static str>, Vec<&'static str>);

#[derive(Debug, Clone)]
struct Case {
    tips: Vec<(Edge, Vec<usize>)>,
    steps: Vec<Edge>,
    contact: &'static str,
    harm: Option<&'static str>,
    hides: usize,
}

fn edge() -> impl Strategy<Value = Edge> {
    (subsequence(NUDGES.to_vec(), 0..=1), subsequence(WRONG_FOR.to_vec(), 0..=1))
}

fn cases() -> impl Strategy<Value = Case> {
    let links = subsequence((0..ITEMS).collect::<Vec<_>>(), 0..=ITEMS);
    let tips = proptest::collection::vec((edge(), links), ITEMS);
    let steps = proptest::collection::vec(edge(), 3);
    let contact = select(vec!["in_touch", "low", "none", "deceased", "unknown"]);
    let harm = select(vec![None, Some("past"), Some("now")]);
    (tips, steps, contact, harm, 0..ITEMS).prop_map(|(tips, steps, contact, harm, hides)| Case {
        tips,
        steps,
        contact,
        harm,
        hides,
    })
}

impl Case {
    /// Whether an answer's object is wrong for this person.
    fn is_wrong(&self, item: &Value) -> bool {
        let says = |name: &str, word: &str| {
            item[name].as_array().is_some_and(|words| words.iter().any(|one| one.as_str() == Some(word)))
        };
        let withheld = self.harm.is_some() || self.contact == "none";
        let pushes = item["nudges"].as_array().is_some_and(|nudges| !nudges.is_empty());
        let wrong = says("contraindications", "harm") || says("contraindications", "no_contact");
        let beyond = match self.contact {
            "deceased" => says("contraindications", "deceased") || says("nudges", "contact"),
            "unknown" => says("contraindications", "unknown_mother") || says("nudges", "contact"),
            _ => false,
        };
        (withheld && (pushes || wrong)) || beyond
    }

    /// Every object below `value` that is wrong, or that was hidden, by its title.
    fn wrong_ones(&self, value: &Value, hidden: &str, found: &mut Vec<String>) {
        match value {
            Value::Array(entries) => entries.iter().for_each(|entry| self.wrong_ones(entry, hidden, found)),
            Value::Object(members) => {
                if self.is_wrong(value) || value["id"] == hidden {
                    found.push(value.to_string());
                }
                members.values().for_each(|member| self.wrong_ones(member, hidden, found));
            }
            _ => {}
        }
    }
}

fn tip(slug: &str, (nudges, wrong): &Edge, links: &Value) -> Value {
    json!({
        "slug": slug, "title": slug, "summary": "Of these days.", "stance": "self_care", "nudges": nudges,
        "contraindications": wrong, "effort": "small", "evidence": "expert_opinion", "not_for": "Whom it is wrong for.",
        "guard": "You may stop.", "action": "Do it.", "body": "Words.", "sources": [{"title": "House notes"}], "links": links,
    })
}

fn program(slug: &str, case: &Case) -> Value {
    let step = |(index, (nudges, wrong)): (usize, &Edge)| {
        json!({
            "slug": format!("step-{index}"), "title": format!("Step {index}"), "summary": "A step.", "nudges": nudges,
            "contraindications": wrong, "action": "Do it.", "guard": "You may stop.", "body": "Words.",
        })
    };
    let mut nudges: Vec<_> = case.steps.iter().flat_map(|(nudges, _)| nudges.clone()).collect();
    nudges.sort_unstable();
    nudges.dedup();
    let steps: Vec<_> = case.steps.iter().enumerate().map(step).collect();
    let mut body = tip(slug, &(nudges, Vec::new()), &json!([]));
    body["steps"] = Value::from(steps);
    body.as_object_mut().unwrap().remove("action");
    body
}

#[track_caller]
fn publish(cleo: &Actor, kind: &str, body: &Value) -> Value {
    let path = format!("/v1/admin/{kind}");
    let draft = cleo.writes(&path, body);
    let transition = cleo.request(Method::POST, &format!("{}/transitions", draft.path)).header("if-match", &draft.etag);
    transition.json(&json!({"to": "published"})).send().expect(200).json()
}

/// All that reaches this person now, each with the way it came.
fn ways(person: &Actor, items: &[Value], program: &Value, run: &Record) -> Vec<(String, Value)> {
    let mut paths: Vec<String> =
        ["tips", "programs", "steps", "scripts", "question-sets", "self-checks", "affirmations"]
            .iter()
            .map(|kind| format!("/v1/{kind}?limit=100"))
            .collect();
    paths.push("/v1/programs?nudges=contact&nudges=repair&nudges=apology&nudges=forgiveness&limit=100".to_owned());
    for item in items.iter().chain([program]) {
        let kind = if item["id"] == program["id"] { "programs" } else { "tips" };
        let (id, slug) = (item["id"].as_str().unwrap(), item["slug"].as_str().unwrap());
        paths.extend([format!("/v1/{kind}/{id}"), format!("/v1/{kind}/{slug}"), format!("/v1/{kind}/{slug}/related")]);
        paths.push(format!("/v1/{kind}/{id}?revision=1"));
    }
    paths.extend(["/v1/next".to_owned(), "/v1/day".to_owned(), format!("{}/next", run.path)]);
    let mut found = Vec::new();
    for path in paths {
        let answer = person.get(&path);
        // What is withheld is not there.
        if answer.status != 404 {
            found.push((path, answer.expect(200).json()));
        }
    }
    let bundle = person.get("/v1/bundle").expect(200).text;
    found.extend(bundle.lines().skip(1).map(|line| ("/v1/bundle".to_owned(), serde_json::from_str(line).unwrap())));
    found.extend(SEARCHES.map(|query| {
        let path = format!("/v1/search?{query}&limit=100");
        let hits = Value::from(person.lists(&path));
        (path, hits)
    }));
    found
}

#[apply(on_both_databases)]
fn nothing_wrong_reaches_anybody_on_any_way(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let config = Config { cases: CASES, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let counted = std::cell::Cell::new(0);
    let told = TestRunner::new(config).run(&cases(), |case| {
        counted.set(counted.get() + 1);
        let number = counted.get();
        let slug = |index: usize| format!("case-{number}-tip-{index}");
        let mut items = Vec::new();
        for (index, (edge, links)) in case.tips.iter().enumerate() {
            let earlier = links.iter().filter(|other| **other < index).enumerate();
            let kinds = ["guards", "supports", "contradicts", "qualifies", "next"];
            let links =
                earlier.map(|(place, other)| json!({"type": kinds[place % 5], "kind": "tip", "slug": slug(*other)}));
            items.push(publish(&cleo, "tips", &tip(&slug(index), edge, &links.collect())));
        }
        let program = publish(&cleo, "programs", &program(&format!("case-{number}"), &case));
        let person = world.sign_up(&format!("person-{number}"));
        let run = person.writes("/v1/program-runs", &json!({"program_id": program["id"]}));
        let harm = case.harm.map(|when| json!({"kinds": ["unnamed"], "when": when}));
        let her = json!({"figure": "mother", "name": "Her", "contact": case.contact, "harm": harm});
        // Before anything is known, what is hidden can be named.
        let hidden = items[case.hides]["id"].as_str().unwrap();
        person.writes("/v1/marks", &json!({"kind": "hidden", "item_id": hidden}));
        person.writes("/v1/relationships", &her);
        for (path, answer) in ways(&person, &items, &program, &run) {
            let mut wrong = Vec::new();
            case.wrong_ones(&answer, hidden, &mut wrong);
            prop_assert!(wrong.is_empty(), "{} shows {:?}", path, wrong);
        }
        // What may be read is found too: nothing is safe only because nothing is found.
        let hits = person.lists(&format!("/v1/search?q=case+{number}+tip&kind=tip&limit=100"));
        for item in &items {
            let id = &item["id"];
            let is_read = person.get(&format!("/v1/tips/{}", id.as_str().unwrap())).status == 200;
            let is_found = hits.iter().any(|hit| hit["item"]["id"] == *id);
            prop_assert_eq!(is_found, is_read, "{}", item["slug"]);
        }
        Ok(())
    });
    told.unwrap_or_else(|fault| panic!("{fault}"));
}
