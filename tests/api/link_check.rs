//! Link check: the addresses of what is published, what an operator's checker was answered, and what curators see of it.

use std::process::Stdio;
use std::time::Duration;

use mend::catalogue::link_check::record::{self, Recorded};
use mend::catalogue::link_check::{self, Placed};
use mend::database::{Connection, Failure};

use crate::harness::binary::{command, run, word};
use crate::harness::examples::Examples;
use crate::harness::*;

const LINKS: &str = "/v1/admin/links";
const DAY: Duration = Duration::from_hours(24);

/// What the catalogue links to, as the command finds it.
fn placed(world: &World) -> Vec<Placed> {
    let now = world.clock.now();
    let read = move |connection: &mut Connection| link_check::published(connection, &mend::routes::kinds(), now);
    world.node(0).running.house.database.read_now::<_, Failure>(read).unwrap()
}

/// Records a checker's lines at the time of the world's clock.
fn records(world: &World, lines: &str) -> Recorded {
    let (results, catalogue, now) = (record::parse(lines).unwrap(), placed(world), world.clock.now());
    let job = move |connection: &mut Connection| Ok::<_, Failure>(record::store(connection, &results, &catalogue, now)?);
    world.node(0).running.house.database.write_now(job).unwrap()
}

/// Publishes an example of the kind with `changes`.
#[track_caller]
fn publishes(cleo: &Actor, kind: &str, word: &str, changes: &Value) -> Record {
    let made = Examples::of(cleo).curated(kind, word);
    let path = format!("/v1/admin/{kind}/{}", made["id"].as_str().unwrap());
    let item = cleo.changes(&Record::at(&path, &cleo.get(&path).expect(200)), changes);
    moves(cleo, &item, "published")
}

#[track_caller]
fn moves(cleo: &Actor, item: &Record, to: &str) -> Record {
    let asked = cleo.request(Method::POST, &format!("{}/transitions", item.path)).header("if-match", &item.etag);
    Record::at(&item.path, &asked.json(&json!({"to": to})).send().expect(200))
}

fn urls(links: &[Value]) -> Vec<&str> {
    let mut urls: Vec<_> = links.iter().map(|link| link["url"].as_str().unwrap()).collect();
    urls.sort_unstable();
    urls
}

#[apply(on_both_databases)]
fn curators_see_which_links_are_broken_and_where_they_stand(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let body = json!({"body": "See [the page](https://gone.example.org/a) or https://closed.example.org/b."});
    let tip = publishes(&cleo, "tips", "with-links", &body);
    let course = publishes(&cleo, "courses", "with-a-link", &json!({"url": "https://gone.example.org/a"}));
    publishes(&cleo, "courses", "that-works", &json!({"url": "https://fine.example.org/"}));
    let unchecked = cleo.lists(&format!("{LINKS}?status=unchecked"));
    assert_eq!(unchecked, cleo.lists(LINKS), "nobody looked at any of them");
    assert_eq!(urls(&unchecked).len(), cleo.lists(&format!("{LINKS}?limit=7")).len(), "pages miss and repeat nothing");

    let first = world.clock.now();
    let lines = "https://gone.example.org/a\t404\nhttps://closed.example.org/b\t403\r\n\nhttps://fine.example.org/\t200\n\
        https://elsewhere.example.org/\t200\n";
    assert_eq!(records(&world, lines), Recorded { kept: 3, broken: 1, unknown: 1 });
    let broken = cleo.lists(&format!("{LINKS}?status=broken"));
    assert_eq!(urls(&broken), ["https://gone.example.org/a"]);
    assert_eq!((&broken[0]["http_status"], &broken[0]["broken_since"]), (&json!(404), &json!(first.to_rfc3339())));
    let places: Vec<_> = broken[0]["places"].as_array().unwrap().iter().map(|place| (&place["item_id"], &place["pointer"])).collect();
    assert_eq!(places, [(&json!(course.id), &json!("/url")), (&json!(tip.id), &json!("/body"))]);
    assert_eq!(urls(&cleo.lists(&format!("{LINKS}?status=refused"))), ["https://closed.example.org/b"]);
    assert_eq!(cleo.lists(&format!("{LINKS}?status=refused&status=working")).len(), 2);

    // It stays broken since the first check that said so, and is forgotten once it works.
    world.clock.advance(DAY);
    cleo.signs_in();
    records(&world, "https://gone.example.org/a\t000\n");
    let still = cleo.lists(&format!("{LINKS}?status=broken"));
    assert_eq!((&still[0]["broken_since"], &still[0]["http_status"]), (&broken[0]["broken_since"], &json!(0)));
    records(&world, "https://gone.example.org/a\t301\n");
    assert_eq!(cleo.lists(&format!("{LINKS}?status=broken")), Vec::<Value>::new());
    assert_eq!(cleo.lists(&format!("{LINKS}?status=working")).len(), 2);
}

