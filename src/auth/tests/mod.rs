//! The flows against a database: what the parts do together, on one node and on two.
//! Holds always: each test has a database of its own and a clock that moves only when told.

mod entrance;
mod sessions;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use diesel::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::database::{Connection, Failure};

const PASSWORD: &str = "kettle harbour seven violet";

/// A node's accounts on a database of their own.
struct Ground {
    auth: Auth,
    config: Config,
    clock: Clock,
    _directory: TempDir,
}

impl Ground {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let mut config = Config::for_tests(directory.path());
        config.auth.throttle = false;
        let clock = Clock::manual(Timestamp::from_micros(1_800_000_000_000_000));
        let database = Database::open(&config.database, clock.clone()).unwrap();
        database.migrate().unwrap();
        let auth = Auth::new(&config, database, KeyRing::generate()).unwrap();
        Self { auth, config, clock, _directory: directory }
    }

    /// The same installation with other settings, or another node on it.
    fn node(&self, change: impl FnOnce(&mut Config)) -> Auth {
        let mut config = self.config.clone();
        change(&mut config);
        Auth::new(&config, self.auth.database().clone(), self.auth.ring().clone()).unwrap()
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    async fn registered() -> Self {
        let ground = Self::new();
        register(&ground.auth, "asha@example.org").await.unwrap();
        ground
    }

    fn kinds(&self) -> Vec<String> {
        use crate::database::schema::security_events as events;
        let all = events::table.select(events::kind).order((events::happened_at, events::id));
        self.auth.database().read_now(|conn: &mut Connection| Ok::<_, Failure>(all.load(conn)?)).unwrap()
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(test);
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn password(text: &str) -> Password {
    Password::from(text.to_owned())
}

async fn register(auth: &Auth, address: &str) -> Result<(), Refused> {
    let (email, password) = (email(address), password(PASSWORD));
    auth.register(Registration { email, password, name: None, address: HERE }).await
}

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

async fn sign_in(auth: &Auth, text: &str, device: Option<&str>, address: IpAddr) -> Result<SignedIn, Refused> {
    let device_token = device.map(str::to_owned);
    let attempt =
        SignIn { email: email("Asha@example.org"), password: password(text), label: None, device_token, address };
    auth.sign_in(attempt).await
}

async fn tokens(auth: &Auth) -> Tokens {
    sign_in(auth, PASSWORD, None, HERE).await.unwrap().tokens
}

fn is_ended(refused: &Result<Caller, Refused>) -> bool {
    matches!(refused, Err(Refused::NotSignedIn { reason: Reason::Ended }))
}
