//! Hashing passwords with argon2id behind a gate, so that sign-ins cannot take all memory and processors.
//! Holds always: at most as many hashes run as there are permits, and a hash that runs holds its permit until it is done,
//! even when the client that asked has gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use metrics::Histogram;
use rand::Rng as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::password::Password;
use super::workspace::Workspaces;
use super::{Refused, Settings};

const MAX_PERMITS: usize = 4;
const MAX_WAITING: usize = 32;
const MAX_WAIT: Duration = Duration::from_secs(2);
/// What a stored hash may ask for at most: 128 MiB, 10 passes, 4 lanes.
const MAX_STORED: (u32, u32, u32) = (128 * 1024, 10, 4);

/// What a password was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The right one. `rehashed` is set when the stored hash was made with other parameters than today's.
    Right {
        rehashed: Option<String>,
    },
    Wrong,
}

/// Hashes and verifies.
#[derive(Debug, Clone)]
pub(super) struct Hasher {
    params: Params,
    gate: Gate,
    workspaces: Workspaces,
}

impl Hasher {
    /// A hasher for these parameters.
    pub(super) fn new(settings: &Settings) -> Result<Self, Refused> {
        let params = Params::new(settings.argon2_memory_kib, settings.argon2_passes, settings.argon2_lanes, Some(32));
        let params = params.map_err(|_unknown| Refused::Broken("argon2 does not take these parameters"))?;
        let gate = Gate::new(available_parallelism().map_or(1, usize::from).min(MAX_PERMITS));
        Ok(Self { params, gate, workspaces: Workspaces::default() })
    }

    /// Hashes a password; the result is a PHC string.
    pub(super) async fn hash(&self, password: Password) -> Result<String, Refused> {
        let (params, workspaces) = (self.params.clone(), self.workspaces.clone());
        self.gate.run(move || hash(&params, &password, &workspaces)).await?
    }

    /// Other work on a password that can cost as much as a hash, through the same gate.
    pub(super) async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        self.gate.run(job).await
    }

    /// Hashes on this thread and past the gate: for the command line.
    pub(super) fn hash_now(&self, password: &Password) -> Result<String, Refused> {
        hash(&self.params, password, &self.workspaces)
    }

    /// Holds a password against a stored hash. Without one (no such account) the same work is done for nothing, so
    /// that time tells nobody who has an account.
    pub(super) async fn verify(&self, password: Password, stored: Option<String>) -> Result<Verdict, Refused> {
        let (params, workspaces) = (self.params.clone(), self.workspaces.clone());
        let job = move || match stored {
            Some(stored) => verify(&params, &password, &stored, &workspaces),
            None => hash(&params, &password, &workspaces).map(|_thrown_away| Verdict::Wrong),
        };
        self.gate.run(job).await?
    }
}

/// The bytes that argon2id makes of a password, as many as `params` asks for.
fn output(params: &Params, password: &Password, salt: &Salt, workspaces: &Workspaces) -> Result<Output, Refused> {
    const FAILED: Refused = Refused::Broken("argon2 failed");
    let mut bytes = [0; Output::MAX_LENGTH];
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let bytes = bytes.get_mut(..length).ok_or(FAILED)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let filled = workspaces
        .with(params, |blocks| argon2.hash_password_into_with_memory(password.as_bytes(), salt, bytes, blocks));
    filled.map_err(|_cause| FAILED)?;
    Output::new(bytes).map_err(|_cause| FAILED)
}

fn hash(params: &Params, password: &Password, workspaces: &Workspaces) -> Result<String, Refused> {
    const FAILED: Refused = Refused::Broken("argon2 failed");
    let mut salt = [0; Salt::RECOMMENDED_LENGTH];
    rand::rng().fill_bytes(&mut salt);
    let salt = Salt::new(&salt).map_err(|_cause| FAILED)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(|_cause| FAILED)?,
        hash: Some(output(params, password, &salt, workspaces)?),
        salt: Some(salt),
    };
    Ok(hash.to_string())
}

fn verify(params: &Params, password: &Password, stored: &str, workspaces: &Workspaces) -> Result<Verdict, Refused> {
    const UNUSABLE: Refused = Refused::Broken("a stored password hash is not acceptable");
    let parsed = PasswordHash::new(stored).map_err(|_cause| UNUSABLE)?;
    let made_with = Params::try_from(&parsed).map_err(|_cause| UNUSABLE)?;
    let (memory, passes, lanes) = MAX_STORED;
    let acceptable = parsed.algorithm == Algorithm::Argon2id.ident()
        && parsed.version == Some(Version::V0x13.into())
        && made_with.m_cost() <= memory
        && made_with.t_cost() <= passes
        && made_with.p_cost() <= lanes;
    let (Some(salt), Some(expected), true) = (&parsed.salt, &parsed.hash, acceptable) else { return Err(UNUSABLE) };
    // Outputs are compared in constant time.
    if output(&made_with, password, salt, workspaces)? != *expected {
        return Ok(Verdict::Wrong);
    }
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    let rehashed = if costs(&made_with) == costs(params) { None } else { Some(hash(params, password, workspaces)?) };
    Ok(Verdict::Right { rehashed })
}

/// Lets a few jobs run at a time on threads that may block, a few more wait for a moment, and refuses the rest.
#[derive(Debug, Clone)]
struct Gate {
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    wait: Histogram,
}

impl Gate {
    fn new(permits: usize) -> Self {
        let wait = metrics::histogram!("mend_password_hash_wait_seconds");
        Self { permits: Arc::new(Semaphore::new(permits)), waiting: Arc::default(), wait }
    }

    async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        let permit = self.enter().await?;
        let job = move || {
            let _held_until_done = permit;
            job()
        };
        tokio::task::spawn_blocking(job).await.map_err(|_panic| Refused::Broken("a hash did not finish"))
    }

    async fn enter(&self) -> Result<OwnedSemaphorePermit, Refused> {
        const BUSY: Refused = Refused::Busy { retry_after: MAX_WAIT };
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _place = Place::take(&self.waiting).ok_or(BUSY)?;
        let begun = Instant::now();
        let permit = tokio::time::timeout(MAX_WAIT, Arc::clone(&self.permits).acquire_owned()).await;
        self.wait.record(begun.elapsed().as_secs_f64());
        permit.ok().and_then(Result::ok).ok_or(BUSY)
    }
}

/// A place in the queue, given back when the wait ends in whatever way.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Option<Self> {
        let one_more = |count| (count < MAX_WAITING).then_some(count + 1);
        waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).ok()?;
        Some(Self(Arc::clone(waiting)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
#[path = "hashing_tests.rs"]
mod tests;
