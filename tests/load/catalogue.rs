//! What a big catalogue costs: how long its snapshot takes to build, how much memory it keeps, how fast it is searched.
//! `cargo bench --bench load -- catalogue --items 10000`
//! Holds always: no question is asked twice, so that nothing is answered from what was asked before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::test::TestRequest;
use chrono::NaiveDate;
use mend::catalogue::search::Question;
use mend::catalogue::snapshot::{Loaded, Snapshot};
use mend::catalogue::{Kind as _, Sight, View};
use mend::database::{Id, Timestamp};
use mend::resources::curated::tips::Tip;

/// Distinct words of the made-up language.
const WORDS: usize = 12_000;
/// Words of a body, which make about 640 bytes.
const BODY_WORDS: usize = 90;
/// Questions of each kind.
const ROUNDS: usize = 200;

/// Makes one question.
type Make = fn(&mut Chance) -> String;

/// Builds a catalogue of so many tips, searches it, and prints what was seen.
pub fn measure(items: usize) {
    let kinds = mend::routes::kinds();
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let before = resident_kib();
    let mut chance = Chance(42);
    let mut loaded: Vec<Arc<Loaded>> = (0..items).map(|number| Arc::new(tip(number, &mut chance))).collect();
    loaded.sort_by_key(|item| item.id);
    let begun = Instant::now();
    let snapshot = Snapshot::build(1, &kinds, loaded, day);
    let (taken, kept) = (begun.elapsed(), resident_kib().saturating_sub(before));
    println!("snapshot of {items} items: built in {} ms, keeps {} MiB", taken.as_millis(), kept / 1024);

    let mut all = Vec::new();
    let questions: [(&str, Make); 6] = [
        ("a rare word", |chance| word(WORDS / 2 + chance.below(WORDS / 2))),
        ("a frequent word", |chance| word(chance.below(50))),
        ("three words", |chance| format!("{} {} {}", chance.word(), chance.word(), chance.word())),
        ("the beginning of a word", |chance| chance.word().chars().take(3).collect()),
        ("a word with a slip", |chance| chance.word().replacen(['a', 'o'], "u", 1) + "x"),
        ("words that nobody wrote", |chance| format!("zzqx{} qqzk{}", chance.below(1000), chance.below(1000))),
    ];
    for (what, make) in questions {
        let mut times: Vec<Duration> = (0..ROUNDS)
            .map(|round| {
                let view = if round % 2 == 0 { View::Everything } else { View::NoOutreach };
                let text = make(&mut chance).replace(' ', "+");
                let request = TestRequest::with_uri(&format!("/v1/search?q={text}")).to_http_request();
                let begun = Instant::now();
                let question = Question::read(&request, &kinds).expect("a question");
                snapshot.index().expect("an index").find(&Sight::of(view), &snapshot, &question).expect("an answer");
                begun.elapsed()
            })
            .collect();
        println!("{what}: {}", spread(&mut times));
        all.append(&mut times);
    }
    println!("all of them: {}", spread(&mut all));
}

fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    format!("p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, longest {:.2} ms", at(0.5), at(0.95), at(0.99), at(1.0))
}

/// A tip of words that are as unevenly frequent as those of a language.
fn tip(number: usize, chance: &mut Chance) -> Loaded {
    let mut document = Tip::example();
    document.header.slug = format!("tip-{number}");
    document.header.title = chance.words(5);
    document.header.summary = Some(chance.words(12));
    document.own.action = Some(chance.words(10));
    document.own.body = Some(chance.words(BODY_WORDS));
    if number.is_multiple_of(2) {
        document.header.nudges.clear();
        document.header.contraindications.clear();
    }
    Loaded {
        id: Id::named(Id::from_bytes([1; 16]), &document.header.slug),
        kind: Tip::NAME,
        singular: Tip::SINGULAR,
        revision: 1,
        published_at: Timestamp::from_micros(1_795_000_000_000_000),
        document: Box::new(document),
    }
}

/// The word with that rank.
fn word(rank: usize) -> String {
    const SYLLABLES: [&str; 23] = [
        "ba", "do", "ka", "li", "mo", "ne", "ra", "so", "tu", "vi", "wa", "ze", "fo", "gi", "ha", "jo", "pe", "sha",
        "tho", "cle", "bri", "sto", "mar",
    ];
    let mut text = String::new();
    let mut rest = rank + 23;
    while rest > 0 {
        text.push_str(SYLLABLES[rest % 23]);
        rest /= 23;
    }
    text
}

/// The same numbers in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    fn word(&mut self) -> String {
        let share = self.below(1_000_000) as f64 / 1_000_000.0;
        word((share.powi(4) * WORDS as f64) as usize)
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// Memory of this process that is resident now.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("this process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line with the memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
