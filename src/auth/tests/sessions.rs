//! Sessions and their refresh tokens, on one node and on two.

use std::time::Duration;

use super::super::{Promotion, Refused, Role};
use super::{Ground, email, is_ended, run, tokens};
use crate::auth::sessions;
use crate::database::{Connection, Failure};

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
        assert_eq!(used.access_lifetime, Duration::from_mins(1));
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

async fn sweep(ground: &Ground) -> usize {
    let now = ground.clock.now();
    let swept = move |conn: &mut Connection| Ok::<_, Failure>(sessions::sweep(conn, now, 100)?);
    ground.auth.database().write(swept).await.unwrap()
}

#[test]
fn what_ended_long_ago_is_swept() {
    run(async {
        let ground = Ground::registered().await;
        let held = tokens(&ground.auth).await;
        assert_eq!(sweep(&ground).await, 0);
        ground.pass(45 * 24 * 60 * 60);
        assert_eq!(sweep(&ground).await, 1);
        assert!(matches!(ground.auth.refresh(&held.refresh).await, Err(Refused::RefreshRefused)));
    });
}
