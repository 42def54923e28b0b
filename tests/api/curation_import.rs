//! Content from files, brought in beside curators at work: theirs is never overwritten.

use mend::catalogue::files::{self, File};
use mend::catalogue::import::{self, How, ImportError, Report};
use mend::routes;

use crate::harness::*;

/// The starter files with one text replaced in the file of each of these tips.
fn edited(tips: &[&str], from: &str, to: &str) -> Vec<File> {
    let is_meant = |path: &str| tips.iter().any(|slug| path == format!("en/tips/{slug}.md"));
    let edit = |mut file: File| {
        if is_meant(&file.path) {
            assert!(file.text.contains(from), "{} has no {from}", file.path);
            file.text = file.text.replacen(from, to, 1);
        }
        file
    };
    files::starter().into_iter().map(edit).collect()
}

fn bring_in(world: &World, files: &[File], publish: bool) -> Report {
    import::run(&world.node(0).running.house.database, &routes::kinds(), files, How { publish, ..How::default() }).expect("an import")
}

#[apply(on_both_databases)]
fn an_import_leaves_alone_what_curators_did(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let item = |slug: &str| {
        let id = asha.reads(&format!("/v1/tips/{slug}"))["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/admin/tips/{id}");
        Record::at(&path, &cleo.get(&path).expect(200))
    };
    let move_to = |record: &Record, to: &str| {
        let request = cleo.request(Method::POST, &format!("{}/transitions", record.path));
        let answer = request.header("if-match", &record.etag).json(&json!({"to": to})).send().expect(200);
        Record::at(&record.path, &answer)
    };
    assert_eq!(bring_in(&world, &files::starter(), true).unchanged.len(), files_of_items());

    move_to(&cleo.changes(&item("a-calm-no"), &json!({"title": "No, calmly"})), "published");
    move_to(&item("anger-is-allowed"), "archived");
    let tips = ["a-calm-no", "anger-is-allowed", "mixed-feelings-may-stay-mixed"];
    let report = bring_in(&world, &edited(&tips, "title = \"", "title = \"New: "), true);
    assert_eq!(report.kept, ["tips/a-calm-no", "tips/anger-is-allowed"]);
    assert_eq!(report.changed, ["tips/mixed-feelings-may-stay-mixed"]);

    let title = |slug: &str| asha.reads(&format!("/v1/tips/{slug}"))["title"].as_str().unwrap().to_owned();
    let is_new = || title("mixed-feelings-may-stay-mixed").starts_with("New: ").then_some(());
    eventually("the node to notice the import", is_new);
    assert_eq!(title("a-calm-no"), "No, calmly");
    asha.get("/v1/tips/anger-is-allowed").problem(404, "not_found");
}

/// How many items the starter catalogue has.
fn files_of_items() -> usize {
    import::lint(&routes::kinds(), &files::starter()).expect("content without faults").len()
}

#[apply(on_both_databases)]
fn an_import_without_publishing_makes_drafts(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let before = asha.reads("/v1/tips/a-calm-no");
    let report = bring_in(&world, &edited(&["a-calm-no"], "title = \"", "title = \"New: "), false);
    assert_eq!(report.changed, ["tips/a-calm-no"]);
    assert_eq!(asha.reads("/v1/tips/a-calm-no"), before);
    let item = cleo.reads(&format!("/v1/admin/tips/{}", before["id"].as_str().unwrap()));
    assert_eq!((&item["latest_revision"], &item["published_revision"]), (&json!(2), &json!(1)));
    assert!(item["title"].as_str().unwrap().starts_with("New: "));
}

#[apply(on_both_databases)]
fn faulty_files_bring_in_nothing(#[case] engine: Engine) {
    let world = World::start(engine);
    let files = edited(&["a-calm-no"], "stance = \"", "stance = \"not_");
    let published = How { publish: true, ..How::default() };
    let error = import::run(&world.node(0).running.house.database, &routes::kinds(), &files, published).unwrap_err();
    assert!(error.to_string().contains("en/tips/a-calm-no.md:"), "{error}");
}

#[apply(on_both_databases)]
fn publishing_files_needs_somebody_who_has_read_them(#[case] engine: Engine) {
    let world = World::start(engine);
    let (cleo, asha) = (world.curator("cleo"), world.sign_up("asha"));
    let files = edited(&["a-calm-no"], "title = \"", "title = \"New: ");
    let run = |how: How| import::run(&world.node(0).running.house.database, &routes::kinds(), &files, how);
    let alone = How { publish: true, two_person: true, ..How::default() };
    assert!(matches!(run(alone).unwrap_err(), ImportError::NotApproved));

    let me = cleo.reads("/v1/me")["id"].as_str().unwrap().parse().unwrap();
    let approved = How { approved_by: Some(me), ..alone };
    let before = asha.reads("/v1/tips/a-calm-no");
    let tried = run(How { dry_run: true, ..approved }).expect("a report");
    let path = format!("/v1/admin/tips/{}", before["id"].as_str().unwrap());
    assert_eq!(cleo.reads(&path)["latest_revision"], 1, "nothing was changed");
    assert_eq!(run(approved).expect("an import"), tried, "what was told beforehand");
    assert_eq!(tried.changed, ["tips/a-calm-no"]);
    let entry = cleo.lists(&format!("{path}/transitions")).remove(0);
    assert_eq!((&entry["to"], &entry["actor"]), (&json!("published"), &cleo.reads("/v1/me")["id"]));
}
