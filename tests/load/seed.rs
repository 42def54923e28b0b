//! The data: people with their entries, and a catalogue of tips, made through the API and the command line.
//! Holds always: everything is written the way clients and curators write it, so it is sealed and indexed like theirs.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::options::Options;
use crate::process::free_address;
use crate::store::Store;
use crate::workload::{Person, SITUATIONS, entry_body, prose};

/// How many people are signed in during a run.
pub const SIGNED_IN: usize = 256;
const PASSWORD: &str = "nine lamps along the harbour wall";
const WRITERS: usize = 16;

/// Makes the catalogue, the people and their entries in an empty store.
pub fn fill(store: &Store, options: &Options) {
    let files = tempfile::tempdir().expect("a temporary folder");
    write_tips(files.path(), (0..options.tips).filter(|number| !is_draft(*number)));
    let folder = files.path().to_string_lossy().into_owned();
    store.run(&["content", "import", "--publish", &folder]);
    write_tips(files.path(), (0..options.tips).filter(|number| is_draft(*number)));
    store.run(&["content", "import", &folder]);

    let server = store.serve(free_address());
    let people: Vec<String> = in_parallel(options.users, |number| {
        let sent = json!({"email": email(number), "password": PASSWORD});
        post(server.address, "/v1/auth/register", None, &sent.to_string());
        sign_in(server.address, number)
    });
    let body = entry_body();
    // Round-robin over everybody, so that neighbours in time are not neighbours in the table.
    in_parallel(options.rows(), |number| {
        let token = people.get(number % people.len()).expect("a token for everybody");
        post(server.address, "/v1/journal-entries", Some(token), &body);
    });
}

/// Signs in the people of a run and looks up their newest entries' ids.
pub fn people(address: SocketAddr, options: &Options) -> Vec<Person> {
    in_parallel(SIGNED_IN.min(options.users), |number| {
        let token = sign_in(address, number);
        let mut entries = Vec::new();
        let mut path = "/v1/journal-entries?limit=100".to_owned();
        while entries.len() < options.entries.min(1000) {
            let page = get(address, &path, &token);
            let items = page["items"].as_array().expect("a page has items");
            entries.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/journal-entries?limit=100&cursor={cursor}");
        }
        Person { token, entries }
    })
}

/// The ids of the published tips.
pub fn tips(address: SocketAddr, token: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut path = "/v1/tips?limit=100".to_owned();
    loop {
        let page = get(address, &path, token);
        let items = page["items"].as_array().expect("a page has items");
        ids.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { return ids };
        path = format!("/v1/tips?limit=100&cursor={cursor}");
    }
}

/// Every twentieth, and of each situation one now and then.
fn is_draft(number: usize) -> bool {
    number % 20 == number / 20 % 20
}

fn email(number: usize) -> String {
    format!("person-{number}@example.org")
}

fn sign_in(address: SocketAddr, number: usize) -> String {
    let sent = json!({"email": email(number), "password": PASSWORD}).to_string();
    let answer: Value = serde_json::from_str(&post(address, "/v1/auth/login", None, &sent)).expect("JSON");
    answer["access_token"].as_str().expect("an access token").to_owned()
}

/// One tip a file: 640 bytes of text and the facts that every tip must have.
fn write_tips(folder: &Path, numbers: impl Iterator<Item = usize>) {
    let tips = folder.join("en/tips");
    std::fs::create_dir_all(&tips).expect("a temporary folder takes folders");
    let sources = "[S0]\ntitle = \"Notes\"\nauthor = \"The curators\"\nlanguage = \"en\"\n";
    std::fs::write(folder.join("sources.toml"), sources).expect("a temporary folder takes files");
    for number in numbers {
        let situation = SITUATIONS.get(number % SITUATIONS.len()).copied().unwrap_or_default();
        let mut text = String::new();
        write!(
            text,
            "+++\ntitle = \"A quiet evening, number {number}\"\nsummary = \"One thing to try on an evening like this.\"\n\
             stance = \"self_care\"\nnudges = []\ntopics = [\"self_care\"]\nsituations = [\"{situation}\"]\n\
             audience = [\"everyone\"]\ncontact = [\"in_touch\"]\neffort = \"small\"\nminutes = 5\n\
             evidence = \"expert_opinion\"\ncontent_warnings = []\ncontraindications = []\n\
             not_for = \"Nobody in particular.\"\naction = \"Write one line.\"\nguard = \"You may stop.\"\nlinks = []\n\
             [[sources]]\narticle = \"S0\"\nline = {}\n[review]\nstatus = \"unreviewed\"\n+++\n\n{}\n",
            number + 1,
            prose(640)
        )
        .expect("a string takes all");
        std::fs::write(tips.join(format!("evening-{number:04}.md")), text).expect("a temporary folder takes files");
    }
}

fn post(address: SocketAddr, path: &str, token: Option<&str>, body: &str) -> String {
    let mut request = agent().post(format!("http://{address}{path}")).content_type("application/json");
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    let mut answer = request.send(body).unwrap_or_else(|error| panic!("POST {path}: {error}"));
    answer.body_mut().read_to_string().expect("an answer is text")
}

/// The answer to a GET, as JSON.
pub fn get(address: SocketAddr, path: &str, token: &str) -> Value {
    let request = agent().get(format!("http://{address}{path}")).header("Authorization", format!("Bearer {token}"));
    let mut answer = request.call().unwrap_or_else(|error| panic!("GET {path}: {error}"));
    answer.body_mut().read_json().expect("an answer is JSON")
}

thread_local! {
    static AGENT: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_mins(1))).build().into();
}

/// One for each thread: its connections are kept alive.
fn agent() -> ureq::Agent {
    AGENT.with(Clone::clone)
}

/// Does something for each number below `count`, several at a time; the results are in order.
fn in_parallel<T: Send>(count: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, job(number)));
        }
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("the seeding goes on")).collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}
