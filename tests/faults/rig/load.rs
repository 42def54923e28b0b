//! Many connections that ask on a timetable: the offered load does not wait for the service to keep up.
//! Holds always: each answer is counted once, as good, as refused with a time to come back, or as a failure.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Ask, Connection, Percentiles};

/// What is asked, how fast, and for how long.
#[derive(Debug, Clone)]
pub struct Load {
    /// Each connection takes the next of these in turn.
    pub asks: Arc<Vec<Ask>>,
    pub connections: usize,
    /// Requests a second over all connections; none: each asks again as soon as it is answered.
    pub rate: Option<f64>,
    /// Whether a client that is refused comes back when it was told to, or goes on as if nothing had happened.
    pub heeds: bool,
    /// Whether connections are there before the first request, or all of them are opened with it.
    pub warm: bool,
    pub lasts: Duration,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    pub good: Percentiles,
    pub refused: Percentiles,
    /// Answers that are neither, and broken connections; in words.
    pub failures: Vec<String>,
    pub lasted: Duration,
}

impl Load {
    pub fn new(asks: Vec<Ask>, connections: usize, rate: Option<f64>, lasts: Duration) -> Self {
        Self { asks: Arc::new(asks), connections, rate, heeds: true, warm: true, lasts }
    }

    /// The same from clients who do not read `Retry-After`.
    pub fn stubborn(self) -> Self {
        Self { heeds: false, ..self }
    }

    /// The same from clients who all connect at the same moment, as after a break in the network.
    pub fn storming(self) -> Self {
        Self { warm: false, ..self }
    }

    /// Drives the load; returns when the last answer came.
    pub fn drive(&self, address: SocketAddr) -> Outcome {
        let begun = Instant::now() + Duration::from_secs(1);
        let connections: Vec<_> = (0..self.connections)
            .map(|number| {
                let load = self.clone();
                let body = move || load.one(number, address, begun);
                thread::Builder::new().stack_size(128 * 1024).spawn(body).expect("a thread")
            })
            .collect();
        let mut outcome = Outcome { lasted: self.lasts, ..Outcome::default() };
        for connection in connections {
            let part = connection.join().expect("a connection that counts");
            outcome.good.extend(part.good);
            outcome.refused.extend(part.refused);
            outcome.failures.extend(part.failures);
        }
        outcome
    }

    fn one(&self, number: usize, address: SocketAddr, begun: Instant) -> Outcome {
        let mut outcome = Outcome::default();
        let bytes: Vec<Vec<u8>> = self.asks.iter().map(Ask::bytes).collect();
        let pause = self.rate.map(|rate| Duration::from_secs_f64(self.connections_f64() / rate));
        let first = pause.unwrap_or_default().mul_f64(share(number, self.connections));
        let mut due = begun + first;
        let mut connection = self.warm.then(|| Connection::to(address).expect("a connection"));
        for turn in number.. {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if begun.elapsed() >= self.lasts {
                break;
            }
            let asked = Instant::now();
            match Self::ask(&mut connection, address, &bytes[turn % bytes.len()]) {
                Ok(answer) if (200..300).contains(&answer.status) => outcome.good.add(asked.elapsed()),
                Ok(answer) if answer.is_refusal() => {
                    outcome.refused.add(asked.elapsed());
                    if self.heeds {
                        due = Instant::now() + answer.retry_after();
                        continue;
                    }
                }
                Ok(answer) => outcome.failures.push(format!("{} {}", answer.status, answer.text("code"))),
                Err(error) => {
                    outcome.failures.push(error.to_string());
                    connection = None;
                }
            }
            // What could not be asked in time is not asked at all: nobody saves up requests.
            due = pause.map_or(due, |pause| (due + pause).max(Instant::now()));
        }
        outcome
    }

    fn ask(kept: &mut Option<Connection>, address: SocketAddr, bytes: &[u8]) -> std::io::Result<super::Answer> {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::to(address)?,
        };
        connection.send(bytes)?;
        let answer = connection.hear()?;
        if !answer.closes() {
            *kept = Some(connection);
        }
        Ok(answer)
    }

    fn connections_f64(&self) -> f64 {
        f64::from(u32::try_from(self.connections).unwrap_or(u32::MAX))
    }
}

/// The place of one among many, from 0 to 1.
fn share(number: usize, all: usize) -> f64 {
    let whole = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    whole(number) / whole(all.max(1))
}

impl Outcome {
    /// Good answers a second.
    pub fn goodput(&self) -> f64 {
        f64::from(u32::try_from(self.good.count()).unwrap_or(u32::MAX)) / self.lasted.as_secs_f64()
    }

    /// Answers of any kind a second.
    pub fn answered(&self) -> f64 {
        let all = self.good.count() + self.refused.count();
        f64::from(u32::try_from(all).unwrap_or(u32::MAX)) / self.lasted.as_secs_f64()
    }
}

/// Keeps this process to one core and gives it back all when dropped, so that asking costs the service nothing.
pub struct Pinned(());

/// The core of the service while load is driven; the clients have the others.
pub const SERVICE_CORE: &str = "0";

impl Pinned {
    /// None where there is only one core.
    pub fn beside_the_service() -> Option<Self> {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        (cores > 1).then(|| {
            Self::to(&format!("1-{}", cores - 1));
            Self(())
        })
    }

    fn to(cores: &str) {
        let own = std::process::id().to_string();
        let pinned = Command::new("taskset").args(["-a", "-p", "-c", cores, &own]).output();
        assert!(pinned.is_ok_and(|done| done.status.success()), "taskset, of Debian's util-linux");
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        Self::to("0-1023");
    }
}
