//! A thousand readers while curators publish: each answer is of one publication, and none is older than the one before it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::curation_items::tip;
use crate::harness::*;

const READERS: usize = 1_000;
/// Threads that the readers are spread over.
const CROWDS: usize = 4;
/// So long somebody publishes, and at least so many editions.
const WHILE: Duration = Duration::from_secs(3);
const EDITIONS: i64 = 3;
/// Nobody reads for longer, should the story fail.
const PATIENCE: Duration = Duration::from_mins(1);
/// An item and its list, twice: what is read at one of the two is no older than what was read at the other.
const ADDRESSES: [&str; 4] =
    ["/v1/tips/one-breath", "/v1/tips?locale=fr", "/v1/programs/two-steps", "/v1/steps?program=two-steps"];

/// Something of a tip, all of which says its edition.
fn said(edition: i64) -> Value {
    let text = format!("Edition {edition}.");
    json!({"title": text, "summary": text, "body": text, "action": text, "guard": text})
}

/// A program whose title and steps say its edition, and which gains and loses a step with it.
fn program(edition: i64) -> Value {
    let step = |number: i64| {
        let exercise = json!({"kind": "writing", "prompt": format!("Edition {edition}?")});
        with(&said(edition), &json!({"slug": format!("step-{number}"), "exercise": exercise}))
    };
    let steps: Vec<_> = (0..2 + edition % 2).map(step).collect();
    let mut program = with(&said(edition), &json!({"steps": steps}));
    program.as_object_mut().unwrap().remove("action");
    program
}

fn publishes(cleo: &Actor, item: &Record) -> Record {
    let path = format!("{}/transitions", item.path);
    let moves = cleo.request(Method::POST, &path).header("if-match", &item.etag).json(&json!({"to": "published"}));
    Record::at(&item.path, &moves.send().expect(200))
}

/// What one crowd of readers saw.
#[derive(Default)]
struct Seen {
    answers: u64,
    /// Those who were too many for a moment: 503 with `Retry-After`.
    refused: u64,
    /// By address and ETag: the body, and the one edition that it speaks of.
    editions: HashMap<(&'static str, String), (String, i64)>,
}

/// A reader on a connection of their own.
struct Reader {
    socket: Socket,
    /// The newest edition of each thing that they have seen.
    newest: [i64; ADDRESSES.len() / 2],
    /// When they ask again: who is too many comes back when told to.
    back: Instant,
    asked: bool,
}

impl Reader {
    fn new(base: &str) -> Self {
        Self { socket: Socket::to(base), newest: [0; ADDRESSES.len() / 2], back: Instant::now(), asked: false }
    }
}

/// The one edition that an answer speaks of.
fn edition(address: &str, answer: &str) -> i64 {
    let numbers = answer.split("Edition ").skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse::<i64>().unwrap_or_else(|_| panic!("{address}: no number in {answer}"))
    });
    let numbers: Vec<_> = numbers.collect();
    let first = *numbers.first().unwrap_or_else(|| panic!("{address}: nothing is there: {answer}"));
    assert!(numbers.iter().all(|number| *number == first), "{address} mixes editions: {answer}");
    let body: Value = serde_json::from_str(answer).unwrap();
    let revisions = body["items"].as_array().map_or_else(|| vec![&body], |items| items.iter().collect());
    assert!(revisions.iter().all(|item| item["revision"] == first), "{address}: edition {first}, {answer}");
    if let Some(steps) = body["steps"].as_array().or(body["items"].as_array().filter(|_| address.contains("steps"))) {
        assert_eq!(i64::try_from(steps.len()).unwrap(), 2 + first % 2, "{address}: {answer}");
    }
    first
}

