//! Whether the work is what the table says: the rows, the sync mode, who may see what, what a created entry becomes.
//! Holds always: any doubt ends the run before a figure is printed.

use std::net::SocketAddr;

use serde_json::Value;

use crate::options::{Engine, Options};
use crate::seed;
use crate::store::Store;
use crate::workload::{Person, entry_body};

/// The database holds what was asked for, and commits are synced.
pub fn data(store: &Store, options: &Options) -> String {
    let rows = store.rows();
    assert_eq!(rows, i64::try_from(options.rows()).expect("a count"), "the table holds {rows} entries");
    let mode = store.sync_mode(options);
    let wanted = match options.engine {
        Engine::Sqlite => "journal_mode=wal",
        Engine::Postgres => "fsync=on synchronous_commit=on",
    };
    assert_eq!(mode, wanted, "commits must be synced");
    mode
}

/// The service answers what the workloads are about, and refuses what it must.
pub fn answers(address: SocketAddr, people: &[Person], tips: &[String], options: &Options) {
    let [one, other, ..] = people else { panic!("two people at least") };
    assert_eq!(tips.len(), options.tips / 20 * 19, "95 of 100 tips are published");
    let page = seed::get(address, "/v1/journal-entries?limit=20", &one.token);
    let items = page["items"].as_array().expect("a page has items");
    assert_eq!(items.len(), 20);
    assert!(items.iter().map(created).is_sorted_by(|newer, older| newer >= older), "newest first");
    assert_eq!(
        seed::get(address, "/v1/tips?limit=20&situations=criticism", &one.token)["items"].as_array().map(Vec::len),
        Some(20)
    );

    let theirs = format!("http://{address}/v1/journal-entries/{}", other.entries.first().expect("entries"));
    let bearer = format!("Bearer {}", one.token);
    assert_eq!(status(ureq::get(&theirs).header("Authorization", &bearer).call()), 404, "somebody else's entry");
    assert_eq!(status(ureq::get(&theirs).call()), 401, "nobody signed in");

    let sent = ureq::post(format!("http://{address}/v1/journal-entries")).header("Authorization", &bearer);
    let made = sent.content_type("application/json").send(entry_body());
    let made: Value = made.expect("an entry is made").body_mut().read_json().expect("JSON");
    let id = made["id"].as_str().expect("an id");
    let read = seed::get(address, &format!("/v1/journal-entries/{id}"), &one.token);
    assert_eq!(read["text"], made["text"], "a created entry is readable");
}

fn created(item: &Value) -> &str {
    item["created_at"].as_str().expect("a time")
}

fn status(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> u16 {
    match answer {
        Ok(answer) => answer.status().as_u16(),
        Err(ureq::Error::StatusCode(status)) => status,
        Err(error) => panic!("{error}"),
    }
}
