//! A crowd of writers, each with a journal of what was acknowledged, who go on whatever happens to the service.
//! Holds always: a creation is repeated with its key until it is acknowledged; an edit whose answer did not come is looked
//! up before it is tried again; in the end what is stored and what was acknowledged must be the same.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Answer, Ask, Connection, Person, Random, entry, within};

const PATH: &str = "/v1/journal-entries";

/// What the whole crowd counted.
#[derive(Default)]
pub struct Counts {
    pub acknowledged: AtomicU64,
    /// Requests whose connection broke before the answer.
    pub cut_off: AtomicU64,
    /// 503 with Retry-After.
    pub refused: AtomicU64,
    /// Creations that had happened although their answer did not come.
    pub replayed: AtomicU64,
    /// Re-reads of acknowledged entries after the connection broke.
    pub reread: AtomicU64,
}

/// An acknowledged state of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    version: u64,
    text: String,
}

/// Writers at work.
pub struct Crowd {
    people: Vec<Person>,
    address: SocketAddr,
    counts: Arc<Counts>,
    over: Arc<AtomicBool>,
    writers: Vec<JoinHandle<(usize, BTreeMap<String, Known>)>>,
}

impl Crowd {
    /// Lets so many writers begin, over these people's accounts.
    pub fn begins(people: &[Person], address: SocketAddr, writers: usize) -> Self {
        let (counts, over) = (Arc::new(Counts::default()), Arc::new(AtomicBool::new(false)));
        let begin = |number: usize| {
            let owner = number % people.len();
            let (counts, over) = (Arc::clone(&counts), Arc::clone(&over));
            let mut writer = Writer::new(people[owner].clone(), number, address, counts, over);
            thread::spawn(move || {
                writer.works();
                (owner, writer.journal)
            })
        };
        let writers = (0..writers).map(begin).collect();
        Self { people: people.to_vec(), address, counts, over, writers }
    }

    pub fn acknowledged(&self) -> u64 {
        self.counts.acknowledged.load(Ordering::Relaxed)
    }

    pub fn refused(&self) -> u64 {
        self.counts.refused.load(Ordering::Relaxed)
    }

    /// Waits until so many more were acknowledged.
    #[track_caller]
    pub fn gets_on_by(&self, more: u64, patience: Duration) {
        let goal = self.acknowledged() + more;
        within(patience, "writes to be acknowledged", || (self.acknowledged() >= goal).then_some(()));
    }

    /// Ends the writing, and holds what is stored against what was acknowledged. The service must be there.
    #[track_caller]
    pub fn ends(self) -> Arc<Counts> {
        self.over.store(true, Ordering::Release);
        let mut journals = vec![BTreeMap::new(); self.people.len()];
        for writer in self.writers {
            let (owner, journal) = writer.join().expect("a writer that finds what it wrote");
            journals[owner].extend(journal);
        }
        for (person, journal) in self.people.iter().zip(&journals) {
            assert_eq!(&stored(person, self.address), journal, "{}: stored and acknowledged differ", person.name);
        }
        self.counts
    }
}

struct Writer {
    person: Person,
    number: usize,
    address: SocketAddr,
    connection: Option<Connection>,
    /// The connection broke since the last re-read.
    broken: bool,
    random: Random,
    journal: BTreeMap<String, Known>,
    /// Acknowledged since the last re-read.
    fresh: Vec<String>,
    made: u64,
    counts: Arc<Counts>,
    over: Arc<AtomicBool>,
}

/// All that a person has, as the service tells it.
fn stored(person: &Person, address: SocketAddr) -> BTreeMap<String, Known> {
    let texts: Vec<(String, Known)> = person.lists(address, PATH).iter().map(known).collect();
    let count = texts.len();
    let by_id: BTreeMap<_, _> = texts.into_iter().collect();
    assert_eq!(by_id.len(), count, "an entry is listed twice");
    by_id
}

fn known(entry: &Value) -> (String, Known) {
    let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
    (text("id"), Known { version: entry["version"].as_u64().expect("a version"), text: text("text") })
}

impl Writer {
    fn new(person: Person, number: usize, address: SocketAddr, counts: Arc<Counts>, over: Arc<AtomicBool>) -> Self {
        let (journal, fresh) = (BTreeMap::new(), Vec::new());
        let random = Random::seeded(u64::try_from(number).unwrap() + 7);
        let (connection, broken, made) = (None, false, 0);
        Self { person, number, address, connection, broken, random, journal, fresh, made, counts, over }
    }

    fn works(&mut self) {
        while !self.over.load(Ordering::Acquire) {
            if std::mem::take(&mut self.broken) {
                self.rereads();
            }
            match self.random.below(10) {
                0..=6 => self.creates(),
                7..=8 => self.edits(),
                _ => self.deletes(),
            }
        }
        self.rereads();
    }

