//! Registering and signing in: what is stored, what is counted, what is renewed.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use diesel::prelude::*;

use super::super::{Auth, Refused, Role, accounts};
use super::{Ground, HERE, PASSWORD, email, register, run, sign_in, tokens};
use crate::database::{Bytes, Connection, Failure};

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
