use access::session;
use base::Error;
use chrono::Duration;

use crate::{VIEW, actor, boss, cookie, morning, ready, somebody};

db::db_tests! {
    async fn a_link_works_once(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let link = access.create_link(&boss(), &id).await.unwrap();
        assert_eq!(access.link_owner(&link, morning()).await.unwrap().login, "zhang");
        let cookie = access.redeem_link(&link, morning(), "10.0.0.1", "test").await.unwrap().session().unwrap();
        let actor = access.identify_session(&cookie, morning()).await.unwrap().unwrap();
        assert_eq!(actor.user_id(), Some(&id));
        let again = access.redeem_link(&link, morning(), "10.0.0.1", "test").await.unwrap_err();
        assert_eq!(again.code(), "access-link_over");
    }

    async fn an_expired_link_is_refused_with_a_sentence(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let link = access.create_link(&boss(), &id).await.unwrap();
        let late = morning() + Duration::minutes(31);
        assert_eq!(access.link_owner(&link, late).await.unwrap_err().code(), "access-link_over");
        assert_eq!(access.redeem_link(&link, late, "", "").await.unwrap_err().code(), "access-link_over");
    }

    async fn the_first_start_makes_one_administrator_and_never_another(db: Db) {
        let access = ready(db).await;
        let lost = access.first_setup(morning()).await.unwrap().unwrap();
        let token = access.first_setup(morning()).await.unwrap().unwrap();
        assert_eq!(access.link_owner(&lost, morning()).await.unwrap_err().code(), "access-link_over");
        assert_eq!(access.users(&boss()).await.unwrap().0.len(), 1);
        let evening = morning() + Duration::hours(23);
        let cookie = access.redeem_link(&token, evening, "", "").await.unwrap().session().unwrap();
        let actor = access.identify_session(&cookie, evening).await.unwrap().unwrap();
        assert!(actor.has(access::USERS) && actor.has(VIEW));
        assert_eq!(actor.name, "管理员");
        assert_eq!(access.first_setup(evening).await.unwrap(), None);
    }

    async fn a_session_ends_when_nobody_uses_it_and_after_a_week_at_the_latest(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let idle = cookie(&access, &id).await;
        let later = morning() + session::IDLE + Duration::seconds(1);
        assert!(access.identify_session(&idle, later).await.unwrap().is_none());
        let used = cookie(&access, &id).await;
        let mut now = morning();
        while now < morning() + session::LONGEST {
            assert!(access.identify_session(&used, now).await.unwrap().is_some(), "{now}");
            now += Duration::hours(8);
        }
        assert!(access.identify_session(&used, now).await.unwrap().is_none());
    }

    async fn an_unknown_login_is_answered_like_a_wrong_password(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let me = actor(&access, &id).await;
        access.set_own_password(&me, String::new(), "three ships at sea".into()).await.unwrap();
        let known = access.sign_in("zhang", "wrong".into(), morning(), "a", "").await.unwrap_err();
        let unknown = access.sign_in("nobody", "wrong".into(), morning(), "a", "").await.unwrap_err();
        assert_eq!(known.message(), unknown.message());
        assert_eq!(known.code(), "access-wrong_sign_in");
        let entry = access.sign_in(" ZHANG ", "three ships at sea".into(), morning(), "a", "").await.unwrap();
        let cookie = entry.session().unwrap();
        assert!(access.identify_session(&cookie, morning()).await.unwrap().is_some());
    }

    async fn the_eleventh_try_waits_and_strangers_elsewhere_lock_nobody_out(db: Db) {
        let access = ready(db).await;
        for _ in 0..10 {
            let tried = access.sign_in("zhang", "x".into(), morning(), "a", "").await.unwrap_err();
            assert_eq!(tried.code(), "access-wrong_sign_in");
        }
        let eleventh = access.sign_in("zhang", "x".into(), morning(), "a", "").await.unwrap_err();
        assert!(matches!(eleventh, Error::TooMany { .. }));
        let elsewhere = access.sign_in("zhang", "x".into(), morning(), "b", "").await.unwrap_err();
        assert_eq!(elsewhere.code(), "access-wrong_sign_in");
        let later = morning() + Duration::minutes(16);
        let again = access.sign_in("zhang", "x".into(), later, "a", "").await.unwrap_err();
        assert_eq!(again.code(), "access-wrong_sign_in");
    }

    async fn a_new_password_ends_every_session(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let old = cookie(&access, &id).await;
        let me = actor(&access, &id).await;
        let short = access.set_own_password(&me, String::new(), "short".into()).await.unwrap_err();
        assert!(matches!(short, Error::Invalid(_)));
        access.set_own_password(&me, String::new(), "three ships at sea".into()).await.unwrap();
        assert!(access.identify_session(&old, morning()).await.unwrap().is_none());
    }

    async fn nobody_ends_the_session_of_another_without_the_right(db: Db) {
        let access = ready(db).await;
        let zhang = somebody(&access, "zhang", "sales_rep").await;
        let li = somebody(&access, "li", "sales_rep").await;
        let me = actor(&access, &zhang).await;
        let theirs = actor(&access, &li).await;
        let session = access.own_sessions(&theirs).await.unwrap().remove(0).token_hash;
        assert!(matches!(access.end_session(&me, &session).await, Err(Error::NotFound)));
        access.end_session(&theirs, &session).await.unwrap();
        assert!(access.own_sessions(&theirs).await.unwrap().is_empty());
    }
}
