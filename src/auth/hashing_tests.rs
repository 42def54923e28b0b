//! See the module beside this one.
//! Holds always: times are given, never taken from the machine.
use std::sync::mpsc;

use super::*;

fn settings(memory: u32, passes: u32) -> Settings {
    Settings {
        argon2_memory_kib: memory,
        argon2_passes: passes,
        ..crate::config::Config::for_tests(std::path::Path::new("unused")).auth
    }
}

fn password(text: &str) -> Password {
    Password::from(text.to_owned())
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
}

#[test]
fn the_right_password_is_known_again() {
    let hasher = Hasher::new(&settings(1024, 1)).unwrap();
    run(async {
        let stored = hasher.hash(password("kettle harbour seven")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=1024,t=1,p=1$"), "{stored}");
        let right = hasher.verify(password("kettle harbour seven"), Some(stored.clone())).await.unwrap();
        assert_eq!(right, Verdict::Right { rehashed: None });
        assert_eq!(hasher.verify(password("kettle harbour eight"), Some(stored)).await.unwrap(), Verdict::Wrong);
        assert_eq!(hasher.verify(password("kettle harbour seven"), None).await.unwrap(), Verdict::Wrong);
    });
}

#[test]
fn other_parameters_are_replaced_at_the_next_sign_in() {
    let before = Hasher::new(&settings(1024, 1)).unwrap();
    let today = Hasher::new(&settings(2048, 2)).unwrap();
    run(async {
        let stored = before.hash(password("kettle harbour seven")).await.unwrap();
        let verdict = today.verify(password("kettle harbour seven"), Some(stored)).await.unwrap();
        let Verdict::Right { rehashed: Some(rehashed) } = verdict else { panic!("{verdict:?}") };
        assert!(rehashed.contains("m=2048,t=2,p=1"), "{rehashed}");
    });
}

#[test]
fn a_stored_hash_cannot_ask_for_too_much() {
    let hasher = Hasher::new(&settings(1024, 1)).unwrap();
    let tail = "c29tZXNhbHRzb21lc2FsdA$qLml5cbqFAO6YxVHhrSBHP0UWdxrIxkNcM8aMX3blzU";
    let too_much = [
        format!("$argon2id$v=19$m=131073,t=1,p=1${tail}"),
        format!("$argon2id$v=19$m=1024,t=11,p=1${tail}"),
        format!("$argon2id$v=19$m=1024,t=1,p=5${tail}"),
        format!("$argon2i$v=19$m=1024,t=1,p=1${tail}"),
        format!("$argon2id$v=16$m=1024,t=1,p=1${tail}"),
        "kettle harbour seven".to_owned(),
    ];
    for stored in too_much {
        let verdict = run(hasher.verify(password("kettle harbour seven"), Some(stored.clone())));
        assert!(matches!(verdict, Err(Refused::Broken(_))), "{stored}");
    }
}

/// Jobs that run until they are let go.
struct Stuck {
    gate: Gate,
    started: mpsc::Receiver<()>,
    release: Vec<mpsc::Sender<()>>,
}

impl Stuck {
    fn at(gate: &Gate, jobs: usize) -> Self {
        let (tell, started) = mpsc::channel();
        let mut release = Vec::new();
        for _ in 0..jobs {
            let (let_go, wait) = mpsc::channel();
            release.push(let_go);
            let (tell, gate) = (tell.clone(), gate.clone());
            let job = move || {
                tell.send(()).unwrap();
                let _ = wait.recv();
            };
            // The client hangs up as soon as the job has begun.
            drop(tokio::spawn(
                async move { drop(tokio::time::timeout(Duration::from_millis(20), gate.run(job)).await) },
            ));
        }
        Self { gate: gate.clone(), started, release }
    }
}

#[test]
fn a_hash_keeps_its_permit_when_its_client_has_gone() {
    run(async {
        let mut stuck = Stuck::at(&Gate::new(2), 2);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(stuck.started.try_iter().count(), 2);
        assert_eq!(stuck.gate.permits.available_permits(), 0);
        let waited = std::time::Instant::now();
        let refused = stuck.gate.run(|| ()).await;
        assert!(matches!(refused, Err(Refused::Busy { .. })), "{refused:?}");
        assert!(waited.elapsed() >= MAX_WAIT);
        stuck.release.pop();
        stuck.gate.run(|| ()).await.unwrap();
        stuck.release.clear();
    });
}

#[test]
fn a_full_queue_refuses_at_once() {
    run(async {
        let mut stuck = Stuck::at(&Gate::new(1), 1);
        tokio::time::sleep(Duration::from_millis(50)).await;
        let waiting: Vec<_> = (0..MAX_WAITING)
            .map(|_| {
                let gate = stuck.gate.clone();
                tokio::spawn(async move { gate.run(|| ()).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let asked = std::time::Instant::now();
        assert!(matches!(stuck.gate.run(|| ()).await, Err(Refused::Busy { .. })));
        assert!(asked.elapsed() < Duration::from_millis(500));
        stuck.release.clear();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        stuck.gate.run(|| ()).await.unwrap();
    });
}