    /// A text that nobody else writes, of a few hundred bytes up to some pages.
    fn text(&mut self) -> String {
        self.made += 1;
        let words = 20 + self.random.index(120);
        format!("writer {} note {}: {}", self.number, self.made, "wörter und mehr, ".repeat(words))
    }

    fn creates(&mut self) {
        let text = self.text();
        let key = format!("writer-{}-{}", self.number, self.made);
        let ask = self.person.post(PATH, &entry(text.trim())).header("Idempotency-Key", &key);
        let mut cut = false;
        let answer = loop {
            match self.once(&ask) {
                Some(answer) => break answer.expect(201),
                None => cut = true,
            }
        };
        let replayed = answer.header("idempotency-replayed").is_some();
        assert!(cut || !replayed, "a key of its own was used before");
        self.counts.replayed.fetch_add(u64::from(replayed), Ordering::Relaxed);
        self.acknowledges(known(&answer.json()));
    }

    fn edits(&mut self) {
        let Some((id, before)) = self.one() else { return };
        let (path, text) = (format!("{PATH}/{id}"), self.text());
        let change = Ask::new("PATCH", &path).json(&json!({"text": text.trim()}));
        let ask = self.person.signed(change.header("If-Match", &format!("\"{}\"", before.version)));
        let wanted = Known { version: before.version + 1, text: text.trim().to_owned() };
        loop {
            match self.once(&ask) {
                Some(answer) => {
                    assert_eq!(known(&answer.expect(200).json()).1, wanted);
                    return self.acknowledges((id, wanted));
                }
                None => match self.reads(&path) {
                    Some(found) if found == wanted => return self.acknowledges((id, wanted)),
                    found => assert_eq!(found.as_ref(), Some(&before), "neither before nor after an edit"),
                },
            }
        }
    }

    fn deletes(&mut self) {
        let Some((id, before)) = self.one() else { return };
        let path = format!("{PATH}/{id}");
        let ask = Ask::new("DELETE", &path).header("If-Match", &format!("\"{}\"", before.version));
        let ask = self.person.signed(ask);
        loop {
            match self.once(&ask) {
                Some(answer) => {
                    answer.expect(204);
                    break;
                }
                None => match self.reads(&path) {
                    None => break,
                    found => assert_eq!(found.as_ref(), Some(&before), "half deleted"),
                },
            }
        }
        self.journal.remove(&id);
        self.counts.acknowledged.fetch_add(1, Ordering::Relaxed);
    }

    /// One of the writer's own entries.
    fn one(&mut self) -> Option<(String, Known)> {
        let skip = self.random.index(self.journal.len());
        self.journal.iter().nth(skip).map(|(id, known)| (id.clone(), known.clone()))
    }

    fn acknowledges(&mut self, (id, known): (String, Known)) {
        self.counts.acknowledged.fetch_add(1, Ordering::Relaxed);
        self.fresh.push(id.clone());
        self.journal.insert(id, known);
    }

    /// Reads one entry, however often it takes; none when it is not there.
    fn reads(&mut self, path: &str) -> Option<Known> {
        let ask = self.person.get(path);
        loop {
            match self.once(&ask) {
                Some(answer) if answer.status == 404 => return None,
                Some(answer) => return Some(known(&answer.expect(200).json()).1),
                None => {}
            }
        }
    }

    /// After a restart: all that was acknowledged since the last one is there as it was.
    fn rereads(&mut self) {
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.retain(|id| self.journal.contains_key(id));
        for id in fresh {
            let found = self.reads(&format!("{PATH}/{id}"));
            assert_eq!(found.as_ref(), self.journal.get(&id), "{id}: lost or half");
            self.counts.reread.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends a request once. None: the connection broke, or it was refused with 503 and a time to come back.
    fn once(&mut self, ask: &Ask) -> Option<Answer> {
        let address = self.address;
        let mut connection = self.connection.take().unwrap_or_else(|| {
            within(Duration::from_mins(1), "the service to be there again", || Connection::to(address).ok())
        });
        if let Ok(answer) = connection.ask(ask) {
            self.connection = (!answer.closes()).then_some(connection);
            if answer.is_refusal() {
                self.counts.refused.fetch_add(1, Ordering::Relaxed);
                // Not as long as it says: a fault should be met by writers who come back at once.
                thread::sleep(Duration::from_millis(10));
                return None;
            }
            return Some(answer);
        }
        self.broken = true;
        self.counts.cut_off.fetch_add(1, Ordering::Relaxed);
        None
    }
}