#[apply(on_both_databases)]
fn a_link_that_left_the_catalogue_leaves_the_list_and_an_old_check_says_nothing(#[case] engine: Engine) {
    let world = World::start(engine);
    let cleo = world.curator("cleo");
    let today = world.clock.now().to_utc().date_naive();
    let lives = publishes(&cleo, "courses", "that-lasts", &json!({"url": "https://lasts.example.org/"}));
    let ends = json!({"url": "https://ends.example.org/", "starts_on": today, "ends_on": today});
    publishes(&cleo, "courses", "that-ends", &ends);
    let goes = publishes(&cleo, "courses", "that-goes", &json!({"url": "https://goes.example.org/"}));
    let lines = "https://lasts.example.org/\t200\nhttps://ends.example.org/\t500\nhttps://goes.example.org/\t404\n";
    assert_eq!(records(&world, lines).kept, 3);
    let broken = || cleo.lists(&format!("{LINKS}?status=broken"));
    assert_eq!(broken().len(), 2);
    moves(&cleo, &goes, "archived");
    assert_eq!(urls(&broken()), ["https://ends.example.org/"]);

    // A course that is over drops out by itself.
    world.clock.advance(DAY);
    cleo.signs_in();
    eventually("the course to be over", || broken().is_empty().then_some(()));
    assert_eq!(records(&world, lines), Recorded { kept: 1, broken: 0, unknown: 2 });

    let is_working = || urls(&cleo.lists(&format!("{LINKS}?status=working"))) == ["https://lasts.example.org/"];
    world.clock.advance(DAY * 90);
    cleo.signs_in();
    assert!(is_working());
    world.clock.advance(DAY);
    cleo.signs_in();
    assert!(!is_working());
    let unchecked = cleo.lists(&format!("{LINKS}?status=unchecked"));
    let old = unchecked.iter().find(|link| link["url"] == "https://lasts.example.org/").unwrap();
    assert_eq!((&old["places"][0]["item_id"], &old["http_status"]), (&json!(lives.id), &json!(200)));
}

/// The command as an operator types it, beside a node that serves.
#[apply(on_both_databases)]
fn the_command_prints_links_and_records_what_a_checker_was_answered(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, config) = (world.curator("cleo"), world.ground.config(0));
    let listed = run(&config, &["content", "links"]);
    assert!(listed.succeeded, "{}", listed.told);
    let lines: Vec<Vec<&str>> = listed.answer.lines().map(|line| line.split('\t').collect()).collect();
    let known = ["https://findahelpline.com", "help-contacts", "en", "find-a-helpline", "/website"];
    assert!(lines.iter().any(|line| line[..] == known), "{}", listed.answer);
    assert!(lines.iter().all(|line| line.len() == 5 && line[0].starts_with("https://")));

    let results: String = lines.iter().flat_map(|line| [line[0], "\t000\n"]).collect();
    let file = world.ground.folder.join("results.txt");
    std::fs::write(&file, format!("{results}no result\n")).unwrap();
    let refused = run(&config, &["content", "links", "--record", word(&file)]);
    assert!(refused.refusal().contains(&format!("line {}:", lines.len() + 1)), "{refused:?}");
    assert_eq!(cleo.lists(&format!("{LINKS}?status=broken")), Vec::<Value>::new(), "all of it or nothing");

    let mut piped = command(&config, &["content", "links", "--record", "-"]);
    let piped = piped.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut piped = piped.unwrap();
    std::io::Write::write_all(&mut piped.stdin.take().unwrap(), results.as_bytes()).unwrap();
    let ended = piped.wait_with_output().unwrap();
    let distinct = urls(&cleo.lists(LINKS)).len();
    let told = format!("{distinct} recorded, {distinct} of them broken; 0 not in the catalogue\n");
    assert_eq!(String::from_utf8(ended.stdout).unwrap(), told);
    assert_eq!(cleo.lists(&format!("{LINKS}?status=broken")).len(), distinct);
}
