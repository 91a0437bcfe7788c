use access::{Access, Entry, Offer};
use base::{Actor, Error, Instant, UserId};
use chrono::Duration;
use totp_rs::{Builder, Secret};

use crate::{actor, boss, cookie, morning, ready, somebody};

/// What the app shows at a moment.
fn shown(offer: &Offer, at: Instant) -> String {
    let secret = Secret::try_from_base32(&offer.secret).unwrap();
    let app = Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
    app.generate(at.timestamp().unsigned_abs()).to_string()
}

/// With codes turned on in the morning.
async fn with_codes(access: &Access, login: &str) -> (UserId, Actor, Offer, Vec<String>) {
    let id = somebody(access, login, "sales_rep").await;
    let me = actor(access, &id).await;
    access.offer_code(&me).await.unwrap();
    let offer = access.offered_code(&me).await.unwrap().unwrap();
    let recovery = access.confirm_code(&me, &shown(&offer, morning())).await.unwrap();
    (id, me, offer, recovery)
}

/// As far as a link brings somebody with codes.
async fn half_way(access: &Access, id: &UserId, now: Instant) -> String {
    let link = access.create_link(&boss(), id).await.unwrap();
    match access.redeem_link(&link, now, "", "").await.unwrap() {
        Entry::AsksCode(token) => token,
        Entry::In(_) => String::new(),
    }
}

async fn finish(access: &Access, token: &str, code: &str, now: Instant) -> Result<String, Error> {
    access.finish_with_code(token, code, now, "", "").await
}

db::db_tests! {
    async fn a_link_alone_does_not_let_in_who_turned_codes_on(db: Db) {
        let access = ready(db).await;
        let (id, _, offer, _) = with_codes(&access, "zhang").await;
        let later = morning() + Duration::minutes(2);
        let token = half_way(&access, &id, later).await;
        assert!(access.identify_session(&token, later).await.unwrap().is_none());
        let session = finish(&access, &token, &shown(&offer, later), later).await.unwrap();
        assert!(access.identify_session(&session, later).await.unwrap().is_some());
    }

    async fn whoever_is_signed_in_elsewhere_is_asked_for_the_code_too(db: Db) {
        let access = ready(db).await;
        let id = somebody(&access, "zhang", "sales_rep").await;
        let elsewhere = cookie(&access, &id).await;
        let here = cookie(&access, &id).await;
        let me = access.identify_session(&here, morning()).await.unwrap().unwrap();
        access.offer_code(&me).await.unwrap();
        let offer = access.offered_code(&me).await.unwrap().unwrap();
        access.confirm_code(&me, &shown(&offer, morning())).await.unwrap();
        assert!(access.identify_session(&elsewhere, morning()).await.unwrap().is_none());
        assert!(access.identify_session(&here, morning()).await.unwrap().is_some());
    }

    async fn a_code_is_not_accepted_twice(db: Db) {
        let access = ready(db).await;
        let (id, _, offer, _) = with_codes(&access, "zhang").await;
        let confirmed_with = shown(&offer, morning());
        let token = half_way(&access, &id, morning()).await;
        assert!(matches!(finish(&access, &token, &confirmed_with, morning()).await, Err(Error::Invalid(_))));
        let later = morning() + Duration::minutes(2);
        let code = shown(&offer, later);
        let token = half_way(&access, &id, later).await;
        finish(&access, &token, &code, later).await.unwrap();
        let again = half_way(&access, &id, later).await;
        assert!(matches!(finish(&access, &again, &code, later).await, Err(Error::Invalid(_))));
    }

    async fn a_recovery_code_works_once_however_it_is_typed(db: Db) {
        let access = ready(db).await;
        let (id, me, _, recovery) = with_codes(&access, "zhang").await;
        assert_eq!(access.recovery_codes_left(&me).await.unwrap(), 10);
        let typed = recovery[3].replace('-', " ").to_uppercase();
        let token = half_way(&access, &id, morning()).await;
        finish(&access, &token, &typed, morning()).await.unwrap();
        assert_eq!(access.recovery_codes_left(&me).await.unwrap(), 9);
        let token = half_way(&access, &id, morning()).await;
        assert!(matches!(finish(&access, &token, &typed, morning()).await, Err(Error::Invalid(_))));
    }

    async fn guessing_codes_is_throttled_and_the_right_one_does_not_help_then(db: Db) {
        let access = ready(db).await;
        let (id, _, offer, _) = with_codes(&access, "zhang").await;
        let later = morning() + Duration::minutes(2);
        let token = half_way(&access, &id, later).await;
        for _ in 0..10 {
            assert!(matches!(finish(&access, &token, "000000", later).await, Err(Error::Invalid(_))));
        }
        let right = finish(&access, &token, &shown(&offer, later), later).await;
        assert!(matches!(right, Err(Error::TooMany { .. })));
    }

    async fn the_first_half_of_a_sign_in_is_over_after_five_minutes(db: Db) {
        let access = ready(db).await;
        let (id, _, offer, _) = with_codes(&access, "zhang").await;
        let token = half_way(&access, &id, morning()).await;
        let late = morning() + access::HALF_WAY;
        let refused = finish(&access, &token, &shown(&offer, late), late).await.unwrap_err();
        assert_eq!(refused.code(), "access-code_over");
        let made_up = finish(&access, "00", &shown(&offer, morning()), morning()).await.unwrap_err();
        assert_eq!(made_up.code(), "access-code_over");
    }

    async fn an_open_session_alone_does_not_turn_codes_off(db: Db) {
        let access = ready(db).await;
        let (_, me, offer, _) = with_codes(&access, "zhang").await;
        assert!(access.stop_code(&me, "", String::new()).await.is_err());
        assert!(access.stop_code(&me, "000000", String::new()).await.is_err());
        assert!(access.asks_code(&me).await.unwrap());
        let later = Actor { now: morning() + Duration::minutes(2), ..me };
        access.stop_code(&later, &shown(&offer, later.now), String::new()).await.unwrap();
        assert!(!access.asks_code(&later).await.unwrap());
        assert_eq!(access.recovery_codes_left(&later).await.unwrap(), 0);
    }

    async fn the_password_turns_codes_off_too(db: Db) {
        let access = ready(db).await;
        let (_, me, _, _) = with_codes(&access, "zhang").await;
        access.set_own_password(&me, String::new(), "three ships at sea".into()).await.unwrap();
        assert!(access.stop_code(&me, "", "wrong".into()).await.is_err());
        access.stop_code(&me, "", "three ships at sea".into()).await.unwrap();
        assert!(!access.asks_code(&me).await.unwrap());
    }

    async fn an_administrator_lets_in_who_lost_his_phone(db: Db) {
        let access = ready(db).await;
        let (id, me, _, recovery) = with_codes(&access, "zhang").await;
        assert!(matches!(access.reset_code(&me, &id).await, Err(Error::Forbidden)));
        let waiting = half_way(&access, &id, morning()).await;
        access.reset_code(&boss(), &id).await.unwrap();
        assert!(finish(&access, &waiting, &recovery[0], morning()).await.is_err());
        let link = access.create_link(&boss(), &id).await.unwrap();
        assert!(access.redeem_link(&link, morning(), "", "").await.unwrap().session().is_some());
    }

    async fn what_the_database_holds_of_a_secret_is_sealed(db: Db) {
        let access = ready(db).await;
        let (id, _, offer, recovery) = with_codes(&access, "zhang").await;
        let (user, _) = access.user(&boss(), &id).await.unwrap();
        let stored = format!("{user:?}");
        assert!(!stored.contains(&offer.secret) && !stored.contains(&recovery[0]));
    }
}
