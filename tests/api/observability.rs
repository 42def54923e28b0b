//! What operators see: every metric that is promised is exposed, the dashboard and the alert rules ask for no other, and
//! neither metrics nor request lines hold anything of anybody.

use std::collections::BTreeSet;
use std::path::Path;

use mend::operations::{metrics, sweeper};

use crate::harness::document::DOCUMENT;
use crate::harness::{logs, *};

/// Stands in what people send in these stories, and nowhere else.
const CANARY: &str = "qxmetriq";

/// A world that serves its metrics and has little of everything, so that something has to wait.
fn narrow(engine: Engine) -> World {
    World::with(engine, |config| {
        config.metrics.listen = Some("127.0.0.1:0".parse().expect("an address"));
        config.sweeper.poll_milliseconds = 20;
        config.database.read_connections = 1;
        config.database.write_connections = 1;
        config.server.workers = 2;
    })
}

fn scrape(world: &World) -> String {
    let address = world.node(0).running.metrics_address.expect("metrics are served");
    let mut answer = ureq::get(format!("http://{address}/metrics")).call().expect("metrics answer");
    answer.body_mut().read_to_string().expect("metrics are text")
}

/// The metric that a name in a scrape or a query is of.
fn metric(name: &str) -> &str {
    let known: BTreeSet<_> = metrics::names().collect();
    let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
    of_histogram.filter(|name| known.contains(name)).unwrap_or(name)
}

/// A path's pattern without the names of its parameters, which differ between the document and the routes.
fn unnamed(pattern: &str) -> String {
    let parts = pattern.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Every name of ours in a text.
fn names_in(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("mend_")).map(metric).collect()
}

/// Does a bit of everything, at the same time where that makes somebody wait.
fn live(world: &World) {
    let asha = world.sign_up_with(CANARY, &format!("{CANARY}@example.org"), &format!("four {CANARY} lanterns"));
    let list = asha.writes("/v1/boundary-lists", &json!({"title": CANARY}));
    asha.deletes(&list);
    asha.get(&format!("/v1/tips/{CANARY}")).expect(404);
    asha.get(&format!("/v1/{CANARY}/{CANARY}?{CANARY}={CANARY}")).expect(404);
    asha.get(&format!("/v1/tips?{CANARY}={CANARY}")).expect(400);
    asha.get("/v1/privacy/manifest").expect(200);
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                let wrong = json!({"email": format!("{CANARY}@example.org"), "password": "not the right one at all"});
                world.anonymous().post("/v1/auth/login", &wrong);
                for _ in 0..20 {
                    asha.get("/v1/boundary-lists");
                    asha.post("/v1/boundary-lists", &json!({"title": CANARY}));
                }
            });
        }
    });
}

#[test]
fn every_metric_is_exposed_and_the_dashboard_and_the_rules_ask_for_no_other() {
    let world = narrow(Engine::Sqlite);
    live(&world);
    let known: BTreeSet<_> = metrics::names().collect();
    eventually("every metric", || {
        let scraped = scrape(&world);
        let told = names_in(&scraped);
        assert!(told.is_subset(&known), "not described: {:?}", told.difference(&known));
        (told == known).then_some(())
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docker/observability");
    for file in ["dashboard.json", "rules.yml"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let asked = names_in(&text);
        assert!(asked.len() > 10 && asked.is_subset(&known), "{file}: {:?}", asked.difference(&known));
    }
    let dashboard: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("dashboard.json")).unwrap()).unwrap();
    assert!(dashboard["panels"].as_array().unwrap().len() > 10);
}

#[apply(on_both_databases)]
fn labels_hold_nothing_of_anybody(#[case] engine: Engine) {
    let world = narrow(engine);
    live(&world);
    let scraped = scrape(&world);
    assert!(scraped.contains("route=\"/v1/tips/{key}\""), "routes are told by their pattern");
    assert!(!scraped.contains(CANARY));
    let mut words: BTreeSet<String> = DOCUMENT.operations().map(|operation| unnamed(operation.path)).collect();
    words.extend(sweeper::TASKS.iter().map(|task| task.name.to_owned()));
    words.extend(world.node(0).running.house.supervisor.names().into_iter().map(str::to_owned));
    let fixed = "unmatched lost GET HEAD POST PUT PATCH DELETE OPTIONS OTHER 1xx 2xx 3xx 4xx 5xx in_flight rate main keystore \
                 read write hit miss sqlite postgres +Inf";
    words.extend(fixed.split(' ').map(str::to_owned));
    words.extend([env!("CARGO_PKG_VERSION").to_owned(), "/docs".to_owned(), unnamed("/docs/{file:.*}")]);
    let mut strange = BTreeSet::new();
    for line in scraped.lines().filter(|line| !line.starts_with('#')) {
        let Some((_, rest)) = line.split_once('{') else { continue };
        let labels = rest.rsplit_once('}').unwrap().0;
        for value in labels.split('"').skip(1).step_by(2) {
            let is_number = value.parse::<f64>().is_ok();
            // Other stories of this process have routes of their own.
            let beside = value.starts_with("/test") || value.starts_with("/beside");
            if !is_number && !beside && !words.contains(&unnamed(value)) {
                strange.insert(value.to_owned());
            }
        }
    }
    assert!(strange.is_empty(), "labels that nobody declared: {strange:?}");
}

#[test]
fn a_request_is_one_line_with_one_shape() {
    let world = narrow(Engine::Sqlite);
    let asha = world.sign_up("asha");
    let request_id = "0198-line-of-this-story";
    let path = format!("/v1/tips/{CANARY}-in-a-path?lang={CANARY}");
    asha.request(Method::GET, &path).header("x-request-id", request_id).send();
    let line = eventually("the request's line", || {
        let log = std::fs::read_to_string(logs::file()).ok()?;
        let mut lines = log.lines().filter(|line| line.contains(request_id) && line.contains("mend::request"));
        let line = lines.next()?.to_owned();
        assert!(lines.next().is_none(), "one line a request");
        Some(line)
    });
    assert!(!line.contains(CANARY), "{line}");
    let line: Value = serde_json::from_str(&line).unwrap();
    let fields = &line["fields"];
    let names: BTreeSet<_> = fields.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["message", "method", "route", "status", "milliseconds", "bytes", "request_id"]));
    assert_eq!((&fields["route"], &fields["method"]), (&json!("/v1/tips/{key}"), &json!("GET")));
    assert!(fields["milliseconds"].as_f64().is_some() && fields["bytes"].as_u64().is_some());
}
