//! Many writers at once, and what each was told: the client's side of every promise.
//! Holds always: a writer repeats what was refused with the same key until it is acknowledged, and gives up on nothing; any
//! answer but 201 and 503 with Retry-After fails the story at once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Actor, Answer, Method};

/// Where writers write.
pub const LISTS: &str = "/v1/boundary-lists";

/// The handler's limit and a little for a busy machine.
pub const LONGEST_ANSWER: Duration = Duration::from_secs(12);
/// How soon everything must work again.
const PATIENCE: Duration = Duration::from_secs(40);

/// What writers sent and were told.
#[derive(Debug, Default)]
pub struct Journal {
    /// Title and writer of each acknowledged record, with the time of the acknowledgement.
    acknowledged: Vec<(String, usize, Instant)>,
    /// Refusals by their code.
    refused: BTreeMap<String, usize>,
    refused_at: Vec<Instant>,
    pub longest_answer: Duration,
}

impl Journal {
    /// Lets `writers` threads write for these people, on the nodes in turn, while `story` runs; then each ends its last write.
    pub fn of<T>(bases: &[&str], people: &[Actor], writers: usize, story: impl FnOnce() -> T) -> (Self, T) {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let write = |writer: usize| {
                let stop = &stop;
                scope.spawn(move || Writer::new(writer, bases, people).write_until(stop))
            };
            let threads: Vec<_> = (0..writers).map(write).collect();
            let end = End(&stop);
            let told = story();
            drop(end);
            let mut journal = Self::default();
            for thread in threads {
                journal.add(thread.join().expect("a writer that was told something else than 201 or 503"));
            }
            (journal, told)
        })
    }

    fn add(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        for (code, count) in other.refused {
            *self.refused.entry(code).or_default() += count;
        }
        self.refused_at.extend(other.refused_at);
        self.longest_answer = self.longest_answer.max(other.longest_answer);
    }

    pub fn count(&self) -> usize {
        self.acknowledged.len()
    }

    /// Holds the lists of these people to the journal: each acknowledged record is there once, and nothing else is.
    pub fn hold(&self, base: &str, people: &[Actor]) {
        for (number, person) in people.iter().enumerate() {
            let here = person.at(base);
            let mut stored: Vec<_> =
                here.lists(&format!("{LISTS}?limit=100")).iter().map(|list| list["title"].to_string()).collect();
            let mine = self.acknowledged.iter().filter(|(_, writer, _)| writer % people.len() == number);
            let mut told: Vec<_> = mine.map(|(title, ..)| json!(title).to_string()).collect();
            stored.sort();
            told.sort();
            let lost: Vec<_> = told.iter().filter(|title| stored.binary_search(title).is_err()).collect();
            assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
            assert_eq!(stored, told, "each write has one effect");
        }
    }

    /// The longest time in which nobody was told that something was stored.
    pub fn longest_silence(&self) -> Duration {
        let mut times: Vec<_> = self.acknowledged.iter().map(|(.., at)| *at).collect();
        times.sort();
        times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
    }

    /// From the first refusal to the last.
    pub fn refused_for(&self) -> Duration {
        let first = self.refused_at.iter().min();
        let last = self.refused_at.iter().max();
        first.zip(last).map_or(Duration::ZERO, |(first, last)| *last - *first)
    }

    /// One line of counts.
    pub fn counts(&self) -> String {
        let refused: usize = self.refused.values().sum();
        format!(
            "{} writes acknowledged, 0 lost, {refused} refused with 503 {:?} over {:.1} s, no write acknowledged for {:.1} s, \
             longest answer {:.1} s",
            self.count(),
            self.refused,
            self.refused_for().as_secs_f64(),
            self.longest_silence().as_secs_f64(),
            self.longest_answer.as_secs_f64()
        )
    }
}

/// Lets the writers end, also when the story fails: otherwise they would write for ever, and the failure would never be told.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// One client that never gives up on a write.
struct Writer<'a> {
    number: usize,
    bases: &'a [&'a str],
    person: Actor,
    journal: Journal,
}

impl<'a> Writer<'a> {
    fn new(number: usize, bases: &'a [&'a str], people: &[Actor]) -> Self {
        let person = people[number % people.len()].clone();
        Self { number, bases, person, journal: Journal::default() }
    }

    fn write_until(mut self, stop: &AtomicBool) -> Journal {
        let mut count = 0;
        while !stop.load(Ordering::Relaxed) {
            self.write(&format!("writer {} note {count}", self.number));
            count += 1;
        }
        self.journal
    }

    /// One record, sent until it is acknowledged.
    fn write(&mut self, title: &str) {
        let (begun, mut attempt) = (Instant::now(), 0);
        loop {
            let base = self.bases[(self.number + attempt) % self.bases.len()];
            let asked = Instant::now();
            let answer = self.ask(base, title);
            self.journal.longest_answer = self.journal.longest_answer.max(asked.elapsed());
            assert!(asked.elapsed() < LONGEST_ANSWER, "after {:?}: {answer}", asked.elapsed());
            if answer.status == 201 {
                self.journal.acknowledged.push((title.to_owned(), self.number, Instant::now()));
                return;
            }
            assert!(answer.status == 503 && answer.header("retry-after").is_some(), "neither 201 nor 503: {answer}");
            let code = answer.json()["code"].as_str().expect("a problem has a code").to_owned();
            *self.journal.refused.entry(code).or_default() += 1;
            self.journal.refused_at.push(Instant::now());
            assert!(begun.elapsed() < PATIENCE, "refused for {:?}: {answer}", begun.elapsed());
            attempt += 1;
            // Sooner than it was asked to: the story wants to know when it works again.
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn ask(&self, base: &str, title: &str) -> Answer {
        let request =
            self.person.at(base).request(Method::POST, LISTS).header("idempotency-key", &title.replace(' ', "-"));
        request.json(&json!({"title": title})).send()
    }
}
