use access::user::Status;
use access::{Access, UserChange};
use base::{Day, Error, UserId};
use chrono::Duration;

use crate::{VIEW, actor, boss, morning, ready, somebody};

fn december() -> Day {
    "2026-12-24".parse().unwrap()
}

async fn key(access: &Access, user: &UserId) -> access::NewKey {
    access.create_key(&boss(), user, "warehouse", &[VIEW.0], december()).await.unwrap()
}

db::db_tests! {
    async fn a_key_has_only_the_rights_it_names(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "administrator").await;
        let made = key(&access, &id).await;
        assert!(made.secret.starts_with("hk_"));
        let program = access.identify_key(&made.secret, morning()).await.unwrap().unwrap();
        assert!(program.has(VIEW) && !program.has(access::USERS));
        assert!(access.identify_key("hk_0000", morning()).await.unwrap().is_none());
    }

    async fn a_key_works_to_the_end_of_its_last_day_in_china(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let made = key(&access, &id).await;
        let midnight = "2026-12-24T16:00:00Z".parse().unwrap();
        assert!(access.identify_key(&made.secret, midnight - Duration::seconds(1)).await.unwrap().is_some());
        assert!(access.identify_key(&made.secret, midnight).await.unwrap().is_none());
        assert_eq!(access.keys(&boss()).await.unwrap()[0].last_day(), december());
    }

    async fn a_key_names_nothing_that_its_user_may_not_do(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let more = access.create_key(&boss(), &id, "warehouse", &[access::USERS.0], december()).await.unwrap_err();
        assert_eq!(more.code(), "access-grants_more");
        for day in ["2026-11-22", "2027-11-24"] {
            let odd = access.create_key(&boss(), &id, "warehouse", &[VIEW.0], day.parse().unwrap()).await;
            assert!(matches!(odd, Err(Error::Invalid(_))), "{day}");
        }
        let far = ["9999-12-31", "-0001-01-01"].map(|day| day.parse().unwrap());
        for day in far.into_iter().chain([Day::MIN, Day::MAX]) {
            let odd = access.create_key(&boss(), &id, "warehouse", &[VIEW.0], day).await;
            assert!(matches!(odd, Err(Error::Invalid(_))), "{day}");
        }
        let odd = access.create_key(&boss(), &id, "warehouse", &["customers.steal"], december()).await;
        assert!(matches!(odd, Err(Error::Invalid(_))));
        let none = access.create_key(&boss(), &id, "warehouse", &[], december()).await;
        assert!(matches!(none, Err(Error::Invalid(_))));
    }

    async fn a_sales_rep_makes_no_keys_and_a_key_makes_no_other(db: Db) {
        let access = ready(db).await;
        let rep = somebody(&access, "zhang", "sales_rep").await;
        let me = actor(&access, &rep).await;
        let own = access.create_key(&me, &rep, "mine", &[VIEW.0], december()).await;
        assert!(matches!(own, Err(Error::Forbidden)));
        let administrator = somebody(&access, "boss", "administrator").await;
        let scopes = [access::KEYS.0, access::USERS.0];
        let wide = access.create_key(&boss(), &administrator, "wide", &scopes, december()).await.unwrap();
        let program = access.identify_key(&wide.secret, morning()).await.unwrap().unwrap();
        let again = access.create_key(&program, &administrator, "again", &scopes, december()).await;
        assert!(matches!(again, Err(Error::Forbidden)));
    }

    async fn a_revoked_key_and_the_key_of_a_disabled_user_are_nobody(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let (first, second) = (key(&access, &id).await, key(&access, &id).await);
        access.end_key(&boss(), &first.id).await.unwrap();
        assert!(access.identify_key(&first.secret, morning()).await.unwrap().is_none());
        let (user, roles) = access.user(&boss(), &id).await.unwrap();
        let change = UserChange { roles, status: Status::Disabled, ..UserChange::from(&user) };
        access.change_user(&boss(), &id, change).await.unwrap();
        assert!(access.identify_key(&second.secret, morning()).await.unwrap().is_none());
    }

    async fn the_use_of_a_key_is_noted_once_an_hour(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let made = key(&access, &id).await;
        for minutes in [0, 59, 60] {
            access.identify_key(&made.secret, morning() + Duration::minutes(minutes)).await.unwrap();
            let noted = access.keys(&boss()).await.unwrap()[0].last_used_at.unwrap();
            let expected = if minutes < 60 { morning() } else { morning() + Duration::minutes(60) };
            assert_eq!(noted, expected);
        }
    }

    async fn a_sales_rep_sees_and_ends_only_his_own_keys(db: Db) {
        let access = ready(db).await;
        let (zhang, li) = (somebody(&access, "zhang", "sales_rep").await, somebody(&access, "li", "sales_rep").await);
        let (own, other) = (key(&access, &zhang).await, key(&access, &li).await);
        let me = actor(&access, &zhang).await;
        assert_eq!(access.keys(&me).await.unwrap().len(), 1);
        assert!(matches!(access.end_key(&me, &other.id).await, Err(Error::NotFound)));
        access.end_key(&me, &own.id).await.unwrap();
    }
}