/// Readers on connections of their own, all asking at once, again and again until it is over.
fn reads_on(base: &str, people: &[Actor], readers: usize, over: &AtomicBool) -> Seen {
    let (mut seen, begun) = (Seen::default(), Instant::now());
    let mut crowd: Vec<_> = (0..readers).map(|_| Reader::new(base)).collect();
    let ask = |number: usize, turn: usize| {
        let (which, access) = ((number + turn) % ADDRESSES.len(), people[number % people.len()].tokens().access);
        (which, format!("GET {} HTTP/1.1\r\nHost: mend\r\nAuthorization: Bearer {access}\r\n\r\n", ADDRESSES[which]))
    };
    for turn in 0.. {
        if over.load(Ordering::Acquire) || begun.elapsed() > PATIENCE {
            break;
        }
        for (number, reader) in crowd.iter_mut().enumerate() {
            reader.asked = reader.back <= Instant::now();
            if reader.asked {
                reader.socket.send(ask(number, turn).1);
            }
        }
        for (number, reader) in crowd.iter_mut().enumerate().filter(|(_, reader)| reader.asked) {
            let (which, heard) = (ask(number, turn).0, reader.socket.hear().expect("an answer"));
            let address = ADDRESSES[which];
            if heard.status == 503 {
                let seconds = heard.header("retry-after").expect("a time to come back").parse().unwrap();
                reader.back = Instant::now() + Duration::from_secs(seconds);
                seen.refused += 1;
                continue;
            }
            assert_eq!(heard.status, 200, "{address}: {heard:?}");
            let known = (address, heard.header("etag").unwrap().to_owned());
            let known = seen.editions.entry(known).or_insert_with(|| (heard.body.clone(), edition(address, &heard.body)));
            assert_eq!(known.0, heard.body, "{address}: one ETag for two bodies");
            let newest = &mut reader.newest[which / 2];
            assert!(*newest <= known.1, "{address} went back from {newest} to {}", known.1);
            *newest = known.1;
            seen.answers += 1;
        }
    }
    seen
}

#[apply(on_both_databases)]
fn a_thousand_readers_see_old_or_new_and_never_a_mixture(#[case] engine: Engine) {
    let world = World::with(engine, |config| {
        config.limits.requests_per_minute = 10_000_000;
        config.limits.requests_in_flight = 4 * READERS;
    });
    let (cleo, asha, bela) = (world.curator("cleo"), world.sign_up("asha"), world.sign_up("bela"));
    // One of them is never shown what pushes towards contact: the other view of the same catalogue.
    bela.writes("/v1/relationships", &json!({"figure": "mother", "name": "M", "contact": "none", "goal": "leave"}));
    let base = with(&tip("one-breath"), &json!({"locale": "fr"}));
    let mut tip = publishes(&cleo, &cleo.writes("/v1/admin/tips", &with(&base, &said(1))));
    let whole = with(&with(&base, &program(1)), &json!({"slug": "two-steps", "action": null}));
    let mut steps = publishes(&cleo, &cleo.writes("/v1/admin/programs", &whole));
    let (over, node, mut latest) = (AtomicBool::new(false), &world.node(0).base, 1);
    let (people, begun) = ([asha, bela], Instant::now());
    let seen = std::thread::scope(|scope| {
        let reads = || reads_on(node, &people, READERS / CROWDS, &over);
        let crowds: Vec<_> = (0..CROWDS).map(|_| scope.spawn(reads)).collect();
        while begun.elapsed() < WHILE || latest < EDITIONS {
            latest += 1;
            tip = publishes(&cleo, &cleo.changes(&tip, &said(latest)));
            steps = publishes(&cleo, &cleo.changes(&steps, &program(latest)));
        }
        over.store(true, Ordering::Release);
        crowds.into_iter().map(|crowd| crowd.join().expect("every answer was whole")).collect::<Vec<_>>()
    });
    let (answers, refused) = seen.iter().fold((0, 0), |(all, no), seen| (all + seen.answers, no + seen.refused));
    assert!(answers > 4 * u64::try_from(READERS).unwrap(), "{answers} answers, {refused} refusals");
    for address in ADDRESSES {
        let editions = seen.iter().flat_map(|seen| &seen.editions).filter(|((known, _), _)| *known == address);
        let editions: std::collections::BTreeSet<_> = editions.map(|(_, (_, edition))| *edition).collect();
        println!("{address}: {} of {latest} editions seen", editions.len());
        assert!(editions.len() > 1, "nobody saw {address} change: {editions:?}");
    }
    println!("{READERS} readers, {answers} answers, {refused} refused, {} publications in {:?}", 2 * (latest - 1), begun.elapsed());
}
