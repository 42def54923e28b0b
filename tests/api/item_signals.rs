//! What people say of items reaches curators as numbers from a threshold on, and never with a name.

use crate::harness::*;

const MARKS: &str = "/v1/marks";
const SIGNALS: &str = "/v1/admin/signals";

/// A world in which three reports send to review and three votes are told.
fn world(engine: Engine) -> World {
    World::with(engine, |config| {
        config.catalogue.reports_to_review = 3;
        config.catalogue.smallest_count = 3;
    })
}

fn people(world: &World) -> Vec<Actor> {
    ["asha", "bela", "dora", "edda"].iter().map(|name| world.sign_up(name)).collect()
}

#[apply(on_both_databases)]
fn enough_reports_send_an_item_to_review_and_a_curator_takes_it_from_there(#[case] engine: Engine) {
    let world = world(engine);
    let (people, curator) = (people(&world), world.curator("cleo"));
    let tip = people[0].reads("/v1/tips?limit=1")["items"][0].clone();
    let hurt = json!({"kind": "hurt", "item_id": tip["id"], "note": "Quiet heron at noon"});
    let says = |who: usize| people[who].writes(MARKS, &hurt);
    // Once is once, however often somebody says it.
    let (first, _, _) = (says(0), says(0), says(0));
    let second = says(1);
    assert_eq!(curator.lists(SIGNALS), Vec::<Value>::new(), "two people are too few to be told of");
    people[0].deletes(&first);
    let third = says(2);
    let waiting = curator.lists(&format!("{SIGNALS}?needs_review=true"));
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["item_id"], tip["id"]);
    assert_eq!((&waiting[0]["kind"], &waiting[0]["slug"]), (&json!("tips"), &tip["slug"]));
    assert_eq!((&waiting[0]["needs_review"], &waiting[0]["helpful_count"]), (&json!(true), &Value::Null));
    let told = curator.get(SIGNALS).expect(200).text;
    assert!(!told.contains("heron") && !told.contains("asha") && !told.contains("hurt_count"), "{told}");

    let path = format!("{SIGNALS}/{}/reviewed", tip["id"].as_str().unwrap());
    let reviewed = curator.request(Method::POST, &path).send().expect(200).json();
    assert_eq!(reviewed["needs_review"], false);
    curator.request(Method::POST, &path).send().problem(404, "not_found");
    assert_eq!(curator.lists(&format!("{SIGNALS}?needs_review=true")), Vec::<Value>::new());
    // Those who said it before do not bring it back; as many others do.
    people[1].deletes(&second);
    people[1].restores(&second);
    people[2].deletes(&third);
    says(3);
    assert_eq!(curator.lists(&format!("{SIGNALS}?needs_review=true")), Vec::<Value>::new());
}

#[apply(on_both_databases)]
fn helpful_votes_are_told_from_the_threshold_on(#[case] engine: Engine) {
    let world = world(engine);
    let (people, curator) = (people(&world), world.curator("cleo"));
    let tip = people[0].reads("/v1/tips?limit=1")["items"][0].clone();
    let votes: Vec<_> =
        people.iter().map(|person| person.writes(MARKS, &json!({"kind": "helpful", "item_id": tip["id"]}))).collect();
    assert_eq!(curator.lists(SIGNALS)[0]["helpful_count"], 4);
    for (person, vote) in people.iter().zip(&votes).take(2) {
        person.deletes(vote);
    }
    assert_eq!(curator.lists(SIGNALS), Vec::<Value>::new(), "two are too few to be told of");
    people[0].restores(&votes[0]);
    assert_eq!(curator.lists(SIGNALS)[0]["helpful_count"], 3);
}

#[apply(on_both_databases)]
fn how_many_people_use_an_item_is_told_from_the_threshold_on(#[case] engine: Engine) {
    let world = world(engine);
    let (people, curator) = (people(&world), world.curator("cleo"));
    let program = people[0].reads("/v1/programs?limit=1")["items"][0].clone();
    let starts = |who: usize| people[who].writes("/v1/program-runs", &json!({"program_id": program["id"]}));
    let runs = [starts(0), starts(0), starts(0), starts(1)];
    assert_eq!(curator.lists(SIGNALS), Vec::<Value>::new(), "four runs of two people are two people");
    let third = starts(2);
    let told = curator.lists(SIGNALS);
    assert_eq!((told.len(), &told[0]["item_id"], &told[0]["used_count"]), (1, &program["id"], &json!(3)));
    assert_eq!((&told[0]["kept_count"], &told[0]["helpful_count"]), (&Value::Null, &Value::Null));
    people[0].deletes(&runs[0]);
    assert_eq!(curator.lists(SIGNALS)[0]["used_count"], 3, "another run of the same person is left");
    people[2].deletes(&third);
    assert_eq!(curator.lists(SIGNALS), Vec::<Value>::new());
    for person in people.iter().take(3) {
        person.writes(MARKS, &json!({"kind": "favourite", "item_id": program["id"]}));
    }
    assert_eq!(
        (&curator.lists(SIGNALS)[0]["kept_count"], &curator.lists(SIGNALS)[0]["used_count"]),
        (&json!(3), &Value::Null)
    );
}

#[apply(on_both_databases)]
fn only_curators_learn_of_it(#[case] engine: Engine) {
    let world = world(engine);
    world.sign_up("asha").get(SIGNALS).problem(403, "not_allowed");
    world.anonymous().get(SIGNALS).problem(401, "not_signed_in");
    world.curator("cleo").get(&format!("{SIGNALS}?who=me")).fault(400, "?who", "unknown_parameter");
}
