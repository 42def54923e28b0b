//! The flows against a database: what the parts do together, on one node and on two.
//! Holds always: each test has a database of its own and a clock that moves only when told.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use diesel::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::database::{Bytes, Connection, Failure};

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

#[test]
fn who_registered_signs_in_and_is_known() {
    run(async {
        let ground = Ground::registered().await;
        let caller = ground.auth.identify(&tokens(&ground.auth).await.access).await.unwrap();
        assert_eq!((caller.role, caller.no_outreach), (Role::User, false));
        assert_eq!(ground.auth.profile(caller.account).await.unwrap().email, "asha@example.org");
        assert!(matches!(sign_in(&ground.auth, "another password", None, HERE).await, Err(Refused::WrongCredentials)));
        assert_eq!(ground.kinds(), ["registered", "signed_in", "sign_in_failed"]);
    });
}

#[test]
fn registering_again_changes_nothing() {
    run(async {
        let ground = Ground::registered().await;
        register(&ground.auth, "ASHA@example.org").await.unwrap();
        assert_eq!(ground.kinds(), ["registered", "registration_repeated"]);
        tokens(&ground.auth).await;
    });
}

#[test]
fn two_registrations_at_once_make_one_account() {
    run(async {
        let ground = Ground::new();
        let both = futures_util::future::join(
            register(&ground.auth, "asha@example.org"),
            register(&ground.auth, "asha@example.org"),
        );
        let (one, other) = both.await;
        one.and(other).unwrap();
        tokens(&ground.auth).await;
    });
}

#[test]
fn nothing_of_a_person_stands_in_the_database() {
    run(async {
        let ground = Ground::registered().await;
        let row = |conn: &mut Connection| {
            use crate::database::schema::accounts::dsl as accounts;
            let columns = (accounts::email_lookup, accounts::email_sealed, accounts::password_sealed);
            Ok::<(Bytes, Bytes, Bytes), Failure>(accounts::accounts.select(columns).first(conn)?)
        };
        let (lookup, email, hash) = ground.auth.database().read_now(row).unwrap();
        for column in [lookup, email, hash] {
            for text in ["asha", "example", "argon2id"] {
                assert!(!column.0.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes())), "{text}");
            }
        }
    });
}

#[test]
fn a_lost_answer_is_repeated_for_thirty_seconds_on_any_node() {
    run(async {
        let ground = Ground::registered().await;
        let other = ground.node(|_| ());
        let first = tokens(&ground.auth).await;
        let second = ground.auth.refresh(&first.refresh).await.unwrap();
        ground.pass(29);
        let repeated = other.refresh(&first.refresh).await.unwrap();
        assert_eq!(repeated.refresh, second.refresh);
        other.identify(&repeated.access).await.unwrap();
        ground.pass(2);
        assert!(matches!(ground.auth.refresh(&first.refresh).await, Err(Refused::RefreshRefused)));
        assert!(matches!(other.refresh(&second.refresh).await, Err(Refused::RefreshRefused)));
        assert!(is_ended(&ground.auth.identify(&second.access).await));
        assert_eq!(ground.kinds().last().unwrap(), "refresh_reused");
    });
}

#[test]
fn an_older_generation_ends_the_session_even_within_the_grace() {
    run(async {
        let ground = Ground::registered().await;
        let first = tokens(&ground.auth).await;
        let second = ground.auth.refresh(&first.refresh).await.unwrap();
        let third = ground.auth.refresh(&second.refresh).await.unwrap();
        assert!(matches!(ground.auth.refresh(&first.refresh).await, Err(Refused::RefreshRefused)));
        assert!(matches!(ground.auth.refresh(&third.refresh).await, Err(Refused::RefreshRefused)));
        // Once ended, a session leaves no second event.
        assert_eq!(ground.kinds().iter().filter(|kind| *kind == "refresh_reused").count(), 1);
    });
}

#[test]
fn concurrent_refreshes_get_one_successor() {
    run(async {
        let ground = Ground::registered().await;
        let other = ground.node(|_| ());
        let first = tokens(&ground.auth).await;
        let four = [&ground.auth, &other, &ground.auth, &other].map(|node| node.refresh(&first.refresh));
        let successors: Vec<_> = futures_util::future::join_all(four).await;
        let [one, rest @ ..] = successors.as_slice() else { panic!("four") };
        let one = &one.as_ref().unwrap().refresh;
        assert!(rest.iter().all(|tokens| tokens.as_ref().unwrap().refresh == *one));
        other.refresh(one).await.unwrap();
    });
}

#[test]
fn a_session_ends_when_idle_and_when_old() {
    const DAY: u64 = 24 * 60 * 60;
    run(async {
        let ground = Ground::registered().await;
        let idle = tokens(&ground.auth).await;
        ground.pass(14 * DAY);
        assert!(matches!(ground.auth.refresh(&idle.refresh).await, Err(Refused::RefreshRefused)));
        let mut used = tokens(&ground.auth).await;
        for _ in 0..2 {
            ground.pass(13 * DAY);
            used = ground.auth.refresh(&used.refresh).await.unwrap();
        }
        ground.pass(4 * DAY - 60);
        used = ground.auth.refresh(&used.refresh).await.unwrap();
        assert_eq!(used.access_lifetime, Duration::from_secs(60));
        ground.pass(60);
        assert!(is_ended(&ground.auth.identify(&used.access).await));
        assert!(matches!(ground.auth.refresh(&used.refresh).await, Err(Refused::RefreshRefused)));
    });
}

