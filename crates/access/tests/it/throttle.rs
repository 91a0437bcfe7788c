use access::Access;
use base::{Actor, Error};
use chrono::Duration;

use crate::{actor, boss, morning, ready, somebody};

async fn tried(access: &Access, login: &str, address: &str) -> Error {
    access.sign_in(login, "wrong".into(), morning(), address, "").await.unwrap_err()
}

/// How many entries of the audit tell of an act.
async fn seen(access: &Access, action: &str) -> usize {
    let entries = access.audit(&boss(), None, "", 200).await.unwrap();
    entries.iter().filter(|entry| entry.action == action).count()
}

async fn with_password(access: &Access, login: &str) -> Actor {
    let id = somebody(access, login, "sales_rep").await;
    let me = actor(access, &id).await;
    access.set_own_password(&me, String::new(), "three ships at sea".into()).await.unwrap();
    me
}

db::db_tests! {
    async fn one_line_tries_thirty_logins_and_then_waits(db: Db) {
        let access = ready(db).await;
        for login in 0..30 {
            let answer = tried(&access, &format!("user{login}"), &format!("2001:db8:1:2::{login}")).await;
            assert_eq!(answer.code(), "access-wrong_sign_in");
        }
        let next = tried(&access, "user30", "2001:db8:1:2:ffff::1").await;
        assert!(matches!(next, Error::TooMany { .. }));
        assert_eq!(tried(&access, "user30", "2001:db8:1:3::1").await.code(), "access-wrong_sign_in");
    }

    async fn one_login_is_tried_thirty_times_from_everywhere_but_its_user_still_comes_in(db: Db) {
        let access = ready(db).await;
        with_password(&access, "zhang").await;
        let (office, right) = ("10.1.1.1", "three ships at sea");
        access.sign_in("zhang", right.into(), morning(), office, "").await.unwrap();
        for stranger in 0..30 {
            tried(&access, "zhang", &format!("203.0.113.{stranger}")).await;
        }
        let elsewhere = access.sign_in("zhang", right.into(), morning(), "198.51.100.1", "").await;
        assert!(matches!(elsewhere, Err(Error::TooMany { .. })));
        access.sign_in("zhang", right.into(), morning(), office, "").await.unwrap();
    }

    async fn tries_at_the_same_moment_are_counted_together(db: Db) {
        let access = ready(db).await;
        let flood: Vec<_> = (0..25)
            .map(|_| {
                let access = access.clone();
                tokio::spawn(async move { tried(&access, "zhang", "10.0.0.1").await })
            })
            .collect();
        let mut checked = 0;
        for try_ in flood {
            checked += usize::from(try_.await.unwrap().code() == "access-wrong_sign_in");
        }
        assert!(checked <= 10, "{checked}");
    }

    async fn a_failed_sign_in_is_in_the_audit_and_a_flood_once(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        for _ in 0..15 {
            tried(&access, "zhang", "10.0.0.1").await;
        }
        assert_eq!(seen(&access, "user.sign_in_failed").await, 10);
        assert_eq!(seen(&access, "user.sign_in_held_back").await, 1);
        let entries = access.audit(&boss(), None, "", 200).await.unwrap();
        let held_back = entries.iter().find(|entry| entry.action == "user.sign_in_held_back").unwrap();
        assert_eq!(held_back.object_id, id.as_str());
        assert_eq!(held_back.detail["address"], "10.0.0.1");
    }

    async fn what_was_typed_for_an_unknown_login_is_not_kept_in_the_audit(db: Db) {
        let access = ready(db).await;
        tried(&access, "three ships at sea", "10.0.0.1").await;
        let entries = access.audit(&boss(), None, "", 200).await.unwrap();
        let failed = entries.iter().find(|entry| entry.action == "user.sign_in_failed").unwrap();
        assert!(!format!("{failed:?}").contains("three ships"), "{failed:?}");
    }

    async fn whoever_finds_an_open_session_does_not_guess_the_password_for_long(db: Db) {
        let access = ready(db).await;
        let me = with_password(&access, "zhang").await;
        let set = async |old: &str, now| {
            let me = Actor { now, ..me.clone() };
            access.set_own_password(&me, old.into(), "four ships at sea".into()).await
        };
        for _ in 0..10 {
            assert!(matches!(set("wrong", morning()).await, Err(Error::Invalid(_))));
        }
        assert!(matches!(set("three ships at sea", morning()).await, Err(Error::TooMany { .. })));
        set("three ships at sea", morning() + Duration::minutes(16)).await.unwrap();
    }
}