#[test]
fn a_new_role_shortens_the_session_it_finds() {
    run(async {
        let ground = Ground::registered().await;
        let other = ground.node(|_| ());
        let held = tokens(&ground.auth).await;
        assert_eq!(other.identify(&held.access).await.unwrap().role, Role::User);
        assert_eq!(ground.auth.promote_now(&email("asha@example.org"), Role::Curator).unwrap(), Promotion::Changed);
        assert_eq!(ground.auth.identify(&held.access).await.unwrap().role, Role::Curator);
        ground.pass(2);
        assert_eq!(other.identify(&held.access).await.unwrap().role, Role::Curator);
        ground.pass(30 * 60);
        assert!(matches!(ground.auth.refresh(&held.refresh).await, Err(Refused::RefreshRefused)));
        assert_eq!(ground.kinds().last().unwrap(), "role_changed");
    });
}

#[test]
fn signing_out_counts_here_at_once_and_elsewhere_within_a_second() {
    run(async {
        let ground = Ground::registered().await;
        let other = ground.node(|_| ());
        let held = tokens(&ground.auth).await;
        let caller = ground.auth.identify(&held.access).await.unwrap();
        other.identify(&held.access).await.unwrap();
        ground.auth.sign_out(&caller).await.unwrap();
        assert!(is_ended(&ground.auth.identify(&held.access).await));
        ground.clock.advance(Duration::from_millis(1001));
        assert!(is_ended(&other.identify(&held.access).await));
        assert!(matches!(ground.auth.sign_out(&caller).await, Err(Refused::NotFound)));
    });
}

#[test]
fn others_failures_do_not_lock_a_known_device_out() {
    run(async {
        let ground = Ground::registered().await;
        let auth = ground.node(|config| config.auth.throttle = true);
        let device = sign_in(&auth, PASSWORD, None, HERE).await.unwrap().device_token;
        let elsewhere = |last| IpAddr::V4(Ipv4Addr::new(198, 51, 100, last));
        for last in 0..6 {
            let wrong = sign_in(&auth, "a wrong password", None, elsewhere(last)).await;
            assert!(matches!(wrong, Err(Refused::WrongCredentials)), "{wrong:?}");
        }
        let blocked = sign_in(&auth, PASSWORD, None, elsewhere(7)).await;
        let Err(Refused::TooManyAttempts { retry_after }) = blocked else { panic!("{blocked:?}") };
        assert_eq!(retry_after, Duration::from_secs(2));
        sign_in(&auth, PASSWORD, Some(&device), elsewhere(8)).await.unwrap();
        ground.pass(2);
        sign_in(&auth, PASSWORD, None, elsewhere(9)).await.unwrap();
        // A success forgets the failures.
        for last in 10..15 {
            let wrong = sign_in(&auth, "a wrong password", None, elsewhere(last)).await;
            assert!(matches!(wrong, Err(Refused::WrongCredentials)), "{wrong:?}");
        }
        sign_in(&auth, PASSWORD, None, elsewhere(15)).await.unwrap();
    });
}

#[test]
fn an_address_is_slowed_down_whatever_it_tries() {
    run(async {
        let ground = Ground::registered().await;
        let auth = ground.node(|config| config.auth.throttle = true);
        for _ in 0..20 {
            sign_in(&auth, PASSWORD, None, HERE).await.unwrap();
        }
        let blocked = register(&auth, "ben@example.org").await;
        assert!(matches!(blocked, Err(Refused::TooManyAttempts { .. })), "{blocked:?}");
        ground.pass(6);
        register(&auth, "ben@example.org").await.unwrap();
    });
}

#[test]
fn a_sign_in_renews_an_old_hash() {
    run(async {
        let ground = Ground::registered().await;
        let stored = |auth: &Auth| {
            let (ring, lookup) = (auth.ring().clone(), accounts::lookup(auth.ring(), &email("asha@example.org")));
            let credentials = auth
                .database()
                .read_now(|conn: &mut Connection| accounts::credentials(conn, &lookup).map_err(Failure::from));
            credentials.unwrap().unwrap().password(&ring).unwrap()
        };
        assert!(stored(&ground.auth).contains("m=19456,t=2"));
        let dearer = ground.node(|config| config.auth.argon2_passes = 3);
        tokens(&dearer).await;
        assert!(stored(&ground.auth).contains("m=19456,t=3"));
        tokens(&dearer).await;
    });
}

#[test]
fn what_ended_long_ago_is_swept() {
    run(async {
        let ground = Ground::registered().await;
        let held = tokens(&ground.auth).await;
        assert_eq!(ground.auth.sweep().await.unwrap(), 0);
        ground.pass(45 * 24 * 60 * 60);
        assert_eq!(ground.auth.sweep().await.unwrap(), 1);
        assert!(matches!(ground.auth.refresh(&held.refresh).await, Err(Refused::RefreshRefused)));
    });
}
